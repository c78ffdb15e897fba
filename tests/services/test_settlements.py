"""Settlement files are taken in whole: every row accepted or refused, and nothing of a file that cannot be read."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pyarrow.parquet as pq
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import FileRefused, Incomplete, NotFound, NotPermitted
from portal.domain.settlements import DeliverSettlement, received_seq
from portal.models.settlements import Delivery
from portal.queries import audit
from portal.queries import settlements as look_up
from portal.services import settlements
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation
from tests.settled import HEADER, csv_of, line
from tests.stored import names

GOOD = [line("S1", "2026-05-03 12:00", order_no="A1"), line("S2", "2026-05-04 12:00", order_no="A2", fee=4_000)]
BAD = line("S1", "2026-06-01 00:00", order_no="A3")


def command(content: bytes, *, platform: str = "baemin", period: str = "2026-05") -> DeliverSettlement:
    return DeliverSettlement(platform, period, "may.csv", io.BytesIO(content))


@pytest.fixture
def deliver(session: Session, stores: Stores, lines: LineStore):
    by = actor(make_official(session, Role.REVIEWER))
    return lambda content, **more: settlements.deliver(session, stores, lines, command(content, **more), by=by, at=AT)


def test_every_row_is_accepted_or_refused(session: Session, stores: Stores, deliver) -> None:
    delivery = deliver(csv_of([*GOOD, BAD])).delivery
    assert (delivery.received_rows, delivery.accepted, delivery.refused) == (3, 2, 1)
    assert delivery.outcome["totals"]["delivery_fee"] == 7_000
    assert delivery.outcome["problems_by_code"] == {"outside_month": 1}
    refused = list(settlements.refused_rows(stores, delivery))
    assert [(row.row, [problem.code for problem in row.problems]) for row in refused] == [(3, ["outside_month"])]
    assert stores.deliveries.read(delivery.sha256) == csv_of([*GOOD, BAD])
    assert "deliver" in audit.done_by(session, "delivery", delivery.id)


def test_the_same_bytes_again_get_the_first_answer(session: Session, lines: LineStore, deliver) -> None:
    first = deliver(csv_of(GOOD))
    again = deliver(csv_of(GOOD))
    assert (first.again, again.again, again.delivery.id) == (False, True, first.delivery.id)
    assert session.scalar(select(func.count()).select_from(Delivery)) == 1
    assert lines.count() == 2


def test_the_same_bytes_for_another_month_are_another_delivery(deliver) -> None:
    first = deliver(csv_of(GOOD))
    other = deliver(csv_of(GOOD), period="2026-06")
    assert (other.again, other.delivery.accepted, other.delivery.refused) == (False, 0, 2)
    assert other.delivery.id != first.delivery.id


BROKEN = {
    "empty": (b"", "empty_file", ""),
    "header only": (csv_of([]), "no_rows", ""),
    "missing column": (csv_of([row[:1] + row[2:] for row in [HEADER, *GOOD]][1:]).replace(b"store_id,", b"", 1),
                       "missing_column", "store_id"),
    "unknown column": (csv_of(GOOD).replace(b"payment_fee", b"payment_fee,note", 1), "unknown_column", "note"),
    "a PDF": (b"%PDF-1.4\n%%EOF", "wrong_type", ""),
    "a workbook in name only": (b"PK\x03\x04" + b"\0" * 60, "other_ending", "may.csv"),
    "one endless line": (b"a" * 5_000_000, "line_too_long", ""),
    "semicolons": (csv_of(GOOD).replace(b",", b";"), "wrong_delimiter", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_of_a_file_that_cannot_be_read_nothing_is_kept(
    session: Session, stores: Stores, lines: LineStore, deliver, name: str
) -> None:
    content, code, value = BROKEN[name]
    with pytest.raises(FileRefused) as refused:
        deliver(content)
    session.rollback()
    problem = refused.value.problems[0]
    assert (problem.code, problem.field) == (code, "file")
    assert not value or problem.value == value
    assert session.scalar(select(func.count()).select_from(Delivery)) == 0
    assert (lines.count(), names(stores.deliveries), list(lines.aside().iterdir())) == (0, [], [])


def test_rows_in_two_encodings_are_refused_one_by_one(deliver) -> None:
    rows = csv_of([line("가게", "2026-05-03 12:00"), line("매장", "2026-05-04 12:00")]).split(b"\n")
    rows[2] = rows[2].decode().encode("cp949")
    delivery = deliver(b"\n".join(rows)).delivery
    assert (delivery.accepted, delivery.refused) == (1, 1)
    assert delivery.outcome["problems_by_code"] == {"bad_encoding": 1}


@pytest.mark.parametrize(("platform", "period"), [("nobody", "2026-05"), ("baemin", "2026-5"), ("../x", "2026-05")])
def test_an_unknown_platform_or_month_is_refused(deliver, platform: str, period: str) -> None:
    with pytest.raises(Incomplete):
        deliver(csv_of(GOOD), platform=platform, period=period)


def test_a_merchant_delivers_nothing(session: Session, stores: Stores, lines: LineStore) -> None:
    with pytest.raises(NotPermitted):
        settlements.deliver(session, stores, lines, command(csv_of(GOOD)), by=actor(make_merchant_user(session)), at=AT)


def test_another_organisation_sees_neither_delivery_nor_lines(session: Session, lines: LineStore, deliver) -> None:
    delivery = deliver(csv_of(GOOD)).delivery
    elsewhere = actor(
        make_official(session, Role.REVIEWER, organisation=make_organisation(session, "hadong", name="하동군(데모)"))
    )
    with pytest.raises(NotFound):
        look_up.of_organisation(session, delivery.id, elsewhere)
    assert look_up.page(session, elsewhere) == []
    assert settlements.taken_in(session, lines, elsewhere.organisation_id or 0).paths == []


def test_stores_nobody_linked_are_listed_by_their_orders(session: Session, lines: LineStore, deliver) -> None:
    deliver(csv_of([*GOOD, line("S2", "2026-05-09 12:00")]))
    by = actor(make_official(session, Role.REVIEWER))
    seen = settlements.unlinked_stores(session, lines, by)
    assert [(store.store_id, store.lines) for store in seen] == [("S2", 2), ("S1", 1)]


def test_a_page_of_deliveries_goes_on_after_the_last_one(
    session: Session, deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_up, "PAGE", 2)
    numbers = [deliver(csv_of([line("S1", f"2026-05-0{day} 12:00")])).delivery.id for day in (1, 2, 3)]
    by = actor(make_official(session, Role.REVIEWER))

    def ids(rows: Sequence[Delivery]) -> list[int]:
        return [row.id for row in rows]

    assert ids(look_up.page(session, by)) == numbers[:0:-1]
    assert ids(look_up.page(session, by, before=numbers[1])) == numbers[:1]
    assert ids(look_up.page(session, by, platform="yogiyo")) == []


def test_a_file_read_while_another_came_first_is_numbered_after_it(
    session: Session, stores: Stores, lines: LineStore, deliver
) -> None:
    by = actor(make_official(session, Role.REVIEWER))
    with settlements.reading(session, lines, command(csv_of(GOOD)), by=by) as read:
        earlier = deliver(csv_of([line("S1", "2026-05-09 12:00", order_no="A9")])).delivery
        later = settlements.store(session, stores, lines, read, by=by, at=AT).delivery
    assert read.number == earlier.id < later.id
    stored = pq.read_table(lines.path("baemin", "2026-05", later.id)).column("received_seq").to_pylist()
    assert stored == [received_seq(later.id, 1), received_seq(later.id, 2)]
    assert lines.verify("baemin", "2026-05", later.id, str(later.lines_sha256)).rows == 2


def test_a_file_read_while_the_same_came_first_is_stored_once(
    session: Session, stores: Stores, lines: LineStore, deliver
) -> None:
    by = actor(make_official(session, Role.REVIEWER))
    with settlements.reading(session, lines, command(csv_of(GOOD)), by=by) as read:
        first = deliver(csv_of(GOOD))
        again = settlements.store(session, stores, lines, read, by=by, at=AT)
    assert (again.again, again.delivery.id, lines.count()) == (True, first.delivery.id, 2)


def test_nobody_waits_for_a_file_that_is_being_read(session: Session, lines: LineStore) -> None:
    by = actor(make_official(session, Role.REVIEWER))
    session.commit()
    with settlements.reading(session, lines, command(csv_of(GOOD)), by=by):
        assert not session.in_transaction()
