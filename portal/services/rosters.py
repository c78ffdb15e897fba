"""An association's application for its members: opening it, listing members, and the lists that they signed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import data
from portal.domain import codes, tracks
from portal.domain.actors import Actor, Role
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotEligible, NotPermitted, Problem, Refusal
from portal.domain.mandates import Paper
from portal.domain.periods import document_date, korean_date
from portal.domain.roster_tables import Names, read
from portal.domain.rosters import (
    LIFECYCLE,
    MEMBER_LIFECYCLE,
    MOST_MEMBERS,
    OPEN,
    Entry,
    OpenRoster,
    Way,
    gaps,
    problems_in,
)
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.rosters import Roster, RosterMember, RosterPaper
from portal.queries import applications, mandates, programmes, proxy_entries, rosters
from portal.queries.programmes import Published
from portal.services import merchants, steps
from portal.storage.objects import Store
from portal.storage.small_tables import cells_of

LONGEST_NAME = 200
EDITION = 11  # of the trades that are written by name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row of a file: `problems` where it was not taken in. `row`: as the spreadsheet counts."""

    row: int
    name: str
    problems: tuple[Problem, ...] = ()


def open_roster(session: Session, command: OpenRoster, *, by: Actor, at: datetime) -> Roster:
    """Begins an association's application. Raises NotFound, NotPermitted, Incomplete, NotEligible outside the call."""
    if by.acts_for is not None or not by.has(Role.MERCHANT):
        raise NotPermitted("an association applies by the account of whoever acts for it")
    published = programmes.in_force(session, command.programme, korean_date(at))
    refuse_closed(published, at)
    wrong = problems_in(command)
    region = codes.region_of(data.regions(), command.region_code)
    if region is None or not region.valid_on(korean_date(at)) or len(region.code) < 5:
        wrong.append(Problem("unknown_choice", "region_code"))
    if wrong:
        raise Incomplete(problems=wrong)
    roster = Roster(
        programme_id=published.programme.id,
        programme=published.programme,
        account_id=by.user_id,
        association=command.association.strip(),
        number=command.number.strip(),
        market=command.market.strip(),
        region_code=command.region_code,
        phone=command.phone,
        opened_at=at,
    )
    steps.begin(session, roster, LIFECYCLE, "open", by=by, at=at)
    return roster


def add(session: Session, roster_id: int, entry: Entry, *, by: Actor, at: datetime) -> RosterMember:
    """Puts one member on the list. Who has an account is asked there; for everybody else the paper is needed.

    Raises NotFound, InvalidTransition, Incomplete, AlreadyDone with a sentence on where the business is already.
    """
    roster = held(session, roster_id, by)
    refuse_taken(session, roster, entry.business_number)
    found = rosters.known(session, entry.business_number)
    way = Way.PORTAL if found and found.claimed else Way.PAPER
    wrong = list(gaps(entry, way))
    if way is Way.PAPER:
        named = [problem.field for problem in wrong]
        more = merchants.faults(entry.registration(roster.region_code), on=korean_date(at))
        wrong += [problem for problem in more if problem.field not in named]
        if found is not None and not entered_by_us(session, found.merchant, by):
            wrong = [Problem("member_on_record", "business_number")]
    if rosters.count(session, roster.id) >= MOST_MEMBERS:
        wrong.append(Problem("roster_full", value=str(MOST_MEMBERS)))
    if wrong:
        raise Incomplete(problems=wrong)
    member = _member(roster, entry, way)
    try:
        steps.begin(session, member, MEMBER_LIFECYCLE, "ask" if way is Way.PORTAL else "list", by=by, at=at)
    except IntegrityError as lost_the_race:
        raise AlreadyDone(problems=[Problem("member_listed", "business_number")]) from lost_the_race
    return member


def add_file(
    session: Session, roster_id: int, content: bytes, filename: str, *, by: Actor, at: datetime
) -> list[Outcome]:
    """Puts the members of a table on the list, each row for itself. Raises FileRefused where it is no such table."""
    roster = held(session, roster_id, by)
    cells = cells_of(content, filename)
    outcomes = []
    for row in read(cells.rows, _names(), cells.numbers):
        problems = row.problems
        if row.entry is not None:
            attempt = session.begin_nested()
            try:
                add(session, roster.id, row.entry, by=by, at=at)
                attempt.commit()
            except Refusal as refused:
                attempt.rollback()
                problems = tuple(replace(problem, row=row.number) for problem in refused.problems)
        outcomes.append(Outcome(row.number, row.name, problems))
    return outcomes


def sign(
    session: Session,
    store: Store,
    roster_id: int,
    member_ids: Collection[int],
    paper: Paper,
    *,
    by: Actor,
    at: datetime,
) -> RosterPaper:
    """Keeps a scanned list of signatures, and whose signatures are on it. Raises Incomplete, NotFound."""
    roster = held(session, roster_id, by)
    wrong = [] if paper.content else [Problem("file_required", "paper")]
    wrong += [] if member_ids else [Problem("members_required", "signed")]
    if wrong:
        raise Incomplete(problems=wrong)
    kept = RosterPaper(
        roster_id=roster.id,
        document_sha256=store.put(paper.content).sha256,
        document_name=paper.filename[:LONGEST_NAME],
        document_type=paper.media_type,
        added_by=by.user_id,
        added_at=at,
    )
    session.add(kept)
    session.flush()
    for member_id in sorted(member_ids):
        member = rosters.member(session, roster.id, member_id, by)
        if member.way is not Way.PAPER:
            raise InvalidTransition("whoever has an account consents there")
        refuse_taken(session, roster, member.business_number, but=member.id)
        member.paper_id, member.answered_by, member.answered_at = kept.id, by.user_id, at
        steps.take(session, member, MEMBER_LIFECYCLE, "sign", by=by, at=at)
    return kept


def remove(session: Session, roster_id: int, member_id: int, *, by: Actor, at: datetime) -> None:
    """Takes a member off the list, as long as it is not handed in. Raises NotFound, InvalidTransition."""
    held(session, roster_id, by)
    member = rosters.member(session, roster_id, member_id, by)
    steps.take(session, member, MEMBER_LIFECYCLE, "remove", by=by, at=at)
    forget(member)


def forget(member: RosterMember) -> None:
    """What nobody needs any more of a member that was registered, or taken off the list."""
    member.born_on = member.account_number = ""


def withdraw(session: Session, roster_id: int, *, by: Actor, at: datetime) -> None:
    """Gives up a list of which nobody was handed in. Raises NotFound, InvalidTransition."""
    steps.take(session, held(session, roster_id, by), LIFECYCLE, "withdraw", by=by, at=at)


def held(session: Session, roster_id: int, by: Actor) -> Roster:
    """One's own list, held until the transaction ends. Raises NotFound, InvalidTransition where it was given up."""
    rosters.owned(session, roster_id, by)
    query = select(Roster).where(Roster.id == roster_id).with_for_update(of=Roster, key_share=True)
    found = session.scalars(query.execution_options(populate_existing=True)).one()
    if found.status not in OPEN:
        raise InvalidTransition(f"roster {roster_id} is {found.status}")
    return found


def refuse_closed(published: Published, at: datetime) -> None:
    """Raises NotEligible outside the call, and where the programme takes no associations."""
    call = published.announcement.call
    if tracks.of_association(published.announcement.tracks) is None:
        raise NotEligible(problems=[Problem("no_associations", "programme", published.programme.name)])
    if not call.is_open(korean_date(at)):
        days = f"{document_date(call.apply_from)} ~ {document_date(call.apply_to)}"
        raise NotEligible(problems=[Problem("call_not_open", value=days)])


def refuse_taken(session: Session, roster: Roster, business_number: str, *, but: int = 0) -> None:
    """Raises AlreadyDone where the business applied already, or stands on this list or consented on another's."""
    on_list = select(RosterMember.id).where(
        RosterMember.roster_id == roster.id,
        RosterMember.business_number == business_number,
        RosterMember.status != "removed",
        RosterMember.id != but,
    )
    found = rosters.known(session, business_number)
    code = ""
    if session.scalar(on_list) is not None:
        code = "member_listed"
    elif found and applications.living(session, roster.programme_id, found.merchant.id) is not None:
        code = "member_applied"
    elif rosters.elsewhere(session, roster.programme_id, business_number, but=roster.id):
        code = "member_elsewhere"
    if code:
        raise AlreadyDone(problems=[Problem(code, "business_number")])


def entered_by_us(session: Session, merchant: Merchant, by: Actor) -> bool:
    """Whether a business without an account is one that this association registered: also where its list was found
    wrong, so that it may list the member anew.
    """
    held = mandates.living(session, merchant.id, Mandate.holder_id == by.user_id)
    return bool(held) or proxy_entries.made_by(session, merchant, by)


def _member(roster: Roster, entry: Entry, way: Way) -> RosterMember:
    if way is Way.PORTAL:  # the business is on record: of what else is listed nothing is kept
        entry = Entry(entry.business_number, entry.trade_name, store_id=entry.store_id)
    workers = entry.regular_workers
    return RosterMember(
        roster_id=roster.id,
        roster=roster,
        way=way,
        business_number=entry.business_number,
        trade_name=entry.trade_name.strip(),
        representative=entry.representative.strip(),
        born_on=entry.born_on.isoformat() if entry.born_on else "",
        phone=entry.phone,
        address=entry.address.strip(),
        industry_edition=entry.industry_edition,
        industry_code=entry.industry_code,
        opened_on=entry.opened_on,
        regular_workers_tenths=None if workers is None else int(workers * 10),
        bank_code=entry.bank_code,
        account_number=entry.account_number,
        account_holder=entry.account_holder.strip(),
        store_id=entry.store_id.strip(),
    )


def _names() -> Names:
    industries = {each.code: each.name for each in data.industries() if each.edition == EDITION}
    return Names(EDITION, industries, data.banks())
