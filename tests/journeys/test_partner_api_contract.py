"""The live partner API keeps to its own description, whoever asks and whatever is sent.

Hypothesis prints the seed of a run that fails; IEUM_API_EXAMPLES asks for more than the few examples of a test run.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup, ServerError
from schemathesis.openapi.checks import JsonSchemaError, UndefinedStatusCode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.domain.actors import Role
from portal.domain.api_clients import Scope
from portal.domain.links import LinkProposal
from portal.services import api_clients, links
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.api import register
from tests.factories import AT, actor, make_official
from tests.journeys.conftest import Server
from tests.listening import listening
from tests.settled import Office, line

EXAMPLES = int(os.environ.get("IEUM_API_EXAMPLES", "6"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EVERYTHING, READING, PRACTICE, ENDED, NOBODY = "every scope", "links:read alone", "practice", "ended", "nobody"
Schema = Any


@pytest.fixture
def tokens(server: Server) -> dict[str, str]:
    """A token of every role; the world behind them has a link of each platform and a delivery with refused rows."""
    made = {}
    with server.session() as session:
        store = server.settings.store
        office = Office(session, stores_under(store), LineStore(store))
        shop = office.grant()
        for platform in ("baemin", "yogiyo"):
            proposal = LinkProposal(platform, "S1", date(2026, 3, 1))
            links.propose(session, shop.merchant.id, proposal, by=actor(shop.owner), at=AT)
        office.deliver([line("S1", "2026-05-03 12:00"), line("S1", "2026-06-03 12:00")], "2026-05")
        admin = make_official(session, Role.ADMINISTRATOR)
        roles = {EVERYTHING: (tuple(Scope), False), READING: ([Scope.LINKS_READ], False),
                 PRACTICE: (tuple(Scope), True), ENDED: (tuple(Scope), False)}  # fmt: skip
        for role, (scopes, sandbox) in roles.items():
            client = register(session, by=admin, scopes=scopes, sandbox=sandbox).client
            made[role] = f"token-of-{client.id}"
            api_clients.issue_token(session, client, made[role], "", at=AT)
            if role == ENDED:
                api_clients.revoke(session, client.id, by=actor(admin), at=AT)
    return made | {NOBODY: ""}


@pytest.fixture
def document(server: Server) -> dict[str, Any]:
    return requests.get(f"{server.url}/api/v1/openapi.json", timeout=60).json()


def ask_everything(
    document: dict[str, Any], url: str, token: str, *, only: str = "", examples: int = EXAMPLES
) -> Counter[int]:
    """Asks every operation (or the one `only`) with what fits its description and what does not; the statuses."""
    seen: Counter[int] = Counter()
    for operation in operations(schemathesis.openapi.from_dict(document)):
        if only in ("", operation.path):
            ask(operation, url, token, seen, examples)
    return seen


def operations(schema: Schema) -> Iterator[Any]:
    for result in schema.get_all_operations():
        yield result.ok()


def ask(operation: Any, url: str, token: str, seen: Counter[int], examples: int) -> None:
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def answered_as_described(case: Any) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = case.call_and_validate(base_url=url, headers=headers, checks=CHECKS, timeout=60)
        seen[answer.status_code] += 1

    answered_as_described()


@contextmanager
def found(kind: type[Exception]) -> Generator[None]:
    """Schemathesis reports this kind of failure inside."""
    with pytest.raises(FailureGroup) as failures:
        yield
    assert kind in {type(failure) for failure in failures.value.exceptions}


@pytest.mark.parametrize(
    ("role", "expected"),
    [(EVERYTHING, {200, 201, 422}), (PRACTICE, {200, 422}), (READING, {200, 403}), (ENDED, {401}), (NOBODY, {401})],
)
def test_no_answer_is_a_mishap_or_undocumented(
    server: Server, document: dict[str, Any], tokens: dict[str, str], role: str, expected: set[int]
) -> None:
    seen = ask_everything(document, server.url, tokens[role])
    assert sum(seen.values()) >= EXAMPLES * 6, seen
    assert expected <= set(seen), seen


def test_an_answer_that_is_not_described_is_found(
    server: Server, document: dict[str, Any], tokens: dict[str, str]
) -> None:
    """The control: 401 is struck from the description of a route that answers it."""
    del document["paths"]["/api/v1/links"]["get"]["responses"]["401"]
    with found(UndefinedStatusCode):
        ask_everything(document, server.url, tokens[NOBODY], only="/api/v1/links")


def test_an_answer_of_another_form_is_found(server: Server, document: dict[str, Any], tokens: dict[str, str]) -> None:
    document["components"]["schemas"]["Client"]["properties"]["platform"] = {"type": "integer"}
    with found(JsonSchemaError):
        ask_everything(document, server.url, tokens[EVERYTHING], only="/api/v1/client")


def test_a_mishap_is_found(document: dict[str, Any]) -> None:
    with listening() as broken:
        broken.answers = [500] * 100
        with found(ServerError):
            ask_everything(document, broken.url.removesuffix("/hook"), "x", only="/api/v1/token")


def test_the_description_is_openapi_and_names_every_scope(document: dict[str, Any], server: Server) -> None:
    assert document["openapi"] == "3.1.0"
    flow = document["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
    assert set(flow["scopes"]) == {scope.value for scope in Scope}
    asked = {
        scope
        for path in document["paths"].values()
        for name, operation in path.items()
        if name in ("get", "post", "put")
        for each in operation["security"]
        for scope in each["oauth2"]
    }
    assert asked == set(flow["scopes"])
    posted = [path["post"]["responses"] for path in document["paths"].values() if "post" in path]
    assert all("400" in responses for responses in posted)
