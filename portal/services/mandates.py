"""Who may act in a merchant's place: powers of attorney given and revoked, and the acting itself begun and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Capacity, Role
from portal.domain.errors import AlreadyDone, Incomplete, NotPermitted, Problem
from portal.domain.mandates import LIFECYCLE, GiveMandate, Paper, problems_in
from portal.domain.notifications import BY_KIND, Whom
from portal.domain.periods import korean_date
from portal.domain.proxy_entries import LIFECYCLE as ENTRY_LIFECYCLE
from portal.domain.proxy_entries import EntryStatus
from portal.models.accounts import User
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.notifications import Notification
from portal.models.programmes import Programme
from portal.queries import accounts, mandates, merchants, proxy_entries
from portal.services import sessions, steps
from portal.storage.objects import Store

LONGEST_NAME = 200


def give(session: Session, store: Store, command: GiveMandate, *, by: Actor, at: datetime) -> Mandate:
    """An owner lets an agent act for one business until a day, by a power of attorney (위임장).

    Raises NotFound for another's business, NotPermitted for who stands in themselves, Incomplete, AlreadyDone.
    """
    merchant = merchants.owned(session, command.merchant_id, by)
    if by.acts_for is not None:
        raise NotPermitted("an agent names no further agent", [Problem("mandate_not_passed_on")])
    agent = accounts.by_login(session, command.agent_login)
    problems = problems_in(command, korean_date(at))
    if command.agent_login.strip() and not _may_be_agent(agent):
        problems.append(Problem("agent_unknown", "agent_login"))
    elif agent is not None and agent.person_id == by.person_id:
        problems.append(Problem("agent_is_owner", "agent_login"))
    if problems or agent is None:
        raise Incomplete(problems=problems)
    return add(
        session, store, merchant, agent, Capacity.ATTORNEY, command.paper, until=command.until, by=by, at=at
    )  # fmt: skip


def add(
    session: Session,
    store: Store,
    merchant: Merchant,
    holder: User,
    capacity: Capacity,
    paper: Paper,
    *,
    until: date,
    organisation_id: int | None = None,
    office: str = "",
    programmes: Sequence[Programme] = (),
    by: Actor,
    at: datetime,
) -> Mandate:
    """Keeps the paper and opens the mandate. Raises AlreadyDone where the holder has one for this business already; of
    consents, one that names a programme of the new one.
    """
    already, on = AlreadyDone(problems=[Problem("mandate_exists")]), korean_date(at)
    held = mandates.living(session, merchant.id, Mandate.holder_id == holder.id, Mandate.capacity == capacity)
    named = {each.id for each in programmes}
    beside = [each for each in held if capacity is Capacity.CONSENT and each.until >= on and each.programmes]
    if any(named & {programme.id for programme in each.programmes} for each in beside):
        raise already
    if capacity is not Capacity.CONSENT and any(each.until >= on for each in held):
        raise already
    for over in held:
        if over not in beside:  # run out, or from before consents named anything, and nobody applied by it
            _end(session, over, "replace", by=by, at=at)
    mandate = Mandate(
        merchant_id=merchant.id,
        holder_id=holder.id,
        organisation_id=organisation_id,
        capacity=capacity,
        office=office,
        document_sha256=store.put(paper.content).sha256,
        document_name=paper.filename[:LONGEST_NAME],
        document_type=paper.media_type,
        until=until,
        given_by=by.user_id,
        given_at=at,
        programmes=list(programmes),
    )
    try:
        steps.begin(session, mandate, LIFECYCLE, "give", by=by, at=at)
    except IntegrityError as lost_the_race:
        raise already from lost_the_race
    return mandate


def replace(session: Session, merchant: Merchant, holder: User, capacity: Capacity, *, by: Actor, at: datetime) -> None:
    """Ends what the holder has for this business in this capacity: a newer paper stands in its place."""
    for over in mandates.living(session, merchant.id, Mandate.holder_id == holder.id, Mandate.capacity == capacity):
        _end(session, over, "replace", by=by, at=at)


def revoke(session: Session, mandate_id: int, *, by: Actor, at: datetime) -> Mandate:
    """The owner ends it at once, whatever day it named; what was done by it stays. Raises NotFound."""
    if by.acts_for is not None:
        raise NotPermitted("an agent ends no mandate", [Problem("mandate_not_passed_on")])
    mandate = mandates.of_owner(session, mandate_id, by)
    _end(session, mandate, "revoke", by=by, at=at)
    return mandate


def end_consents(session: Session, merchant_id: int, *, by: Actor, at: datetime) -> None:
    """The merchant has an account of their own now: nobody enters for them any more."""
    for mandate in mandates.living(session, merchant_id, Mandate.capacity == Capacity.CONSENT):
        _end(session, mandate, "take_over", by=by, at=at)


def refuse(session: Session, mandate: Mandate, *, by: Actor, at: datetime) -> None:
    """A second official found that its paper does not carry the entry: nobody acts by it any more."""
    _end(session, mandate, "refuse", by=by, at=at)


def begin_acting(session: Session, token: str, mandate_id: int, *, by: Actor, at: datetime) -> Mandate:
    """From now on this browser acts for the mandate's business alone. Raises NotFound where it does not last."""
    mandate = mandates.to_act(session, mandate_id, by, korean_date(at))
    sessions.act_by(session, token, mandate.id)
    steps.write(session, LIFECYCLE.noun, mandate.id, "begin_acting", by=by, at=at)
    return mandate


def go_on_from(session: Session, token: str, line: Notification, *, by: Actor, at: datetime) -> bool:
    """Whether the page that a line of an inbox leads to opens. Told of a merchant's matter, the person acts for that
    merchant from here on, while their mandate lasts.
    """
    if line.mandate_id is None:
        return not by.is_official or BY_KIND[line.kind].whom is not Whom.OWNER
    if mandates.lasting(session, line.mandate_id, by, korean_date(at)) is None:
        return False
    begin_acting(session, token, line.mandate_id, by=by, at=at)
    return True


def end_acting(session: Session, token: str) -> None:
    """Back to one's own affairs."""
    sessions.act_by(session, token, None)


def _end(session: Session, mandate: Mandate, action: str, *, by: Actor, at: datetime) -> None:
    mandate.ended_by, mandate.ended_at = by.user_id, at
    steps.take(session, mandate, LIFECYCLE, action, by=by, at=at)
    entry = proxy_entries.of_mandate(session, mandate.id) if mandate.capacity is Capacity.CONSENT else None
    if entry is not None and entry.status is EntryStatus.WAITING:
        steps.take(session, entry, ENTRY_LIFECYCLE, "lapse", by=by, at=at)


def _may_be_agent(agent: User | None) -> bool:
    """Agents sign in like merchants do: an official's account acts for an office, a closed one for nobody."""
    if agent is None or not agent.active:
        return False
    return accounts.actor_of(agent).has(Role.MERCHANT)
