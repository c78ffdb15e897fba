"""The audit trail on a page of its own: the auditor reads it with its seals, nobody else, and of no other office."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.audit import AuditEvent
from portal.queries import audit_chain as chained
from portal.queries import audit_trail
from portal.services import audit_chain, payments
from portal.storage.objects import Stores
from portal.web import audit_labels, labels
from tests import approved_claims as world
from tests import recovered
from tests.clients import PortalClient
from tests.factories import AT, actor, make_official, make_organisation
from tests.pages import text_of

ClientOf = Callable[..., PortalClient]
URL = "/office/audit"


def test_an_auditor_reads_who_did_what_and_the_seal(session: Session, stores: Stores, client_of: ClientOf) -> None:
    office = world.open_office(session)
    world.make_claims(session, stores, office, [10_000])
    run = payments.prepare(session, world.CODE, by=actor(office.payer), at=AT)
    sealed = audit_chain.seal(session, chained.last_event(session), at=AT)
    auditor = client_of(make_official(session, Role.AUDITOR))
    answer = auditor.get(URL)
    page = text_of(answer.text)
    assert f"지급 목록 {run.id}" in page
    assert f"지급 목록 작성 {office.payer.person.name}" in page
    assert sealed.hash in page
    assert f'href="/office/payments/{run.id}"' in answer.text
    assert '<form method="post"' not in answer.text.replace("/logout", "").split("<main")[1]
    narrowed = text_of(auditor.get(URL, query_string={"noun": "payment_run"}).text)
    assert ("지급 목록 작성" in narrowed, "신청서 제출" in narrowed) == (True, False)
    for role in (Role.PAYER, Role.APPROVER, Role.ADMINISTRATOR):
        assert client_of(make_official(session, role)).get(URL).status_code == 403


def test_it_goes_on_page_by_page_and_shows_no_other_office(session: Session, stores: Stores) -> None:
    office = world.open_office(session)
    world.make_claims(session, stores, office, [10_000])
    by, seen, before = actor(make_official(session, Role.AUDITOR)), [], None
    while True:
        page = audit_trail.page(session, by, before=before, size=3)
        assert len(page.rows) <= 3
        seen += [row.id for row in page.rows]
        if (before := page.earlier) is None:
            break
    assert seen == [row.id for row in audit_trail.page(session, by).rows]
    assert len(seen) > 3
    other = make_official(session, Role.AUDITOR, organisation=make_organisation(session, code="other"))
    assert audit_trail.page(session, actor(other)).rows == []


def test_everything_in_the_trail_has_a_name_in_words(session: Session, stores: Stores) -> None:
    assert {noun for noun, _action in labels.ACTIONS} <= set(audit_labels.NOUNS)
    recovered.in_every_stage(recovered.open_desk(session, stores, *[10_000] * 7))
    for noun, action in session.execute(select(AuditEvent.noun, AuditEvent.action).distinct()):
        assert noun in audit_labels.NOUNS
        assert not str(audit_labels.done(noun, action)).isascii(), (noun, action)
