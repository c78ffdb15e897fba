"""What a merchant finds on coming in: the one thing to do first, then everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import DEAD, ApplicationStatus
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.domain.recoveries import RecoveryStatus
from portal.domain.service_passes import PassStatus
from portal.domain.tracks import chosen
from portal.models.account_changes import AccountChange
from portal.models.applications import Application
from portal.models.claims import Claim
from portal.models.merchants import Merchant
from portal.models.recoveries import Recovery
from portal.models.rosters import RosterMember
from portal.models.service_passes import ServicePass
from portal.queries import (
    account_changes,
    applications,
    claims,
    consents,
    evidence,
    links,
    merchants,
    programmes,
    recovery_pages,
    reservations,
    rosters,
    service_pass_waits,
    service_passes,
)
from portal.queries.programmes import Published
from portal.queries.reservations import Place

S = ApplicationStatus
_ASKED = (RecoveryStatus.NOTICED, RecoveryStatus.ORDERED, RecoveryStatus.IN_INSTALMENTS)
WITH_THE_OFFICE = (S.SUBMITTED, S.IN_REVIEW, S.RECOMMENDED)


class Kind(StrEnum):
    """In the order of urgency."""

    REGISTER = "register"
    PAY_BACK = "pay_back"
    ACCOUNT = "account"
    SUPPLEMENT = "supplement"
    SERVICE = "service"
    ANSWER = "answer"
    CONTINUE = "continue"
    EVIDENCE = "evidence"
    LINK = "link"
    CHOOSE = "choose"
    APPLY = "apply"
    WAIT = "wait"
    DATA = "data"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do, with what it is about. `due_on`: by when, the merchant's day or the office's; `place`: in line
    for money, where it is kept at acceptance; `service`: given by a platform, and not answered; `member`: whom an
    association asks whether it may apply for them."""

    kind: Kind
    application: Application | None = None
    call: Published | None = None
    due_on: date | None = None
    recovery: Recovery | None = None
    claim: Claim | None = None
    place: Place | None = None
    service: ServicePass | None = None
    member: RosterMember | None = None


@dataclass(frozen=True, slots=True)
class Home:
    merchants: Sequence[Merchant]
    applications: Sequence[Application]
    calls: Sequence[Published]
    todos: tuple[Todo, ...]
    changes: Sequence[AccountChange] = ()


def home(session: Session, by: Actor, *, at: datetime) -> Home:
    """Everything the first page shows, in a fixed number of statements."""
    places = merchants.of_owner(session, by)
    mine = applications.of_owner(session, by)
    calls = calls_for(session, by, at=at)
    linked = {link.merchant_id for link in links.of_owner(session, by)}
    if any(each.track for each in mine):
        linked |= {each.merchant_id for each in evidence.of_owner(session, by)}
    money = by.may(Permission.CLAIM_OWN)  # a consent opens the application alone, not what is paid
    changes = account_changes.told_to(session, by, at=at) if money else ()
    line = reservations.places(session, [each.id for each in mine if each.status in WITH_THE_OFFICE])
    failed = [Todo(Kind.ACCOUNT, claim=claim) for claim in claims.failed_of_owner(session, by)] if money else []
    found = [*(_to_pay_back(session, by) if money else []), *failed]
    found += [Todo(Kind.ANSWER, member=each) for each in rosters.unanswered(session, by)]
    found += [*_services(session, by, mine, on=korean_date(at)), *_todos(places, mine, calls, linked, line)]
    todos = sorted(found, key=lambda todo: list(Kind).index(todo.kind))
    return Home(places, mine, calls, tuple(todos) or (Todo(Kind.NOTHING),), changes)


def calls_for(session: Session, by: Actor, *, at: datetime) -> list[Published]:
    """To which programmes this person may apply today: an association by its list alone, a clerk for what the consent
    names.
    """
    if by.is_association:
        return []
    named, calls = consents.programmes_open_to(session, by), programmes.open_calls(session, at=at)
    return calls if named is None else [each for each in calls if each.programme.id in named]


def _to_pay_back(session: Session, by: Actor) -> list[Todo]:
    """Recoveries that wait for the merchant's opinion or payment."""
    return [
        Todo(Kind.PAY_BACK, due_on=row.next_due, recovery=row.recovery)
        for row in recovery_pages.of_owner(session, by)
        if row.recovery.status in _ASKED
    ]


def _services(session: Session, by: Actor, mine: Sequence[Application], *, on: date) -> Iterator[Todo]:
    """Services in kind on which the merchant's word is awaited, and grants of which nothing is chosen yet."""
    if not any(each.status == S.APPROVED and _in_kind(each) for each in mine):
        return
    for given in service_passes.of_owner(session, by):
        if given.status is PassStatus.REPORTED:
            yield Todo(Kind.SERVICE, given.application, due_on=service_pass_waits.until(given), service=given)
    for grant in service_passes.entitlements(session, by, on=on):
        if grant.offers and not grant.taken:
            yield Todo(Kind.CHOOSE, grant.application)


def _todos(
    places: Sequence[Merchant],
    mine: Sequence[Application],
    calls: Sequence[Published],
    linked: set[int],
    line: Mapping[int, Place],
) -> Iterator[Todo]:
    if not places:
        yield Todo(Kind.REGISTER)
        return
    for application in mine:
        if application.status == S.SUPPLEMENT_REQUESTED:
            asked = [each.due_on for each in application.supplements if each.answered_at is None]
            yield Todo(Kind.SUPPLEMENT, application, due_on=asked[-1] if asked else None)
        elif application.status == S.DRAFT:
            yield Todo(
                Kind.CONTINUE, application, due_on=programmes.read(application.version).announcement.call.apply_to
            )
        elif application.status == S.APPROVED and application.merchant_id not in linked and not _in_kind(application):
            yield Todo(_proof(application), application)
        elif application.status in WITH_THE_OFFICE:
            yield Todo(Kind.WAIT, application, due_on=application.due_on, place=line.get(application.id))
    applied = {application.programme_id for application in mine if application.status not in DEAD}
    for call in calls:
        if call.programme.id not in applied:
            yield Todo(Kind.APPLY, call=call, due_on=call.announcement.call.apply_to)


def _in_kind(application: Application) -> bool:
    return programmes.read(application.version).announcement.services is not None


def _proof(application: Application) -> Kind:
    """What is to prove the costs of a grant: stores to be linked, the platforms' own word, or documents."""
    published = programmes.read(application.version)
    track = chosen(published.announcement.tracks, application.track)
    return Kind.LINK if track is None else Kind.DATA if track.platforms else Kind.EVIDENCE
