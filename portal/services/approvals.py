"""Whether this person may approve this amount here, and the record of what was approved, by whom, for what content."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain import claims as claim_rules
from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.errors import Conflict, NotPermitted, Problem
from portal.domain.money import Won
from portal.domain.periods import korean_date
from portal.models.absences import Absence
from portal.models.accounts import User
from portal.models.approvals import Approval
from portal.models.claims import Claim
from portal.models.merchants import Merchant
from portal.models.payments import Payment
from portal.models.proposals import Proposal
from portal.queries import absences, approvals
from portal.services import steps


@dataclass(frozen=True, slots=True)
class Mandate:
    """By what right somebody approves: their role alone, or a band (`delegated`: one with a limit, 전결).

    `stands_for`: the absent official in whose place they do (대결).
    """

    band_id: int | None = None
    delegated: bool = False
    stands_for: int | None = None


def permit(session: Session, matter: Matter, won: Won, *, by: Actor, at: datetime) -> Mandate:
    """The right by which `by` approves this amount. Raises NotPermitted that names who may, where another band decides.

    An organisation without bands for the matter leaves it to the role, whatever the amount. Who is absent approves
    nothing; their stand-in does in their place.
    """
    organisation_id, on = by.organisation_id or 0, korean_date(at)
    away = absences.on_day(session, organisation_id, on)
    if any(absence.account.person_id == by.person_id for absence in away):
        raise NotPermitted("absent", [Problem("absent_now")])
    officials = approvals.holders(session, organisation_id, matter)
    deciding = approvals.deciding_bands(session, organisation_id, matter, won, on)
    if deciding is None:
        return Mandate(stands_for=_stood_for(officials, away, by))
    if not deciding:
        raise NotPermitted("no band covers this amount", [Problem("above_every_band", value=f"{won:,}")])
    named = approvals.named(deciding, officials)
    mine = next((user.id for user in named if user.person_id == by.person_id), None)
    stands_for = None if mine else _stood_for(named, away, by)
    if mine is None and stands_for is None:
        raise NotPermitted("another band decides", [Problem("not_in_band", value=who(_present(named, away)) or "–")])
    right = [user for user in named if user.id == (mine or stands_for)]
    band = next(band for band in deciding if approvals.named([band], right))
    return Mandate(band.id, band.up_to is not None, stands_for)


def deciders(session: Session, matter: Matter, won: Won, *, by: Actor, at: datetime) -> str:
    """Who approves this amount today, for people; "" where the role alone decides or nobody does."""
    organisation_id, on = by.organisation_id or 0, korean_date(at)
    deciding = approvals.deciding_bands(session, organisation_id, matter, won, on)
    named = approvals.named(deciding or (), approvals.holders(session, organisation_id, matter))
    return who(_present(named, absences.on_day(session, organisation_id, on)))


def _stood_for(officials: Sequence[User], away: Sequence[Absence], by: Actor) -> int | None:
    """The account among `officials` that is absent and has `by` for its stand-in."""
    accounts = {user.id for user in officials}
    return next((a.account_id for a in away if a.stand_in.person_id == by.person_id and a.account_id in accounts), None)


def _present(officials: Sequence[User], away: Sequence[Absence]) -> list[User]:
    """Those who may act today: for each one absent, the stand-in."""
    stand_ins = {absence.account.person_id: absence.stand_in for absence in away}
    return [stand_ins.get(user.person_id, user) for user in officials]


def line_of(
    session: Session, matter: Matter, record_id: int, *, drafted_by: int, signed_by: int
) -> tuple[tuple[tuple[str, int], ...], frozenset[int]]:
    """The approval line of a document as (mark, account) pairs, and the accounts whose box bears the mark alone.

    In a delegated matter 전결 stays in the delegate's box and 대결 in the actor's; otherwise who does not sign has no
    box (행정업무규정 시행규칙 제7조).
    """
    draft = ("기안", drafted_by)
    given = approvals.counting(session, matter, [record_id]).get(record_id)
    if given is None:
        return (draft, ("결재", signed_by)), frozenset()
    if given.stands_for is None:
        return (draft, ("전결" if given.delegated else "결재", given.signed_by)), frozenset()
    acting = ("대결", given.signed_by)
    if given.delegated:
        return (draft, ("전결", given.stands_for), acting), frozenset({given.stands_for})
    return (draft, acting), frozenset()


def record(
    session: Session, matter: Matter, amounts: Mapping[int, Won], mandate: Mandate, *, by: Actor, at: datetime
) -> None:
    """Writes down what was approved: record id -> won. The records must say by now what they are approved for."""
    session.flush()
    now = approvals.contents(session, matter, amounts)
    session.add_all(
        Approval(
            matter=matter,
            record_id=record_id,
            amount=won,
            content_sha256=now[record_id],
            band_id=mandate.band_id,
            delegated=mandate.delegated,
            signed_by=by.user_id,
            signed_at=at,
            stands_for=mandate.stands_for,
        )
        for record_id, won in amounts.items()
    )
    session.flush()


def check_standing(session: Session, payments: Sequence[Payment]) -> None:
    """Whether every payment still pays what was approved, to the account the run was prepared for.

    Raises Conflict that names each payment whose grant, claim or account changed since.
    """
    granted = approvals.stale(session, Matter.DECISION, [payment.claim.application_id for payment in payments])
    claimed = approvals.stale(session, Matter.CLAIMS, [payment.claim_id for payment in payments])
    problems = []
    for payment in payments:
        said = f"{payment.reference[-5:]} {payment.claim.merchant.trade_name}"
        if payment.claim.application_id in granted:
            problems.append(Problem("grant_changed", "run", said))
        if payment.claim_id in claimed:
            problems.append(Problem("approval_lapsed", "run", said))
        if _account(payment) != _account(payment.claim.payee):
            problems.append(Problem("account_changed_since", "run", said))
    if problems:
        raise Conflict(problems=problems)


def lapse_changed(session: Session, claims: Collection[Claim], *, by: Actor, at: datetime) -> list[Claim]:
    """Claims that say something else than was approved go back to be approved again. Returns those."""
    stale = approvals.stale(session, Matter.CLAIMS, [claim.id for claim in claims])
    changed = [claim for claim in claims if claim.id in stale]
    for claim in changed:
        steps.take(session, claim, claim_rules.LIFECYCLE, "lapse", by=by, at=at)
        claim.approved_at = None
    withdraw(session, Matter.CLAIMS, stale, at=at)
    return changed


def withdraw(session: Session, matter: Matter, record_ids: Collection[int], *, at: datetime) -> None:
    """The approvals of these records count no longer."""
    for approval in approvals.counting(session, matter, record_ids).values():
        approval.withdrawn_at = at
    session.flush()


def _account(of: Payment | Merchant | Proposal) -> tuple[str, str, str]:
    return of.bank_code, of.account_number, of.account_holder


def who(officials: Collection[User]) -> str:
    """Titles and names, for people: `경제활력과장 최민수, 소상공인팀장 정하은`."""
    return ", ".join(f"{user.title} {user.person.name}".strip() for user in officials)
