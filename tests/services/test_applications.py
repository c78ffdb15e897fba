"""From draft to queue number: what may be saved, what must be there, and what happens twice or at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.domain import identifiers
from portal.domain.applications import ApplicationDraft, ApplicationStatus, Consent
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotEligible, NotFound
from portal.queries import applications as look_up
from portal.queries import audit
from portal.services import applications
from portal.storage.objects import Stores
from tests import applying
from tests.applying import DRAFT
from tests.factories import AT, GURYE, actor, make_merchant_user, make_programme

S = ApplicationStatus


def test_a_draft_starts_with_every_condition_tested(session: Session) -> None:
    draft = applying.start(session, make_programme(session), make_merchant_user(session))
    assert draft.status == S.DRAFT
    answers = {each["code"]: each["passed"] for each in draft.findings or []}
    assert answers == {
        "region": True,
        "small_merchant": True,
        "sales": True,
        "trade": True,
        "open_for_business": None,  # nobody has asked the tax office yet
        "one_place": True,
    }
    assert all({"kind", "name", "legal", "expected", "found"} <= each.keys() for each in draft.findings or [])


@pytest.mark.parametrize("at", [datetime(2026, 2, 15, 14, 59, tzinfo=UTC), datetime(2026, 12, 18, 15, 0, tzinfo=UTC)])
def test_nobody_starts_or_submits_outside_the_days_of_the_call(session: Session, stores: Stores, at: datetime) -> None:
    owner, programme = make_merchant_user(session), make_programme(session)
    draft = applying.ready(session, stores, programme, owner)
    other = applying.register(session, owner, serial=2)
    with pytest.raises(NotEligible, match="call_not_open"):
        applications.start(session, programme.programme.code, other.id, by=actor(owner), at=at)
    with pytest.raises(NotEligible, match="call_not_open"):
        applications.submit(session, draft.id, by=actor(owner), at=at)
    assert draft.status == S.DRAFT


def test_the_last_day_of_the_call_counts_to_midnight_in_korea(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    late = datetime(2026, 12, 18, 14, 59, tzinfo=UTC)
    assert applications.submit(session, draft.id, by=actor(owner), at=late).status == S.SUBMITTED


def test_a_business_has_one_living_application_in_a_programme(session: Session) -> None:
    owner, programme = make_merchant_user(session), make_programme(session)
    draft = applying.start(session, programme, owner)
    with pytest.raises(AlreadyDone):
        applications.start(session, programme.programme.code, draft.merchant_id, by=actor(owner), at=AT)
    applications.withdraw(session, draft.id, by=actor(owner), at=AT)
    again = applications.start(session, programme.programme.code, draft.merchant_id, by=actor(owner), at=AT)
    assert again.status == S.DRAFT


def test_nobody_applies_for_anothers_business(session: Session) -> None:
    programme = make_programme(session)
    place = applying.register(session, make_merchant_user(session))
    with pytest.raises(NotFound):
        applications.start(session, programme.programme.code, place.id, by=actor(make_merchant_user(session)), at=AT)


def test_a_draft_may_hold_next_to_nothing(session: Session) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    applications.save_draft(session, draft.id, ApplicationDraft(contact_phone="010-12"), by=actor(owner), at=AT)
    session.expire_all()
    assert (draft.plan, draft.total_cost, draft.contact_phone) == ("", None, "01012")


def test_the_moment_of_a_consent_is_that_of_the_first_time_it_was_given(session: Session) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    first = ApplicationDraft(consents=frozenset({Consent.PRIVACY}))
    applications.save_draft(session, draft.id, first, by=actor(owner), at=AT)
    later = AT + timedelta(hours=1)
    both = ApplicationDraft(consents=frozenset({Consent.PRIVACY, Consent.PLEDGE}))
    applications.save_draft(session, draft.id, both, by=actor(owner), at=later)
    session.expire_all()
    assert {row.code: row.given_at for row in draft.consents} == {Consent.PRIVACY: AT, Consent.PLEDGE: later}
    applications.save_draft(session, draft.id, ApplicationDraft(), by=actor(owner), at=later)
    session.expire_all()
    assert draft.consents == []


def test_a_submitted_application_has_a_receipt_a_place_and_a_day(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    done = applications.submit(session, draft.id, by=actor(owner), at=AT)
    assert done.status == S.SUBMITTED
    assert identifiers.is_receipt_number(done.receipt_number or "")
    assert (done.receipt_number or "").startswith("GR26-")
    assert (done.queue_number, done.submitted_at) == (1, AT)
    assert done.due_on == date(2026, 7, 2)  # 14 working days, the Monday of receipt counted
    assert [event.action for event in audit.timeline(session, "application", done.id)][-1] == "submit"


def test_the_second_press_of_the_button_is_refused(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    receipt = applications.submit(session, draft.id, by=actor(owner), at=AT).receipt_number
    with pytest.raises(InvalidTransition):
        applications.submit(session, draft.id, by=actor(owner), at=AT)
    with pytest.raises(InvalidTransition):
        applications.save_draft(session, draft.id, DRAFT, by=actor(owner), at=AT)
    assert draft.receipt_number == receipt


MISSING: list[tuple[dict[str, Any], str, str]] = [
    ({"plan": " "}, "plan", "required"),
    ({"total_cost": None}, "total_cost", "required"),
    ({"total_cost": 0}, "total_cost", "required"),
    ({"requested_amount": None}, "requested_amount", "required"),
    ({"requested_amount": 500_001, "total_cost": 900_000}, "requested_amount", "requested_over_limit"),
    ({"requested_amount": 400_000, "total_cost": 399_999}, "requested_amount", "requested_over_total"),
    ({"contact_phone": ""}, "contact_phone", "required"),
    ({"contact_phone": "010-12"}, "contact_phone", "phone_invalid"),
    *(({"consents": frozenset(Consent) - {consent}}, f"consent_{consent}", "consent_required") for consent in Consent),
]


@pytest.mark.parametrize(("changes", "field", "code"), MISSING)
def test_what_is_missing_is_named_by_its_field(
    session: Session, stores: Stores, changes: dict[str, Any], field: str, code: str
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    applications.save_draft(session, draft.id, replace(DRAFT, **changes), by=actor(owner), at=AT)
    with pytest.raises(Incomplete) as refused:
        applications.submit(session, draft.id, by=actor(owner), at=AT)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [(field, code)]
    assert (draft.status, draft.queue_number) == (S.DRAFT, None)


def test_a_missing_paper_is_named_and_one_that_may_be_left_out_is_not(session: Session) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    applications.save_draft(session, draft.id, DRAFT, by=actor(owner), at=AT)
    papers = [problem.field for problem in applications.missing(draft)]
    assert papers == ["file-business_registration", "file-bankbook", "file-sales_proof"]


INELIGIBLE: list[tuple[dict[str, Any], str]] = [
    ({"region_code": "11110"}, "region"),
    ({"sales": {2025: 300_000_001}}, "sales"),
    ({"industry_code": "68"}, "trade"),
]


@pytest.mark.parametrize(("changes", "code"), INELIGIBLE)
def test_a_condition_that_is_not_met_blocks_handing_in(
    session: Session, stores: Stores, changes: dict[str, Any], code: str
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner, **changes)
    with pytest.raises(NotEligible) as refused:
        applications.submit(session, draft.id, by=actor(owner), at=AT)
    assert [problem.field for problem in refused.value.problems] == [f"finding-{code}"]
    assert draft.status == S.DRAFT


def test_what_cannot_be_decided_yet_does_not_block(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner, regular_workers=Decimal(6), sales={})
    done = applications.submit(session, draft.id, by=actor(owner), at=AT)
    undecided = {each["code"] for each in done.findings or [] if each["passed"] is None}
    assert undecided == {"small_merchant", "sales", "open_for_business"}


def test_an_owner_takes_part_with_one_place(session: Session, stores: Stores) -> None:
    owner, programme = make_merchant_user(session), make_programme(session)
    first = applying.ready(session, stores, programme, owner, serial=1)
    second = applying.ready(session, stores, programme, owner, serial=2)
    applications.submit(session, first.id, by=actor(owner), at=AT)
    with pytest.raises(NotEligible, match="one_place"):
        applications.submit(session, second.id, by=actor(owner), at=AT)


def test_a_fixed_grant_is_not_asked_for(session: Session) -> None:
    text = GURYE.replace('kind = "up_to"', 'kind = "fixed"')
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session, text=text), owner)
    assert draft.requested_amount == 500_000
    applications.save_draft(session, draft.id, replace(DRAFT, requested_amount=1), by=actor(owner), at=AT)
    assert draft.requested_amount == 500_000


def test_withdrawing_is_possible_until_the_decision_and_only_once(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    applications.withdraw(session, draft.id, note="다음에 하겠습니다.", by=actor(owner), at=AT)
    assert draft.status == S.WITHDRAWN
    assert audit.timeline(session, "application", draft.id)[-1].note == "다음에 하겠습니다."
    with pytest.raises(InvalidTransition):
        applications.withdraw(session, draft.id, by=actor(owner), at=AT)


def test_another_merchants_application_does_not_exist(session: Session, stores: Stores) -> None:
    draft = applying.ready(session, stores, make_programme(session), make_merchant_user(session))
    stranger = actor(make_merchant_user(session))
    for act in (applications.submit, applications.withdraw):
        with pytest.raises(NotFound):
            act(session, draft.id, by=stranger, at=AT)
    with pytest.raises(NotFound):
        applications.save_draft(session, draft.id, DRAFT, by=stranger, at=AT)
    with pytest.raises(NotFound):
        look_up.dossier(session, draft.id, stranger)
