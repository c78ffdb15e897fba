"""Asks a live API everything its description allows and forbids, and checks each answer against the description."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from requests.auth import AuthBase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.domain import signatures
from portal.domain.api_clients import Scope
from tests.factories import AT

FEW = 4  # examples of each operation in an ordinary run of the tests
CASES = int(os.environ.get("IEUM_API_CASES") or 0)  # of a full run, all kinds of clients together
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
DEAR = {"/batches/stream": 8}  # so many times fewer examples of what starts a child for every good one
STEPS = 12
Schema = Any


@dataclass(frozen=True, slots=True)
class Kind:
    """Who asks. `expected`: statuses that must have been among the answers, or the asking asked for nothing."""

    name: str
    expected: frozenset[int]
    scopes: tuple[Scope, ...] = tuple(Scope)
    sandbox: bool = False
    signed: bool = False
    ended: bool = False
    token: bool = True
    often: bool = True  # also in an ordinary run


KINDS = (
    Kind("every scope", frozenset({200, 201, 400, 422})),
    Kind("practice", frozenset({200, 422}), sandbox=True),
    Kind("signed", frozenset({200, 422}), signed=True),
    Kind("signed without a signature", frozenset({401})),
    *(
        Kind(f"{scope.value} alone", frozenset({200, 403}), scopes=(scope,), often=scope is Scope.LINKS_READ)
        for scope in Scope
    ),
    Kind("revoked", frozenset({401}), ended=True),
    Kind("nobody", frozenset({401}), token=False),
)


class Asking(AuthBase):
    """Adds what a client sends with every request; counts the statuses of answers. The server's clock began at AT."""

    def __init__(self, url: str, token: str, signing_key: str = "") -> None:
        self.url, self._token, self._signing_key = url, token, signing_key
        self.seen: Counter[int] = Counter()
        self._began = time.monotonic()

    def __call__(self, r: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            r.headers["Authorization"] = f"Bearer {self._token}"
        if self._signing_key:
            sent: Any = r.body or b""
            digest = hashlib.sha256(sent.encode() if isinstance(sent, str) else sent).hexdigest()
            said = signatures.of_request(r.method or "", r.path_url, digest)
            at = AT + timedelta(seconds=time.monotonic() - self._began)
            r.headers[signatures.HEADER] = signatures.sign(self._signing_key, said, at=at)
        return r

    @property
    def call(self) -> dict[str, Any]:
        return {"base_url": self.url, "auth": self, "timeout": 60}


def ask_everything(document: dict[str, Any], asking: Asking, *, only: str = "", examples: int = FEW) -> Counter[int]:
    """Asks every operation (or the one `only`) with what fits its description and what does not; the statuses."""
    for operation in operations(schemathesis.openapi.from_dict(document)):
        if only in ("", operation.path):
            dear = next((times for path, times in DEAR.items() if operation.path.endswith(path)), 1)
            ask(operation, asking, max(2, examples // dear))
    return asking.seen


def operations(schema: Schema) -> Iterator[Any]:
    for result in schema.get_all_operations():
        yield result.ok()


def ask(operation: Any, asking: Asking, examples: int) -> None:
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def answered_as_described(case: Any) -> None:
        asking.seen[case.call_and_validate(checks=CHECKS, **asking.call).status_code] += 1

    answered_as_described()


def walk(document: dict[str, Any], asking: Asking, *, walks: int = FEW) -> Counter[int]:
    """Follows what answers lead to, STEPS requests a walk: a batch that was delivered, a link of the list."""

    class Walk(schemathesis.openapi.from_dict(document).as_state_machine()):  # ty: ignore[unsupported-base]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return asking.call

        def validate_response(self, response: Any, case: Any, additional_checks: Any = None, **_more: Any) -> None:
            asking.seen[response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=walks,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return asking.seen
