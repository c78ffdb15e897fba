"""Fills a ledger with postings of every kind over many days; reads exported journals with the programs of others."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from beancount.core.data import Transaction
from beancount.loader import load_string
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.ledger import RECIPES, Account, PostingKind
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.programmes import Programme
from portal.services import ledger

HLEDGER = shutil.which("hledger")
_NOTES = ("", "추경 감액", 'date:1999-01-01 ; "x" [2001-01-01]\\', "여러 줄\n\t적요 | a:b, c:d", "; 1 KRW = 2 USD")
Sums = dict[tuple[str, date], int]  # (account, day) -> won that came to it on that day, and went


def fill(session: Session, count: int, random: Random, *, by: Actor, at: datetime) -> None:
    """So many entries, none of them refused, over one or several budget lines; days go on, and sometimes back."""
    held: dict[int, dict[Account, int]] = defaultdict(lambda: defaultdict(int))
    for line in session.scalars(select(BudgetLine)):
        held[line.id][Account.AVAILABLE] = line.total
    for number in range(count):
        kind = random.choice(list(PostingKind))
        gives = RECIPES[kind].credit
        unlimited = gives in (Account.SOURCE, Account.DEMANDED)
        most = {line_id: 10**6 if unlimited else of[gives] for line_id, of in held.items()}
        could = [line_id for line_id, won in most.items() if won]
        chosen = random.sample(could, random.randint(1, min(3, len(could)))) if could else []
        amounts = {line_id: random.choice((1, most[line_id], random.randint(1, most[line_id]))) for line_id in chosen}
        if not amounts:
            continue
        moment = at + timedelta(days=number // 9, hours=random.choice((0, 14, 15, -20)))
        key, note = f"{kind}:no:{number}", random.choice(_NOTES)
        ledger.post(session, kind, amounts, source_key=key, by=by, at=moment, note=note)
        for line_id, won in amounts.items():
            held[line_id][gives] -= won
            held[line_id][RECIPES[kind].debit] += won
    session.flush()


def added_up(session: Session) -> Sums:
    """What the tables say, added up in Python: by `programme:year:source:account` and day."""
    sums: Sums = defaultdict(int)
    rows = session.execute(
        select(Programme.code, BudgetLine.fiscal_year, BudgetLine.source, LedgerEntry.posted_on, Posting)
        .join(BudgetLine, BudgetLine.id == Posting.budget_line_id)
        .join(Programme, Programme.id == BudgetLine.programme_id)
        .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
    )
    for code, year, source, day, posting in rows:
        for account, won in ((posting.debit, posting.amount), (posting.credit, -posting.amount)):
            sums[f"{code}:{year}:{source}:{account}", day] += won
    return {key: won for key, won in sums.items() if won}


def running(sums: Mapping[tuple[str, date], int], days: Iterable[date]) -> Sums:
    """Every account's balance at the end of every day."""
    found, of = {}, defaultdict(int)
    for day in sorted(days):
        for (account, when), won in sums.items():
            if when == day:
                of[account] += won
        found |= {(account, day): won for account, won in of.items()}
    return found


def read_by_beancount(text: str) -> tuple[Sums, list[str]]:
    """The same sums as beancount finds them, and everything it has against the journal."""
    entries, errors, _ = load_string(text)
    sums: Sums = defaultdict(int)
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            assert posting.units is not None
            assert posting.units.currency == "KRW"
            _, _, *rest = posting.account.split(":")
            sums[":".join(rest).lower(), entry.date] += _whole(posting.units.number)
    return {key: won for key, won in sums.items() if won}, [error.message for error in errors]


def read_by_hledger(path: Path) -> tuple[Sums, list[str]]:
    """The same sums as hledger finds them in its strict mode, and everything it has against the journal."""
    command = [str(HLEDGER), "-f", str(path), "--strict"]
    asked = [*command, "balance", "--daily", "--flat", "--no-total", "-O", "csv"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, env={"LANG": "C.UTF-8"})
    if done.returncode:
        return {}, [done.stderr]
    head, *rows = csv.reader(io.StringIO(done.stdout))
    days = [date.fromisoformat(day.split("..")[0]) for day in head[1:]]
    sums: Sums = {}
    for account, *cells in rows:
        _, rest = account.split(":", 1)
        sums |= {(rest, day): _whole(Decimal(_won(cell))) for day, cell in zip(days, cells, strict=True)}
    return {key: won for key, won in sums.items() if won}, []


def one_won_more(text: str, random: Random) -> str:
    """The journal with one amount of it, or one balance at its end, a won higher."""
    places = list(re.finditer(r"(?m)^[^;\n]*(?<!\d)(?P<won>\d+)(?= KRW)", text))  # not a number in a comment
    place = random.choice(places)
    return text[: place.start("won")] + str(int(place["won"]) + 1) + text[place.end("won") :]


def one_won_moved(text: str, random: Random) -> str:
    """The journal with one movement a won higher on both sides: it balances, and is wrong."""
    pairs = list(re.finditer(r"(?P<a>\d+) KRW\n +\S+  -(?P<b>\d+) KRW", text))
    pair = random.choice(pairs)
    more = pair.group().replace(pair["a"] + " KRW", f"{int(pair['a']) + 1} KRW")
    return text[: pair.start()] + more + text[pair.end() :]


def _won(cell: str) -> str:
    return cell.removesuffix(" KRW") or "0"


def _whole(number: Decimal | None) -> int:
    assert number is not None
    assert number == int(number)
    return int(number)
