"""Amount bands: two persons set and end them; whoever they do not name approves nothing of that size."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.approvals import BandStatus, Matter, ProposeBand
from portal.domain.errors import Incomplete, NotFound, NotPermitted, SamePerson
from portal.models.approvals import Approval
from portal.services import approval_bands, approvals, claims, decisions, payments
from portal.storage.objects import Stores
from tests import approved_claims, cases
from tests.approved_claims import CODE, PERIOD
from tests.banded import band
from tests.factories import AT, actor, make_official, make_organisation

TODAY = AT.date()


def test_a_grant_is_approved_by_the_one_whose_band_it_is_and_by_nobody_else(session: Session, stores: Stores) -> None:
    office = approved_claims.open_office(session)
    chief = make_official(session, Role.APPROVER, name="과장")
    chief.title = "경제활력과장"
    band(session, Matter.DECISION, 300_000, office.approver)
    narrow = band(session, Matter.DECISION, None, "경제활력과장")
    small, large = (cases.apply(session, stores, office.programme, requested=won) for won in (300_000, 300_010))
    for each in (small, large):
        cases.recommend(session, each.application, actor(office.reviewer))
    session.commit()
    for case, stranger, named in ((small, chief, "결재자"), (large, office.approver, "경제활력과장 과장")):
        with pytest.raises(NotPermitted) as refused:
            decisions.approve(session, stores, case.id, by=actor(stranger), at=AT)
        assert [(each.code, named in each.value) for each in refused.value.problems] == [("not_in_band", True)]
        session.rollback()
    decisions.approve(session, stores, small.id, by=actor(office.approver), at=AT)
    decisions.approve(session, stores, large.id, by=actor(chief), at=AT)
    given = session.scalars(select(Approval).order_by(Approval.id)).all()
    assert [(each.amount, each.delegated, each.signed_by) for each in given] == [
        (300_000, True, office.approver.id),
        (300_010, False, chief.id),
    ]
    assert given[1].band_id == narrow.id


def test_the_other_account_of_the_person_named_is_named_too(session: Session) -> None:
    approver = make_official(session, Role.APPROVER)
    band(session, Matter.DECISION, None, approver)
    second = make_official(session, Role.APPROVER, person=approver.person)
    assert approvals.permit(session, Matter.DECISION, 5, by=actor(second), at=AT).band_id
    with pytest.raises(NotPermitted):
        approvals.permit(session, Matter.DECISION, 5, by=actor(make_official(session, Role.APPROVER)), at=AT)


def test_without_bands_for_a_matter_the_role_alone_decides(session: Session) -> None:
    approver = make_official(session, Role.APPROVER)
    band(session, Matter.CLAIMS, 10, approver)
    assert approvals.permit(session, Matter.DECISION, 10**9, by=actor(approver), at=AT).band_id is None
    with pytest.raises(NotPermitted) as refused:
        approvals.permit(session, Matter.CLAIMS, 11, by=actor(approver), at=AT)
    assert [each.code for each in refused.value.problems] == ["above_every_band"]


def test_a_band_binds_between_its_dates_alone_and_in_its_own_organisation(session: Session) -> None:
    first, other = (make_official(session, Role.APPROVER) for _ in range(2))
    band(session, Matter.CLAIMS, None, first, since=TODAY, until=TODAY)
    with pytest.raises(NotPermitted):
        approvals.permit(session, Matter.CLAIMS, 5, by=actor(other), at=AT)
    for days in (-1, 1):
        assert approvals.permit(session, Matter.CLAIMS, 5, by=actor(other), at=AT + timedelta(days=days))
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = make_official(session, Role.APPROVER, organisation=elsewhere)
    assert approvals.permit(session, Matter.CLAIMS, 5, by=actor(stranger), at=AT).band_id is None


def test_a_months_claims_and_a_run_are_measured_by_their_total(session: Session, stores: Stores) -> None:
    office = approved_claims.open_office(session)
    approved_claims.make_claims(session, stores, office, [70_000, 30_000])
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    band(session, Matter.PAYMENT_RUN, 99_999, office.releaser)
    session.commit()
    with pytest.raises(NotPermitted):
        payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)
    session.rollback()
    band(session, Matter.PAYMENT_RUN, 100_000, office.releaser)
    payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)
    released = session.scalars(select(Approval).where(Approval.matter == Matter.PAYMENT_RUN)).one()
    assert (released.record_id, released.amount, released.delegated) == (run.id, 100_000, True)


def test_whoever_is_not_named_approves_no_month(session: Session, stores: Stores) -> None:
    office = approved_claims.open_office(session)
    approved_claims.make_claims(session, stores, office, [5_000], approved=False)
    band(session, Matter.CLAIMS, None, make_official(session, Role.APPROVER))
    with pytest.raises(NotPermitted):
        claims.approve(session, CODE, PERIOD, by=actor(office.approver), at=AT)


def test_setting_and_ending_a_band_takes_two_persons(session: Session) -> None:
    approver = make_official(session, Role.APPROVER)
    first, second = (make_official(session, Role.ADMINISTRATOR) for _ in range(2))
    command = ProposeBand(Matter.CLAIMS, 10, "", approver.id, date(2026, 1, 1), None)
    proposed = approval_bands.propose(session, command, by=actor(first), at=AT)
    assert approvals.permit(session, Matter.CLAIMS, 99, by=actor(approver), at=AT).band_id is None
    with pytest.raises(SamePerson):
        approval_bands.confirm(session, proposed.id, by=actor(first), at=AT)
    approval_bands.confirm(session, proposed.id, by=actor(second), at=AT)
    approval_bands.ask_end(session, proposed.id, by=actor(first), at=AT)
    with pytest.raises(NotPermitted):  # it still binds
        approvals.permit(session, Matter.CLAIMS, 99, by=actor(approver), at=AT)
    with pytest.raises(SamePerson):
        approval_bands.confirm(session, proposed.id, by=actor(first), at=AT)
    approval_bands.confirm(session, proposed.id, by=actor(second), at=AT)
    assert (proposed.status, proposed.valid_to) == (BandStatus.ENDED, TODAY)
    assert approvals.permit(session, Matter.CLAIMS, 99, by=actor(approver), at=AT).band_id is None


def test_nobody_confirms_a_band_of_their_own(session: Session) -> None:
    both = make_official(session, Role.APPROVER, Role.MANAGER)
    administrator = actor(make_official(session, Role.ADMINISTRATOR))
    for title, account in (("", both.id), (both.title, None)):
        command = ProposeBand(Matter.CLAIMS, None, title, account, TODAY, None)
        proposed = approval_bands.propose(session, command, by=administrator, at=AT)
        with pytest.raises(NotPermitted) as refused:
            approval_bands.confirm(session, proposed.id, by=actor(both), at=AT)
        assert [each.code for each in refused.value.problems] == ["own_band"]
    with pytest.raises(NotPermitted):
        approval_bands.ask_end(session, band(session, Matter.CLAIMS, 5, both).id, by=actor(both), at=AT)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"up_to": 0}, "band_zero"),
        ({"valid_to": TODAY - timedelta(days=1)}, "date_order"),
        ({"account_id": None}, "required"),
        ({"title": "과장"}, "required"),
        ({"account_id": None, "title": "아무개"}, "band_of_nobody"),
        ({"matter": Matter.PAYMENT_RUN}, "band_of_nobody"),
    ],
)
def test_a_band_without_sense_is_not_proposed(session: Session, changed: dict, code: str) -> None:
    approver = make_official(session, Role.APPROVER)
    command = replace(ProposeBand(Matter.CLAIMS, 5, "", approver.id, TODAY, None), **changed)
    with pytest.raises(Incomplete) as refused:
        approval_bands.propose(session, command, by=actor(make_official(session, Role.ADMINISTRATOR)), at=AT)
    assert [each.code for each in refused.value.problems] == [code]


def test_bands_of_others_do_not_exist(session: Session) -> None:
    ours = band(session, Matter.CLAIMS, 5, make_official(session, Role.APPROVER))
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = actor(make_official(session, Role.ADMINISTRATOR, organisation=elsewhere))
    for change in (approval_bands.confirm, approval_bands.refuse, approval_bands.ask_end):
        with pytest.raises(NotFound):
            change(session, ours.id, by=stranger, at=AT)
