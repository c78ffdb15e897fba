"""Services in kind that nobody answers: reminded of, decided by officials with a reason, told to both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import ActsFor, Capacity, Role
from portal.domain.declarations import Declaration
from portal.domain.errors import Incomplete, InvalidTransition, NotFound, NotPermitted, SamePerson
from portal.domain.evidence import EvidenceFile
from portal.domain.notifications import Kind
from portal.domain.periods import korean_date
from portal.domain.service_passes import PassStatus
from portal.models.accounts import User
from portal.models.notifications import Notification
from portal.queries import in_kind_invariants, lifecycle_invariants, service_pass_waits
from portal.services import declarations, invoices, reminders, service_passes
from portal.services import service_pass_rulings as rulings
from portal.storage.objects import Stores
from tests.factories import actor, make_merchant_user, make_official, make_organisation
from tests.in_kind import DELIVERED, INVOICED, OPEN, OVERDUE, RULING, WRONG, Ministry


@pytest.fixture
def ministry(session: Session, stores: Stores) -> Ministry:
    return Ministry(session, stores)


def told(session: Session, user: User, *, reminders: bool = False) -> list[Kind]:
    mine = (Notification.account_id == user.id, Notification.day.is_not(None) == reminders)
    return list(session.scalars(select(Notification.kind).where(*mine).order_by(Notification.id)))


def test_what_a_merchant_never_confirms_is_confirmed_by_two_officials_and_told_to_both(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    given = ministry.reported(case, found)
    early = OVERDUE - timedelta(days=1)
    with pytest.raises(Incomplete, match="pass_not_due"):
        rulings.vouch(session, given.id, RULING, by=actor(ministry.reviewer), at=early)
    assert [(row.found.id, row.over) for row in waits(ministry, early)] == [(given.id, False)]
    ministry.vouched(given)
    with pytest.raises(NotPermitted):
        rulings.uphold(session, given.id, by=actor(ministry.reviewer), at=OVERDUE)
    with pytest.raises(Incomplete):  # vouched for is not confirmed: nothing is paid
        ministry.filed(found, given)
    assert told(session, ministry.approver)[-1] is Kind.RULING_WAITS
    rulings.uphold(session, given.id, by=actor(ministry.approver), at=OVERDUE)
    assert (given.status, given.confirmed_at, given.ruling) == (PassStatus.CONFIRMED, OVERDUE, RULING)
    assert told(session, case.owner)[-1] is Kind.SERVICE_UPHELD
    assert told(session, ministry.clerks["syrup"])[-1] is Kind.FIRM_UPHELD
    ministry.accepted(found, given)
    assert [*in_kind_invariants.invoices_add_up(session), *lifecycle_invariants.four_eyes_kept(session)] == []


def waits(ministry: Ministry, at: datetime) -> list[service_pass_waits.Wait]:
    return service_pass_waits.of_organisation(ministry.session, actor(ministry.reviewer), on=korean_date(at))


def test_a_dispute_that_is_never_answered_is_ended_and_the_grant_is_free_again(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    given = ministry.disputed(case, found)
    assert told(session, ministry.clerks["syrup"])[-1] is Kind.SERVICE_DISPUTED
    with pytest.raises(Incomplete, match="words_too_short"):
        rulings.end(session, given.id, "음", by=actor(ministry.reviewer), at=OVERDUE)
    rulings.end(session, given.id, "플랫폼이 두 주 동안 답하지 않았습니다.", by=actor(ministry.reviewer), at=OVERDUE)
    assert given.status is PassStatus.ENDED
    assert [told(session, user)[-1] for user in (case.owner, ministry.clerks["syrup"])] == [
        Kind.SERVICE_ENDED,
        Kind.FIRM_ENDED,
    ]
    assert ministry.chosen(case, found).status is PassStatus.CHOSEN
    assert waits(ministry, OVERDUE) == []


def test_the_merchant_has_the_word_until_it_is_decided_and_a_dispute_does_not_go_in_circles(ministry: Ministry) -> None:
    session, found, case, other = ministry.session, ministry.agreed(), ministry.granted(), ministry.granted()
    first, second = ministry.vouched(ministry.reported(case, found)), ministry.vouched(ministry.disputed(other, found))
    service_passes.dispute(session, first.id, WRONG, by=actor(case.owner), at=OVERDUE)
    assert first.status is PassStatus.DISPUTED
    with pytest.raises(Incomplete, match="pass_not_due"):  # the platform has its days to put it right
        ministry.vouched(first)
    with pytest.raises(InvalidTransition, match="being decided"):
        service_passes.dispute(session, second.id, WRONG, by=actor(other.owner), at=OVERDUE)
    rulings.send_back(session, second.id, "발송 기록이 없습니다.", by=actor(ministry.approver), at=OVERDUE)
    assert second.status is PassStatus.DISPUTED
    service_passes.report(session, second.id, DELIVERED, by=ministry.firm("syrup"), at=OVERDUE)
    service_passes.dispute(session, second.id, WRONG, by=actor(other.owner), at=OVERDUE)
    assert ministry.vouched(second).status is PassStatus.VOUCHED  # counted from the first dispute
    service_passes.confirm(session, second.id, by=actor(other.owner), at=OVERDUE)
    assert second.status is PassStatus.CONFIRMED


def test_a_second_report_may_be_disputed_while_an_official_vouches_for_it_and_then_no_more(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    given = ministry.disputed(case, found)
    service_passes.report(session, given.id, DELIVERED, by=ministry.firm("syrup"), at=OPEN)
    ministry.vouched(given)
    service_passes.dispute(session, given.id, WRONG, by=actor(case.owner), at=OVERDUE)
    assert given.status is PassStatus.DISPUTED
    ministry.vouched(given)  # the platform had its days since the first dispute: this one is judged at once
    with pytest.raises(InvalidTransition, match="being decided"):
        service_passes.dispute(session, given.id, WRONG, by=actor(case.owner), at=OVERDUE)
    rulings.uphold(session, given.id, by=actor(ministry.approver), at=OVERDUE)
    assert given.status is PassStatus.CONFIRMED


def test_what_was_put_right_after_a_dispute_waits_for_the_merchant_again_when_it_is_sent_back(
    ministry: Ministry,
) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    given = ministry.disputed(case, found)
    service_passes.report(session, given.id, DELIVERED, by=ministry.firm("syrup"), at=OPEN)
    ministry.vouched(given)
    rulings.send_back(session, given.id, "발송 기록이 없습니다.", by=actor(ministry.approver), at=OVERDUE)
    assert given.status is PassStatus.REPORTED
    service_passes.confirm(session, given.id, by=actor(case.owner), at=OVERDUE)


def test_neither_another_office_nor_somebody_with_an_interest_nor_one_person_alone_decides(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    given = ministry.reported(case, found)
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    foreign = actor(make_official(session, Role.REVIEWER, organisation=elsewhere))
    with pytest.raises(NotFound):
        rulings.vouch(session, given.id, RULING, by=foreign, at=OVERDUE)
    tied = Declaration(has_interest=True, reason="신청인이 제 동생입니다.")
    declarations.declare(session, case.id, tied, by=actor(ministry.first), at=OPEN)
    with pytest.raises(NotPermitted):
        rulings.end(session, given.id, RULING, by=actor(ministry.first), at=OVERDUE)
    ministry.vouched(given)
    both = make_official(session, Role.APPROVER, organisation=ministry.organisation, person=ministry.reviewer.person)
    with pytest.raises(SamePerson):
        rulings.uphold(session, given.id, by=actor(both), at=OVERDUE)


def test_the_merchant_is_told_by_when_to_confirm_and_reminded(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    given = ministry.reported(case, found)
    line = session.scalars(select(Notification).where(Notification.kind == Kind.SERVICE_REPORTED)).one()
    last = OVERDUE - timedelta(days=1)
    assert line.due_on == service_pass_waits.until(given) == korean_date(last)
    for days in range(6, -2, -1):
        reminders.remind(session, at=last - timedelta(days=days))
    assert told(session, case.owner, reminders=True) == [Kind.SERVICE_DUE] * 2
    service_passes.confirm(session, given.id, by=actor(case.owner), at=last)
    reminders.remind(session, at=last - timedelta(days=1))
    assert told(session, case.owner, reminders=True) == [Kind.SERVICE_DUE] * 2


def test_a_proof_is_kept_with_the_report_and_not_changed_after_it(ministry: Ministry, stores: Stores) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    chosen, file = ministry.chosen(case, found), EvidenceFile("화면.pdf", "application/pdf", b"%PDF-1.4 %%EOF")
    service_passes.attach_proof(session, stores.evidence, chosen.id, file, by=ministry.firm("syrup"), at=OPEN)
    service_passes.report(session, chosen.id, DELIVERED, by=ministry.firm("syrup"), at=OPEN)
    assert stores.evidence.read(chosen.document_sha256 or "") == file.content
    with pytest.raises(InvalidTransition):
        service_passes.attach_proof(session, stores.evidence, chosen.id, file, by=ministry.firm("syrup"), at=OPEN)


def test_whoever_declared_an_interest_gives_no_invoice_back(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    filed, why = ministry.filed(found, ministry.confirmed(case, found)), "발행일이 다릅니다."
    tied = Declaration(has_interest=True, reason="신청인이 제 동생입니다.")
    declarations.declare(session, case.id, tied, by=actor(ministry.first), at=OPEN)
    with pytest.raises(NotPermitted):  # whoever may not accept it
        invoices.refuse(session, filed.id, why, by=actor(ministry.first), at=INVOICED)
    invoices.refuse(session, filed.id, why, by=actor(ministry.reviewer), at=INVOICED)


def test_an_association_neither_chooses_nor_confirms_for_its_member(ministry: Ministry) -> None:
    session, found, case = ministry.session, ministry.agreed(), ministry.granted()
    given, member = ministry.reported(case, found), case.application.merchant_id
    place = ActsFor(1, member, Capacity.ASSOCIATION, "구례식당")
    by = replace(actor(make_merchant_user(session)), acts_for=place)
    with pytest.raises(NotPermitted):
        service_passes.choose(session, case.id, found.offers[0].id, by=by, at=OPEN)
    with pytest.raises(NotFound):
        service_passes.confirm(session, given.id, by=by, at=OPEN)
    service_passes.confirm(session, given.id, by=actor(case.owner), at=OPEN)
