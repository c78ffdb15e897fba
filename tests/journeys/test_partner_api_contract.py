"""The live partner API keeps to its own description, whoever asks and whatever is sent.

Hypothesis prints the seed of a run that fails. `make api-cases` asks as many times as IEUM_API_CASES says.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import requests
from schemathesis.core.failures import FailureGroup, ServerError
from schemathesis.openapi.checks import JsonSchemaError, UndefinedStatusCode

from portal.domain.actors import Role
from portal.domain.api_clients import Scope
from portal.domain.links import LinkProposal
from portal.services import api_clients, links
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.api import register
from tests.factories import AT, actor, make_official
from tests.journeys.conftest import Server
from tests.journeys.contract import CASES, FEW, KINDS, Asking, Kind, ask_everything, walk
from tests.listening import listening
from tests.settled import Office, line

EVERYTHING, NOBODY = KINDS[0], KINDS[-1]
ASKING = [kind for kind in KINDS if CASES or kind.often]
WALKING = KINDS[:3] if CASES else KINDS[:1]


@pytest.fixture
def asking(server: Server) -> Callable[[Kind], Asking]:
    """Somebody of a kind; the world behind has links of each platform and a delivery with refused rows."""
    with server.session() as session:
        store = server.settings.store
        office = Office(session, stores_under(store), LineStore(store))
        shop = office.grant()
        for platform, store_id in [("yogiyo", "S1"), *(("baemin", f"S{number}") for number in range(1, 9))]:
            proposal = LinkProposal(platform, store_id, date(2026, 3, 1))
            links.propose(session, shop.merchant.id, proposal, by=actor(shop.owner), at=AT)
        office.deliver([line("S1", "2026-05-03 12:00"), line("S1", "2026-06-03 12:00")], "2026-05")

    def made(kind: Kind) -> Asking:
        if not kind.token:
            return Asking(server.url, "")
        with server.session() as session:
            admin = make_official(session, Role.ADMINISTRATOR)
            signed = kind.signed or "signature" in kind.name
            issued = register(session, by=admin, scopes=kind.scopes, sandbox=kind.sandbox, signed=signed)
            token = f"token-of-{issued.client.id}"
            api_clients.issue_token(session, issued.client, token, "", at=AT)
            if kind.ended:
                api_clients.revoke(session, issued.client.id, by=actor(admin), at=AT)
            return Asking(server.url, token, issued.signing_key if kind.signed else "")

    return made


@pytest.fixture
def document(server: Server) -> dict[str, Any]:
    return requests.get(f"{server.url}/api/v1/openapi.json", timeout=60).json()


@contextmanager
def found(kind: type[Exception]) -> Generator[None]:
    """Schemathesis reports this kind of failure inside."""
    with pytest.raises(FailureGroup) as failures:
        yield
    assert kind in {type(failure) for failure in failures.value.exceptions}


@pytest.mark.parametrize("kind", ASKING, ids=lambda kind: kind.name)
def test_no_answer_is_a_mishap_or_undocumented(document: dict[str, Any], asking, kind: Kind) -> None:
    examples = CASES // len(KINDS) // 11 or FEW
    seen = ask_everything(document, asking(kind), examples=examples)
    print(f"{kind.name}: {seen.total()} cases, {dict(sorted(seen.items()))}")
    assert seen.total() >= examples * 9, seen
    assert kind.expected <= set(seen), seen


@pytest.mark.parametrize("kind", WALKING, ids=lambda kind: kind.name)
def test_what_answers_lead_to_answers_as_described(document: dict[str, Any], asking, kind: Kind) -> None:
    seen = walk(document, asking(kind), walks=CASES // 500 or FEW)
    print(f"walks of {kind.name}: {seen.total()} cases, {dict(sorted(seen.items()))}")
    assert seen[200] > 0


def test_an_answer_that_is_not_described_is_found(document: dict[str, Any], asking: Callable[[Kind], Asking]) -> None:
    """The control: 401 is struck from the description of a route that answers it."""
    del document["paths"]["/api/v1/links"]["get"]["responses"]["401"]
    with found(UndefinedStatusCode):
        ask_everything(document, asking(NOBODY), only="/api/v1/links")


def test_an_answer_of_another_form_is_found(document: dict[str, Any], asking: Callable[[Kind], Asking]) -> None:
    document["components"]["schemas"]["Client"]["properties"]["platform"] = {"type": "integer"}
    with found(JsonSchemaError):
        ask_everything(document, asking(EVERYTHING), only="/api/v1/client")


def test_a_mishap_is_found(document: dict[str, Any]) -> None:
    with listening() as broken:
        broken.answers = [500] * 100
        with found(ServerError):
            ask_everything(document, Asking(broken.url.removesuffix("/hook"), "x"), only="/api/v1/token")


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
    delivered = document["paths"]["/api/v1/batches"]["post"]["responses"]["201"]
    assert set(delivered["links"]) == {"batches_show", "batches_refused"}
    assert "content" in delivered
