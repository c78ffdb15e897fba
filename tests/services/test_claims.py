"""Claims are what the assessment says, month by month; what was approved stands, and differences become revisions."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.assessment import Reason
from portal.domain.claims import ClaimStatus as S
from portal.domain.errors import Incomplete, NotFound
from portal.models.claims import Claim
from portal.queries import claim_months, recovery_pages
from portal.queries import claims as look_up
from portal.services import assessments, claims
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.drawn_up import approve, draw_up, money, only_claim, parts
from tests.factories import AT, actor, make_official, make_organisation
from tests.settled import Office, line


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


def test_a_claim_holds_what_the_month_is_worth_by_platform_and_item(office: Office) -> None:
    shop = office.shop("S1")
    office.deliver(
        [line("S1", "2026-05-03 12:00", fee=3_333), line("S1", "2026-05-04 12:00", promotion=5_000)], "2026-05"
    )
    outcome = draw_up(office, "2026-05")
    claim = only_claim(office)
    assert (outcome.drawn_up, outcome.unchanged, outcome.superseded) == (1, 0, 0)
    assert (claim.merchant_id, claim.status, claim.lines) == (shop.merchant.id, S.DRAWN_UP, 3)
    assert (claim.exact_e4, claim.assessed, claim.payable) == (71_665_000, 7_160, 7_160)
    assert parts(claim) == {("baemin", "delivery"): 3_164, ("baemin", "promotion"): 3_996}


def test_stored_claims_are_what_the_assessment_computes_again(office: Office) -> None:
    for store in ("S1", "S2"):
        office.shop(store)
        for period in ("2026-04", "2026-05"):
            days = range(1, 25)
            office.deliver([line(store, f"{period}-{day:02d} 12:00", fee=3_000 + 7 * day) for day in days], period)
    for period in ("2026-04", "2026-05"):
        run = draw_up(office, period).run
        again = assessments.again(office.session, office.stores, office.lines, run)
        stored = office.session.scalars(select(Claim).where(Claim.run_id == run.id))
        assert again == {claim.merchant_id: claim.assessed for claim in stored}
        assert len(again) == 2
    recalled = assessments.recall(office.stores, run.inputs_sha256)
    assert recalled == assessments.gather(office.session, office.lines, office.reviewer.organisation_id or 0)


def test_a_run_is_computed_again_from_what_it_had_read_then(office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    run = draw_up(office, "2026-05").run
    office.shop("S2")
    office.deliver([line("S1", "2026-05-04 12:00"), line("S2", "2026-05-04 12:00")], "2026-05")
    again = assessments.again(office.session, office.stores, office.lines, run)
    assert again == {only_claim(office).merchant_id: 1_500}


def test_drawing_months_up_in_order_gives_what_all_at_once_gives(office: Office) -> None:
    """Cap of 100,000 won a month and 300,000 won a programme: the fourth month gets nothing."""
    office.shop("S1")
    for month in range(3, 7):
        period = f"2026-{month:02d}"
        rows = [line("S1", f"{period}-{day:02d} {hour}:00", fee=4_000) for day in range(1, 21) for hour in (11, 12, 13)]
        office.deliver(rows, period)
        draw_up(office, period)
    assert money(office) == [(f"2026-{month:02d}", 1, 100_000, 100_000) for month in (3, 4, 5)]
    before = money(office)
    assert draw_up(office, "2026-04").unchanged == 1
    assert money(office) == before


def test_a_month_is_drawn_up_without_reading_the_months_before_it(office: Office) -> None:
    office.shop("S1")
    rows = {
        month: [line("S1", f"2026-{month:02d}-05 {n // 60:02d}:{n % 60:02d}", fee=4_000) for n in range(60)]
        for month in (3, 4, 5, 6)
    }
    for month in (3, 4, 5):
        office.deliver(rows[month], f"2026-{month:02d}")
        draw_up(office, f"2026-{month:02d}")
    gone = [path for path in office.lines.paths() if path.parts[-2] < "2026-05"]
    assert len(gone) == 2
    office.deliver(rows[6], "2026-06")
    for path in gone:
        path.rename(path.with_suffix(".away"))
    draw_up(office, "2026-06")
    assert money(office)[-1] == ("2026-05", 1, 100_000, 100_000)
    for path in gone:
        path.with_suffix(".away").rename(path)
    assert draw_up(office, "2026-06").unchanged == 0


def test_drawing_up_twice_changes_nothing(office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(office, "2026-05")
    claim_id = only_claim(office).id
    again = draw_up(office, "2026-05")
    assert (again.drawn_up, again.unchanged, again.superseded) == (0, 1, 0)
    assert only_claim(office).id == claim_id
    approve(office, "2026-05")
    after = draw_up(office, "2026-05")
    assert (after.drawn_up, after.unchanged, after.superseded) == (0, 1, 0)


def test_new_lines_replace_a_claim_that_waits(office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(office, "2026-05")
    office.deliver([line("S1", "2026-05-04 12:00")], "2026-05")
    outcome = draw_up(office, "2026-05")
    assert (outcome.drawn_up, outcome.superseded) == (1, 1)
    assert money(office, S.SUPERSEDED) == [("2026-05", 1, 1_500, 1_500)]
    assert money(office, S.DRAWN_UP) == [("2026-05", 2, 3_000, 3_000)]


def test_new_lines_after_approval_make_a_revision_of_the_difference(office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(office, "2026-05")
    approve(office, "2026-05")
    office.deliver([line("S1", "2026-05-04 12:00", promotion=1_000)], "2026-05")
    draw_up(office, "2026-05")
    assert money(office) == [("2026-05", 1, 1_500, 1_500), ("2026-05", 2, 3_800, 2_300)]
    revision = only_claim(office, revision=2)
    assert parts(revision) == {("baemin", "delivery"): 1_500, ("baemin", "promotion"): 800}
    assert (revision.lines, [part.lines for part in revision.parts]) == (3, [1, 1])
    office.deliver([line("S1", "2026-05-05 12:00")], "2026-05")
    outcome = draw_up(office, "2026-05")
    assert (outcome.drawn_up, outcome.superseded) == (1, 1)
    assert money(office) == [("2026-05", 1, 1_500, 1_500), ("2026-05", 3, 5_300, 3_800)]


def test_a_revision_gives_the_new_platform_what_is_new(office: Office) -> None:
    shop = office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(office, "2026-05")
    approve(office, "2026-05")
    office.link(shop, "barogo")
    office.deliver([line("S1", "2026-05-04 12:00")], "2026-05", platform="barogo")
    draw_up(office, "2026-05")
    assert parts(only_claim(office, revision=2)) == {("baemin", "delivery"): 0, ("barogo", "delivery"): 1_500}


def test_what_was_claimed_too_much_is_recoverable_and_never_edited(office: Office) -> None:
    shop = office.shop("S1")
    rows = [line("S1", "2026-05-03 12:00", order_no="A"), line("S1", "2026-05-04 12:00", order_no="B")]
    office.deliver(rows, "2026-05")
    draw_up(office, "2026-05")
    approve(office, "2026-05")
    office.deliver([line("S1", "2026-05-03 12:00", order_no="A", status="cancelled")], "2026-05")
    outcome = draw_up(office, "2026-05")
    assert outcome.recoverable == {("2026-05", shop.merchant.id): 1_500}
    assert money(office) == [("2026-05", 1, 3_000, 3_000)]
    assert outcome.drawn_up == 0
    found = recovery_pages.too_much(office.session, actor(office.reviewer), office.code, "2026-05")
    assert [(each.merchant.id, each.amount, each.case_id) for each in found] == [(shop.merchant.id, 1_500, None)]


def test_a_cancelled_month_supersedes_the_claim_that_waits(office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00", order_no="A")], "2026-05")
    draw_up(office, "2026-05")
    office.deliver([line("S1", "2026-05-03 12:00", order_no="A", status="cancelled")], "2026-05")
    outcome = draw_up(office, "2026-05")
    assert (outcome.drawn_up, outcome.superseded, outcome.recoverable) == (0, 1, {})
    assert money(office) == []


def test_an_order_told_in_two_months_is_claimed_once(office: Office) -> None:
    """The agency's statement of the next month has the higher cost and takes the order's place."""
    shop = office.shop("S1")
    office.link(shop, "barogo")
    office.deliver([line("S1", "2026-05-31 23:50", order_no="A", fee=2_000)], "2026-05")
    draw_up(office, "2026-05")
    approve(office, "2026-05")
    office.deliver([line("S1", "2026-06-01 00:10", fee=3_000, origin="baemin:A")], "2026-06", platform="barogo")
    outcome = draw_up(office, "2026-06")
    assert (outcome.recoverable, outcome.limited_by_grant) == ({}, 0)
    assert money(office) == [("2026-05", 1, 1_000, 1_000), ("2026-06", 1, 1_500, 500)]
    again = draw_up(office, "2026-06")
    assert (again.unchanged, again.drawn_up, again.superseded) == (1, 0, 0)


def test_what_other_months_cannot_set_off_stays_recoverable(office: Office) -> None:
    shop = office.shop("S1")
    rows = [line("S1", "2026-05-03 12:00", order_no="A"), line("S1", "2026-05-04 12:00", order_no="B")]
    office.deliver(rows, "2026-05")
    draw_up(office, "2026-05")
    approve(office, "2026-05")
    office.deliver([line("S1", row, order_no=no, status="cancelled") for no, row in
                    (("A", "2026-05-03 12:00"), ("B", "2026-05-04 12:00"))], "2026-05")  # fmt: skip
    office.deliver([line("S1", "2026-06-03 12:00", fee=2_000)], "2026-06")
    outcome = draw_up(office, "2026-06")
    assert outcome.recoverable == {("2026-05", shop.merchant.id): 2_000}
    assert money(office) == [("2026-05", 1, 3_000, 3_000)]


def test_what_is_left_of_a_grant_is_cut_to_the_unit_of_the_terms(office: Office) -> None:
    office.shop("S1", requested=1_495)
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    outcome = draw_up(office, "2026-05")
    assert (outcome.drawn_up, outcome.limited_by_grant) == (1, 1)
    assert money(office) == [("2026-05", 1, 1_500, 1_490)]


@pytest.mark.parametrize("period", ["2026-5", "2026-13", "may", ""])
def test_what_is_no_month_is_refused(office: Office, period: str) -> None:
    with pytest.raises(Incomplete):
        draw_up(office, period)


def test_nothing_is_drawn_up_without_lines_or_by_another_organisation(session: Session, office: Office) -> None:
    with pytest.raises(Incomplete):
        draw_up(office, "2026-05")
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    elsewhere = make_official(session, Role.REVIEWER, Role.APPROVER, organisation=hadong)
    with pytest.raises(NotFound):
        draw_up(office, "2026-05", by=elsewhere)
    with pytest.raises(NotFound):
        claims.approve(session, office.code, "2026-05", by=actor(elsewhere), at=AT)


def test_the_explanation_tells_what_became_of_every_line(office: Office) -> None:
    shop = office.shop("S1")
    office.deliver(
        [
            line("S1", "2026-05-03 12:00", order_no="A", fee=9_000),
            line("S1", "2026-05-04 12:00", order_no="B", status="cancelled"),
            line("S9", "2026-05-04 12:00", order_no="C"),
        ],
        "2026-05",
    )
    draw_up(office, "2026-05")
    claim = only_claim(office)
    told = assessments.explained(office.stores, claim)
    found = {(row.order_no, row.item): (row.reason, row.amount_e4) for row in told}
    assert found[("A", "delivery")] == (Reason.REDUCED, 20_000_000)
    assert found[("B", "delivery")] == (Reason.CANCELLED, 0)
    assert {row.order_no for row in told} == {"A", "B"}
    assert {row.merchant_id for row in told} == {str(shop.merchant.id)}
    assert sum(row.amount_e4 for row in told) == claim.exact_e4


def test_months_at_a_glance_say_where_data_came_in_since(office: Office) -> None:
    office.shop("S1")
    office.deliver([line("S1", "2026-05-03 12:00")], "2026-05")
    draw_up(office, "2026-05")
    by = actor(office.approver)
    month = claim_months.one(office.session, by, office.code, "2026-05")
    assert (month.waiting, month.waiting_won, month.behind) == (1, 1_500, False)
    office.deliver([line("S1", "2026-06-03 12:00")], "2026-06")
    assert not claim_months.one(office.session, by, office.code, "2026-05").behind
    office.deliver([line("S1", "2026-04-03 12:00")], "2026-04")
    assert claim_months.one(office.session, by, office.code, "2026-05").behind
    with pytest.raises(NotFound):
        claim_months.one(office.session, by, office.code, "2026-06")


def test_the_number_of_statements_does_not_grow_with_the_claims(office: Office, statement_counter) -> None:
    by = actor(office.reviewer)
    counts = []
    for store in ("S1", "S2"):
        office.shop(store)
        office.deliver([line(store, "2026-05-03 12:00")], "2026-05")
        draw_up(office, "2026-05")
        office.session.expire_all()
        with statement_counter() as statements:
            rows = look_up.page(office.session, by, office.code, "2026-05")
            assert all(row.merchant.trade_name for row in rows)
            claim_months.overview(office.session, by)
        counts.append(len(statements))
    assert counts[0] == counts[-1] <= 6
