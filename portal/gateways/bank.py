"""Speaks to the bank: one signed order, or one signed question by our reference (docs/reference/bank-api.md).

Only an answer in the agreed form is one. Everything else (an error, a page of some proxy, silence) is none, and what
could have left is never sent again from here.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import quote, urlsplit

import httpx

from portal.domain import bank_words
from portal.domain.bank_orders import BankAccess, Order, Outcome, Word
from portal.domain.signatures import HEADER, of_request, sign

_MOST = 64 * 1024  # bytes of an answer that are read


class Connection:
    """One worker's line to the bank, for many orders one after the other."""

    def __init__(self, access: BankAccess, client: httpx.Client) -> None:
        self._access, self._client = access, client

    def send(self, order: Order, *, at: datetime) -> Word:
        """Tells the bank to pay, under our reference. NOT_SENT only where not even a connection came about."""
        body = {
            "id": order.reference,
            "amount": order.amount,
            "bank_code": order.bank_code,
            "account_number": order.account_number,
            "holder": order.holder,
            "memo": order.memo,
        }
        word = self._said("POST", "/transfers", json.dumps(body, ensure_ascii=False).encode(), at=at)
        # "Never heard of it" answers a question; to an order it is none.
        return _about(order, word) if word.outcome is not Outcome.NEVER_HEARD else Word(Outcome.NO_ANSWER)

    def ask(self, order: Order, *, at: datetime) -> Word:
        """Asks what became of the order with our reference."""
        word = self._said("GET", f"/transfers/{quote(order.reference, safe='')}", b"", at=at)
        return _about(order, word) if word.outcome is not Outcome.NOT_SENT else Word(Outcome.NO_ANSWER)

    def _said(self, method: str, path: str, body: bytes, *, at: datetime) -> Word:
        url = self._access.url + path
        said = of_request(method, urlsplit(url).path, hashlib.sha256(body).hexdigest())
        headers = {"Content-Type": "application/json", HEADER: sign(self._access.key, said, at=at)}
        try:
            answer = self._answered(method, url, body, headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            return Word(Outcome.NOT_SENT)
        except (httpx.HTTPError, httpx.InvalidURL):
            return Word(Outcome.NO_ANSWER)
        return bank_words.read(answer)

    def _answered(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """The body of an answer, whatever its status; a deadline over all of it, and not more than is agreed."""
        ends, read = time.monotonic() + self._access.wait.total_seconds(), b""
        with self._client.stream(method, url, content=body, headers=dict(headers)) as response:
            for part in response.iter_bytes():
                read += part
                if len(read) > _MOST or time.monotonic() > ends:
                    raise httpx.ReadTimeout("an answer too long or too slow")
        return read


@contextmanager
def connected(access: BankAccess) -> Generator[Connection]:
    """Follows no redirect and no proxy of the environment."""
    with httpx.Client(timeout=access.wait.total_seconds(), follow_redirects=False, trust_env=False) as client:
        yield Connection(access, client)


def _about(order: Order, word: Word) -> Word:
    """An answer about another payment is none."""
    return word if word.reference in ("", order.reference) else Word(Outcome.NO_ANSWER)
