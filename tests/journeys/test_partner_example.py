"""The example of the docs works as printed, against a live portal: links, batches, statements, signatures, webhooks."""

from __future__ import annotations

import importlib.util
from datetime import UTC, date, datetime
from types import ModuleType

import pytest

from portal.app import create_app
from portal.config import ROOT
from portal.domain.actors import Role
from portal.domain.links import LinkProposal
from portal.jobs import post
from portal.services import links, webhooks
from portal.services.api_clients import Issued
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.api import register
from tests.factories import actor, make_official
from tests.journeys.conftest import Server
from tests.listening import listening
from tests.settled import HEADER, Office, line


@pytest.fixture
def at() -> datetime:
    """Signatures are about this very moment: the server's clock is the real one."""
    return datetime.now(UTC)


@pytest.fixture
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ieum_client", ROOT / "docs/examples/ieum_client.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def issued(server: Server) -> Issued:
    """A client that signs, and two links that wait for its platform's word."""
    with server.session() as session:
        session.expire_on_commit = False
        store = server.settings.store
        office = Office(session, stores_under(store), LineStore(store))
        for number in (1, 2):
            shop = office.grant()
            command = LinkProposal("baemin", f"S{number}", date(2026, 3, 1))
            links.propose(session, shop.merchant.id, command, by=actor(shop.owner), at=datetime.now(UTC))
        made = register(session, signed=True, at=datetime.now(UTC))
        assert made.client.public_id
        return made


def rows(count: int, *, month: str = "2026-05") -> list[dict[str, object]]:
    return [dict(zip(HEADER, line("S1", f"{month}-03 12:00"), strict=True)) for _ in range(count)]


def test_a_platforms_month_by_the_example(server: Server, example: ModuleType, issued: Issued) -> None:
    keys = issued.client.public_id, issued.secret
    with example.IeumClient(server.url, *keys, signing_key=issued.signing_key) as ieum:
        first, second = ieum.links(status="proposed")
        assert ieum.confirm_link(first["id"])["status"] == "confirmed"
        assert ieum.refuse_link(second["id"], "폐점한 매장입니다.")["status"] == "refused"
        with pytest.raises(example.Refused, match="invalid_transition"):
            ieum.confirm_link(second["id"])

        may = rows(3)
        batch = ieum.deliver("2026-05", may, key="may-2026-0001")
        assert (batch["accepted"], batch["refused"]) == (3, 0)
        assert ieum.deliver("2026-05", may, key="may-2026-0001")["id"] == batch["id"]
        streamed = ieum.deliver_stream("2026-05", [*rows(2), *rows(1, month="2026-06")])
        assert (streamed["accepted"], streamed["refused"]) == (2, 1)
        (refused,) = ieum.refused_rows(streamed["id"])
        assert (refused["row"], refused["problems"][0]["code"]) == (3, "outside_month")
        assert [found["id"] for found in ieum.batches()] == [streamed["id"], batch["id"]]
        assert ieum.state_month("2026-05", {"orders": 5})["agrees"] is True
        assert ieum.state_month("2026-05", {"orders": 6})["differences"] == {"orders": 1}
    with example.IeumClient(server.url, *keys) as unsigned, pytest.raises(example.Refused, match="signature_invalid"):
        list(unsigned.links())
    with (
        example.IeumClient(server.url, keys[0], "wrong") as wrong,
        pytest.raises(example.Refused, match="invalid_client"),
    ):
        list(wrong.links())


def test_a_webhook_is_recognised_by_the_example(server: Server, example: ModuleType, issued: Issued) -> None:
    with listening() as listener:
        with server.session() as session:
            admin, at = actor(make_official(session, Role.ADMINISTRATOR)), datetime.now(UTC)
            webhooks.register(session, issued.client.id, listener.url, loopback=True, by=admin, at=at)
        keys = issued.client.public_id, issued.secret
        with example.IeumClient(server.url, *keys, signing_key=issued.signing_key) as ieum:
            ieum.deliver("2026-05", rows(1, month="2026-06"))
        assert post(create_app(server.settings)) == 1
        ((headers, body),) = listener.took
    assert example.is_from_ieum(issued.signing_key, headers["Ieum-Signature"], body)
    assert not example.is_from_ieum(issued.signing_key, headers["Ieum-Signature"], body + b" ")
    assert not example.is_from_ieum("another", headers["Ieum-Signature"], body)


def test_everything_can_be_tried_in_a_new_sandbox(server: Server, example: ModuleType) -> None:
    with server.session() as session:
        session.expire_on_commit = False
        issued = register(session, sandbox=True, at=datetime.now(UTC))
        assert issued.client.public_id
    with example.IeumClient(server.url, issued.client.public_id, issued.secret) as ieum:
        said = [sentence.split(" ", 1)[1] for sentence in example.practise(ieum, "2026-05")]
    assert [each.split(": ", 1)[1] for each in said] == [
        "confirmed", "confirmed", "conflict, so refused", "3 accepted, 3 refused", "same_key_other_content",
        "same_key_other_content", "not_an_integer", "a later statement of an order", "{'cancelled': 1}",
    ]  # fmt: skip
