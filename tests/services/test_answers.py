"""Ways to apply and questions of a programme's own: kept, asked for, shown; programmes that exclude each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.applications import ApplicationStatus
from portal.domain.errors import Incomplete, NotEligible
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.merchants import Merchant
from portal.queries import applications as look_up
from portal.queries import former_support
from portal.services import applications, decisions, declarations, documents
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests import applying
from tests.applying import DRAFT
from tests.asked import EITHER, HAD, QUESTIONS, TRACKS, programme
from tests.cases import recommend
from tests.evidenced import Desk, own_log, read_off
from tests.factories import AT, actor, make_merchant_user, make_programme
from tests.settled import Office, Shop


def fields(refused: pytest.ExceptionInfo[Incomplete]) -> set[str]:
    return {problem.field for problem in refused.value.problems}


def test_answers_are_kept_as_far_as_they_are_asked_and_asked_for_when_handing_in(
    session: Session, stores: Stores
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session, text=programme(QUESTIONS)), owner)
    with pytest.raises(Incomplete) as refused:
        applications.submit(session, draft.id, by=actor(owner), at=AT)
    assert fields(refused) == {"answer_how"}
    given = {"how": "직접", "times": "12"}
    applications.save_draft(session, draft.id, replace(DRAFT, answers=given), by=actor(owner), at=AT)
    assert draft.answered == given
    assert {problem.field for problem in applications.missing(draft)} == {"file-log"}
    documents.attach(session, stores.evidence, draft.id, applying.upload("log"), by=actor(owner), at=AT)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    assert look_up.said(draft) == [("어떻게 배달하나요?", "직접"), ("몇 번 배달했나요?", "12")]


def test_another_answer_takes_away_what_it_led_to_and_silence_takes_nothing_away(
    session: Session, stores: Stores
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session, text=programme(QUESTIONS)), owner)
    for given, kept in (
        ({"how": "직접", "times": "12"}, {"how": "직접", "times": "12"}),
        (None, {"how": "직접", "times": "12"}),
        ({"how": "대행사", "times": "12"}, {"how": "대행사"}),
    ):
        applications.save_draft(session, draft.id, replace(DRAFT, answers=given), by=actor(owner), at=AT)
        session.expire(draft)
        assert draft.answered == kept
    applications.submit(session, draft.id, by=actor(owner), at=AT)


def test_a_wrong_answer_is_told_at_its_box_and_nothing_is_kept(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session, text=programme(QUESTIONS)), owner)
    given = {"how": "직접", "times": "열두 번"}
    with pytest.raises(Incomplete) as refused:
        applications.save_draft(session, draft.id, replace(DRAFT, answers=given), by=actor(owner), at=AT)
    assert fields(refused) == {"answer_times"}
    assert draft.answered == {}


def test_the_fast_way_asks_for_neither_plan_nor_cost_nor_answers(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session, text=programme(TRACKS + QUESTIONS)), owner)
    assert {problem.field for problem in applications.missing(draft)} == {"track", "answer_how"}
    applications.save_draft(session, draft.id, replace(DRAFT, track="fast", answers={}), by=actor(owner), at=AT)
    assert (draft.plan, draft.total_cost, draft.requested_amount) == ("", None, 500_000)
    assert [each["code"] for each in draft.findings or []][-1] == "track-fast"
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    assert draft.status is ApplicationStatus.SUBMITTED


def test_the_verified_way_asks_for_its_papers(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session, text=programme(TRACKS)), owner)
    applications.save_draft(session, draft.id, replace(DRAFT, track="verified"), by=actor(owner), at=AT)
    assert {problem.field for problem in applications.missing(draft)} == {"file-small_merchant_certificate"}


def test_a_way_that_is_not_open_yet_is_refused(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    later = programme(TRACKS).replace("opens = 2026-06-15", "opens = 2026-06-16")
    draft = applying.ready(session, stores, make_programme(session, text=later), owner)
    with pytest.raises(Incomplete, match="track_not_open"):
        applications.save_draft(session, draft.id, replace(DRAFT, track="verified"), by=actor(owner), at=AT)
    assert draft.track == ""


def test_an_own_delivery_counts_for_what_the_track_says_whatever_was_written(
    session: Session, stores: Stores, lines: LineStore
) -> None:
    desk = Desk(Office(session, stores, lines, programme(TRACKS)))
    office, owner = desk.office, make_merchant_user(session)
    draft = applying.ready(session, stores, office.programme, owner)
    certificate = applying.upload("small_merchant_certificate")
    applications.save_draft(session, draft.id, replace(DRAFT, track="verified"), by=actor(owner), at=AT)
    documents.attach(session, stores.evidence, draft.id, certificate, by=actor(owner), at=AT)
    shop = Shop(grant(office, draft, owner), owner)
    found = desk.write(desk.submit(shop, **own_log()), read_off(3, fee=1_200), read_off(4, fee=9_000))
    assert [line.delivery_fee for line in found.lines] == [5_000, 5_000]
    other = desk.write(desk.submit(shop), read_off(3, fee=1_200))
    assert [line.delivery_fee for line in other.lines] == [1_200]


def grant(office: Office, draft: Application, owner: User) -> Merchant:
    """Hands a draft in and grants it; its place."""
    applications.submit(office.session, draft.id, by=actor(owner), at=AT)
    for official in (office.reviewer, office.approver):
        declarations.declare_none(office.session, [draft.id], by=actor(official), at=AT)
    recommend(office.session, draft, actor(office.reviewer), at=AT)
    decisions.approve(office.session, office.stores, draft.id, by=actor(office.approver), at=AT)
    return draft.merchant


@pytest.mark.parametrize(("group", "refused"), [("app", True), ("other", False)])
def test_a_place_takes_part_in_one_programme_of_a_group(
    session: Session, stores: Stores, group: str, refused: bool
) -> None:
    owner = make_merchant_user(session)
    first = make_programme(session, text=programme(EITHER.format("app")))
    second = make_programme(session, text=programme(EITHER.format(group), code="gurye-joining"))
    draft = applying.ready(session, stores, first, owner)
    other = applications.start(session, second.programme.code, draft.merchant_id, by=actor(owner), at=AT)
    applications.save_draft(session, other.id, DRAFT, by=actor(owner), at=AT)
    for code in applying.REQUIRED:
        documents.attach(session, stores.evidence, other.id, applying.upload(code), by=actor(owner), at=AT)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    if refused:
        with pytest.raises(NotEligible) as told:
            applications.submit(session, other.id, by=actor(owner), at=AT)
        assert [problem.field for problem in told.value.problems] == ["finding-either"]
        applications.withdraw(session, draft.id, by=actor(owner), at=AT)
    applications.submit(session, other.id, by=actor(owner), at=AT)
    assert other.status is ApplicationStatus.SUBMITTED


def test_who_was_granted_support_before_is_told_so(session: Session, stores: Stores, lines: LineStore) -> None:
    office = Office(session, stores, lines)
    shop = office.grant()
    second = make_programme(session, text=programme(HAD, code="gurye-again"))
    assert former_support.granted(session, shop.merchant.id) == {"gurye-2020-o2o": date(2026, 6, 15)}
    again = applications.start(session, second.programme.code, shop.merchant.id, by=actor(shop.owner), at=AT)
    new = applying.start(session, second, make_merchant_user(session), serial=9_000)
    answers = [next(each for each in one.findings or [] if each["code"] == "had") for one in (again, new)]
    assert [(each["passed"], each["found"]) for each in answers] == [(False, "gurye-2020-o2o=2026-06-15"), (True, "-")]


def test_answers_go_with_their_application_alone(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    found = make_programme(session, text=programme(QUESTIONS))
    drafts = [applying.ready(session, stores, found, owner, serial=serial) for serial in (1, 2)]
    applications.save_draft(session, drafts[0].id, replace(DRAFT, answers={"how": "대행사"}), by=actor(owner), at=AT)
    rows = session.scalars(select(Application).order_by(Application.id)).all()
    assert [row.answered for row in rows] == [{"how": "대행사"}, {}]
