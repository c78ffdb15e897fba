"""Orders told of twice differently wait for a decision; what is decided counts by an ordinary later statement."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.conflicts import DecideConflict, OrderConflict
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted
from portal.domain.settlements import received_seq
from portal.models.claims import Claim
from portal.models.conflicts import ConflictDecision
from portal.models.settlements import Delivery
from portal.queries import audit
from portal.services import claims, conflicts, reconcile
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.factories import AT, actor, make_official, make_organisation
from tests.settled import Office, line

DAY = "2026-05-03 12:00"


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def tell(office: Office, fee: int, *, order_no: str = "A1", period: str = "2026-05", status: str = "completed") -> int:
    """Delivers one order; the receipt of its statement. The second order makes every file one of its own bytes."""
    rows = [
        line("S1", f"{period}-03 12:00", fee=fee, order_no=order_no, status=status),
        line("S1", f"{period}-04 12:00"),
    ]
    return received_seq(office.deliver(rows, period).delivery.id, 1)


def waiting(office: Office, **more: int) -> list[OrderConflict]:
    return conflicts.waiting(office.session, office.lines, actor(office.reviewer), **more)


def decide(office: Office, number: int, counts: int, reason: str = "플랫폼에 확인함") -> ConflictDecision:
    command = DecideConflict(counts, reason)
    by = actor(office.reviewer)
    return conflicts.decide(office.session, office.stores, office.lines, number, command, by=by, at=AT)


def assessed(office: Office, period: str = "2026-05") -> int:
    """Won of the month's only claim that counts, drawn up anew."""
    by = actor(office.reviewer)
    claims.draw_up(office.session, office.stores, office.lines, office.code, period, by=by, at=AT)
    rows = office.session.scalars(select(Claim).where(Claim.status == "drawn_up", Claim.period == period))
    return sum(claim.payable for claim in rows)


def test_two_deliveries_that_disagree_show_both_versions_the_later_first(office: Office) -> None:
    earlier, later = tell(office, 3_000), tell(office, 2_000)
    (found,) = waiting(office)
    assert [each.received_seq for each in found.versions] == [later, earlier]
    assert [each.delivery_fee for each in found.versions] == [2_000, 3_000]
    assert (found.key.platform, found.key.order_no, found.across_months) == ("baemin", "A1", False)
    assert found.differing == ["delivery_fee"]
    assert found.deliveries == [later >> 24, earlier >> 24]


def test_a_cancellation_told_later_is_a_difference_too(office: Office) -> None:
    tell(office, 3_000)
    tell(office, 3_000, status="cancelled")
    assert [found.differing for found in waiting(office)] == [["status"]]


def test_what_is_told_alike_or_in_another_place_is_no_conflict(office: Office) -> None:
    tell(office, 3_000)
    tell(office, 3_000)
    tell(office, 9_000, order_no="A2")
    office.deliver([line("S1", DAY, fee=500, order_no="A1")], "2026-05", platform="yogiyo")
    assert waiting(office) == []


def test_texts_that_only_run_together_alike_are_told_apart(office: Office) -> None:
    office.deliver([line("S1|1", DAY, origin="x:1", order_no="A1")], "2026-05")
    office.deliver([line("S1", DAY, origin="x:1|1", order_no="A1")], "2026-05")
    assert [found.differing for found in waiting(office)] == [["store_id", "origin_key"]]


def test_an_order_told_in_files_of_two_months_is_found_too(office: Office) -> None:
    earlier = tell(office, 3_000, period="2026-04")
    assert waiting(office) == []
    later = tell(office, 3_000)
    (found,) = waiting(office)
    assert (found.across_months, found.periods, found.differing) == (True, ["2026-05", "2026-04"], ["ordered_at"])
    assert [each.received_seq for each in found.versions] == [later, earlier]
    assert conflicts.one(office.session, office.lines, later, actor(office.reviewer)) == found


def test_months_of_two_platforms_contradict_nobody(office: Office) -> None:
    tell(office, 3_000, period="2026-04")
    office.deliver([line("S1", DAY, order_no="A1")], "2026-05", platform="yogiyo")
    assert waiting(office) == []


@pytest.mark.parametrize(("right", "april", "may"), [("earlier", 3_000, 1_500), ("later", 1_500, 2_500)])
def test_an_order_of_two_months_counts_in_the_month_that_was_found_right(
    office: Office, right: str, april: int, may: int
) -> None:
    """Each month has one more order of 3,000 won, of which half is paid."""
    office.shop("S1")
    told = {"earlier": tell(office, 3_000, period="2026-04"), "later": tell(office, 2_000)}
    assert [assessed(office, month) for month in ("2026-04", "2026-05")] == [1_500, 2_500], "the later one, undecided"
    decision = decide(office, told["later"], told[right])
    assert decision.period == "2026-05"
    if right == "earlier":
        assert office.session.get_one(Delivery, decision.delivery_id).period == "2026-04"
    # First the month that may lose the order: what it claimed before still counts against the other one.
    assert [assessed(office, month) for month in ("2026-05", "2026-04")] == [may, april]
    assert waiting(office) == []
    tell(office, 1_000, period="2026-06")
    (found,) = waiting(office)
    assert found.periods == ["2026-06", "2026-04" if right == "earlier" else "2026-05"]


def test_versions_of_two_months_and_of_one_wait_together(office: Office) -> None:
    tell(office, 3_000, period="2026-04")
    tell(office, 3_000)
    later = tell(office, 2_000)
    (found,) = waiting(office)
    assert (found.number, found.periods) == (later, ["2026-05", "2026-05", "2026-04"])


def test_one_delivery_alone_contradicts_nobody(office: Office) -> None:
    tell(office, 3_000)
    assert waiting(office) == []


def test_the_later_counts_until_somebody_decides_and_the_earlier_after_that(office: Office) -> None:
    office.shop("S1")
    earlier, later = tell(office, 3_000), tell(office, 2_000)
    before = assessed(office)
    decision = decide(office, later, earlier)
    assert assessed(office) == before + 500
    restated = office.session.get_one(Delivery, decision.delivery_id)
    assert (restated.accepted, restated.refused, restated.filename) == (1, 0, f"decision-{later}.csv.gz")
    assert decision.counts == received_seq(restated.id, 1)
    assert "decide" in audit.done_by(office.session, "conflict_decision", decision.id)
    assert "deliver" in audit.done_by(office.session, "delivery", restated.id)
    assert office.lines.count() == 5


def test_that_the_later_one_counts_delivers_nothing(office: Office) -> None:
    office.shop("S1")
    _earlier, later = tell(office, 3_000), tell(office, 2_000)
    before = assessed(office)
    decision = decide(office, later, later)
    assert (decision.delivery_id, decision.counts, assessed(office)) == (None, later, before)


@pytest.mark.parametrize("right", ["earlier", "later"])
def test_a_decided_order_waits_no_more_until_a_delivery_says_otherwise(office: Office, right: str) -> None:
    told = {"earlier": tell(office, 3_000), "later": tell(office, 2_000)}
    decide(office, told["later"], told[right])
    assert waiting(office) == []
    agreed = {"earlier": 3_000, "later": 2_000}[right]
    tell(office, agreed)
    assert waiting(office) == []
    tell(office, 1_000)
    (found,) = waiting(office)
    assert [each.delivery_fee for each in found.versions] == [1_000, agreed]


def test_the_same_statement_is_restated_as_often_as_it_is_contradicted(office: Office) -> None:
    earlier, later = tell(office, 3_000), tell(office, 2_000)
    counts = decide(office, later, earlier).counts
    again = tell(office, 2_000)
    command, by = DecideConflict(counts, "또 확인함"), actor(office.reviewer)
    where = (office.session, office.stores, office.lines)
    second = conflicts.decide(*where, again, command, by=by, at=AT + timedelta(days=1))
    assert second.counts > again > counts
    assert waiting(office) == []


def test_a_conflict_is_decided_once(office: Office) -> None:
    earlier, later = tell(office, 3_000), tell(office, 2_000)
    decide(office, later, later)
    with pytest.raises(AlreadyDone):
        decide(office, later, earlier)


def test_a_conflict_that_moved_on_is_looked_at_again(office: Office) -> None:
    earlier, later = tell(office, 3_000), tell(office, 2_000)
    tell(office, 1_000)
    with pytest.raises(AlreadyDone):
        decide(office, later, earlier)
    assert [len(found.versions) for found in waiting(office)] == [3]


@pytest.mark.parametrize(("counts", "reason", "fields"), [(7, "확인함", ["counts"]), (None, " ", ["reason"])])
def test_a_decision_names_a_version_and_a_reason(
    office: Office, counts: int | None, reason: str, fields: list[str]
) -> None:
    _earlier, later = tell(office, 3_000), tell(office, 2_000)
    with pytest.raises(Incomplete) as refused:
        decide(office, later, later if counts is None else counts, reason)
    assert [problem.field for problem in refused.value.problems] == fields


def test_others_find_nothing_and_readers_decide_nothing(office: Office) -> None:
    _earlier, later = tell(office, 3_000), tell(office, 2_000)
    hadong = make_organisation(office.session, "hadong", name="하동군(데모)")
    other = actor(make_official(office.session, Role.REVIEWER, organisation=hadong))
    assert conflicts.waiting(office.session, office.lines, other) == []
    where = (office.session, office.stores, office.lines, later, DecideConflict(later, "확인함"))
    with pytest.raises(NotFound):
        conflicts.decide(*where, by=other, at=AT)
    with pytest.raises(NotPermitted):
        conflicts.decide(*where, by=actor(office.approver), at=AT)


def test_a_long_queue_comes_in_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "PAGE", 2)
    for fee in (3_000, 2_000):
        office.deliver([line("S1", DAY, fee=fee, order_no=f"A{number}") for number in range(5)], "2026-05")
    first = waiting(office)
    second = waiting(office, before=first[-1].number)
    third = waiting(office, before=second[-1].number)
    found = [[each.key.order_no for each in page] for page in (first, second, third)]
    assert found == [["A4", "A3"], ["A2", "A1"], ["A0"]]


def test_the_invariants_hold_after_a_decision_and_the_decision_stays(office: Office) -> None:
    office.shop("S1")
    earlier, later = tell(office, 3_000), tell(office, 2_000)
    assessed(office)
    decide(office, later, earlier)
    assessed(office)
    office.session.commit()
    files = reconcile.Files(office.stores, office.lines)
    assert [result for result in reconcile.check_all(office.session, files) if not result.holds] == []
    with pytest.raises(DBAPIError, match="append-only"):
        office.session.execute(text("UPDATE conflict_decision SET reason = 'x'"))
