"""Drafts of programmes: saved section by section, handed over once, by managers of the office alone."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import Conflict, Incomplete, InvalidTransition, NotFound, NotPermitted
from portal.domain.programme_drafts import DraftStatus, Section, fingerprint, read
from portal.domain.programmes import VersionStatus
from portal.models.audit import AuditEvent
from portal.services import programme_drafts, programmes
from portal.storage.objects import Stores
from tests.cases import apply
from tests.factories import actor, make_official, make_organisation, make_programme

DAYS = {"call.processing_days": 20, "call.supplement_days": 7}
WAS = fingerprint({"call.processing_days": 14, "call.supplement_days": 7})


@pytest.fixture
def manager(session: Session) -> Actor:
    return actor(make_official(session, Role.MANAGER))


def test_a_template_becomes_the_office_s_own_draft(session: Session, manager: Actor, at: datetime) -> None:
    make_organisation(session)
    first, second = (programme_drafts.from_template(session, "flat-per-delivery", by=manager, at=at) for _ in range(2))
    document = read(first.text)
    assert (document["code"], document["call"]["organisation"]) == ("gurye-2026-flat-per-delivery", "gurye")
    assert [row["code"] for row in document["eligibility"][0]["regions"]] == ["12730", "46730"]
    assert (first.status, first.programme_id, second.source) == (
        DraftStatus.EDITING,
        None,
        "template:flat-per-delivery",
    )
    with pytest.raises(NotFound):
        programme_drafts.from_template(session, "nothing", by=manager, at=at)


def test_a_section_is_saved_once_for_what_it_was_opened_with(session: Session, manager: Actor, at: datetime) -> None:
    draft = programme_drafts.from_template(session, "flat-per-delivery", by=manager, at=at)
    programme_drafts.save(session, draft.id, Section.DAYS, DAYS, was=WAS, by=manager, at=at)
    assert read(draft.text)["call"]["processing_days"] == 20
    with pytest.raises(Conflict):
        programme_drafts.save(session, draft.id, Section.DAYS, DAYS, was=WAS, by=manager, at=at)
    with pytest.raises(Conflict):
        programme_drafts.save_part(session, draft.id, Section.ITEMS, 1, {}, was="other", by=manager, at=at)
    trail = select(AuditEvent.action).where(AuditEvent.noun == "programme_draft").order_by(AuditEvent.id)
    assert list(session.scalars(trail)) == ["start", "edit"]


def test_a_draft_is_handed_over_once_confirmed_and_then_stands(session: Session, manager: Actor, at: datetime) -> None:
    draft = programme_drafts.from_template(session, "joining-grant", by=manager, at=at)
    with pytest.raises(Incomplete) as unsure:
        programme_drafts.hand_over(session, draft.id, sure=False, by=manager, at=at)
    assert [problem.field for problem in unsure.value.problems] == ["sure"]
    version = programme_drafts.hand_over(session, draft.id, sure=True, by=manager, at=at)
    assert (version.status, version.text, draft.status) == (VersionStatus.PROPOSED, draft.text, DraftStatus.HANDED_OVER)
    for again in (
        lambda: programme_drafts.hand_over(session, draft.id, sure=True, by=manager, at=at),
        lambda: programme_drafts.save(session, draft.id, Section.DAYS, DAYS, was=WAS, by=manager, at=at),
        lambda: programme_drafts.remove_part(session, draft.id, Section.ITEMS, 1, by=manager, at=at),
        lambda: programme_drafts.discard(session, draft.id, by=manager, at=at),
    ):
        with pytest.raises(InvalidTransition):
            again()
    programmes.publish(session, version.id, by=actor(make_official(session, Role.MANAGER)), at=at)
    assert version.status is VersionStatus.PUBLISHED


def test_an_amendment_while_applications_are_open_is_confirmed_and_their_commitment_stands(
    session: Session, stores: Stores, manager: Actor, at: datetime
) -> None:
    published = make_programme(session)
    apply(session, stores, published)
    draft = programme_drafts.from_version(session, published.version.id, by=manager, at=at)
    with pytest.raises(Incomplete) as unchanged:
        programme_drafts.hand_over(session, draft.id, sure=True, by=manager, at=at)
    assert [problem.code for problem in unchanged.value.problems] == ["nothing_changed"]
    values = {"call.processing_days": 10, "call.supplement_days": 7}
    programme_drafts.save(session, draft.id, Section.DAYS, values, was=WAS, by=manager, at=at)
    with pytest.raises(Incomplete):
        programme_drafts.hand_over(session, draft.id, sure=False, by=manager, at=at)
    assert read(programme_drafts.hand_over(session, draft.id, sure=True, by=manager, at=at).text)["version"] == 2


def test_another_office_and_another_role_have_no_draft(session: Session, manager: Actor, at: datetime) -> None:
    draft = programme_drafts.from_template(session, "flat-per-delivery", by=manager, at=at)
    other = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = actor(make_official(session, Role.MANAGER, organisation=other))
    with pytest.raises(NotFound):
        programme_drafts.save(session, draft.id, Section.DAYS, DAYS, was=WAS, by=stranger, at=at)
    with pytest.raises(NotPermitted):
        programme_drafts.save(
            session, draft.id, Section.DAYS, DAYS, was=WAS, by=actor(make_official(session, Role.REVIEWER)), at=at
        )
