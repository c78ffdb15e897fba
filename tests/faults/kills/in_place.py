"""Entry in a merchant's place killed on its way: the consent, the application, the letter with a code, the account."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.activations import TakeOver
from portal.domain.actors import Actor, Role
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.mandates import Mandate
from portal.queries import programmes
from portal.services import activations, applications, receipt_letters
from portal.services.reconcile import Files
from tests import standing_in
from tests.approved_claims import CODE
from tests.factories import AT, PASSWORD, make_official, make_programme
from tests.faults.broken import _bend as bend
from tests.faults.kills.workflows import Cast, Step

PRINTED = "2345-6789-ABCD-EFGH"


def build(session: Session, _files: Files, *_: object) -> Cast:
    make_programme(session)
    other = make_official(session, Role.REVIEWER, name="확인담당")
    return {"clerk": standing_in.make_clerk(session).id, "reviewer": other.id}


def enter_by_proxy(session: Session, files: Files, cast: Cast) -> object:
    """With the signed consent."""
    return standing_in.enter(session, files.stores, session.get_one(User, cast["clerk"]))


def fill_by_proxy(session: Session, files: Files, cast: Cast) -> object:
    return standing_in.fill(session, files.stores, programmes.in_force(session, CODE), _clerk(session, cast))


def hand_in_by_proxy(session: Session, _files: Files, cast: Cast) -> object:
    return applications.submit(session, _application(session).id, by=_clerk(session, cast), at=AT)


def look_at_entry(session: Session, _files: Files, cast: Cast) -> object:
    """The second official, whose look the code waits for."""
    mandate = session.scalars(select(Mandate)).one()
    return standing_in.confirm(session, mandate, by=session.get_one(User, cast["reviewer"]))


def print_receipt(session: Session, files: Files, cast: Cast) -> object:
    return receipt_letters.issue(session, files.stores, _application(session).id, by=_clerk(session, cast), at=AT)


def print_known_code(session: Session, files: Files, cast: Cast) -> object:
    """The copy that the merchant has in hand: nobody else knows its code."""
    bend(activations, "new_code", lambda: PRINTED)
    return print_receipt(session, files, cast)


def take_account_over(session: Session, _files: Files, _cast: Cast) -> object:
    number = _application(session).merchant.business_number
    return activations.take_over(session, TakeOver(PRINTED, number, "mine@example.kr", PASSWORD), at=AT)


def _clerk(session: Session, cast: Cast) -> Actor:
    mandate = session.scalars(select(Mandate)).one()
    return standing_in.acting(session, session.get_one(User, cast["clerk"]), mandate)


def _application(session: Session) -> Application:
    return session.scalars(select(Application)).one()


STEPS = (
    Step("enter_by_proxy", enter_by_proxy),
    Step("hand_in_by_proxy", hand_in_by_proxy, before=fill_by_proxy),
    Step("look_at_entry", look_at_entry),
    Step("print_receipt", print_receipt, again_in=("activation", "document_series", "letter")),
    Step("take_account_over", take_account_over, before=print_known_code, again_in=("login_attempt",)),
)
