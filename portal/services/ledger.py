"""The only writer of the budget ledger: posts by recipe, guards the budget line, once per source key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, BudgetExhausted, NotFound, Problem, YearClosed
from portal.domain.fiscal_years import LIFECYCLE as YEARS
from portal.domain.fiscal_years import refused_by
from portal.domain.ledger import OF_ONE_CAUSE, RECIPES, WAYS_BACK, PostingKind, Recipe
from portal.domain.periods import korean_date
from portal.models.accounts import Organisation
from portal.models.fiscal_years import FiscalYear
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.queries import fiscal_years, ledger
from portal.services import steps


def post(
    session: Session,
    kind: PostingKind,
    amounts: Mapping[int, int],
    *,
    source_key: str,
    by: Actor,
    at: datetime,
    application_id: int | None = None,
    note: str = "",
) -> LedgerEntry:
    """Posts `amounts` (budget line id -> won, zeros left out) as one entry.

    Raises AlreadyDone where `source_key` was posted before, BudgetExhausted where a line does not hold the amount, or
    where more is taken from a commitment or from what was ordered back than `application_id` has left of it on that
    line, or more comes back in one of the WAYS_BACK than was paid out to it there, YearClosed where a closed year does
    not take it; the caller's transaction is then rolled back as a whole.
    """
    if session.scalar(select(LedgerEntry.id).where(LedgerEntry.source_key == source_key)) is not None:
        raise AlreadyDone(source_key)
    recipe = RECIPES[kind]
    # One lock order everywhere: budget lines by id, before anything else of the unit of work is locked.
    wanted = sorted((line_id, amount) for line_id, amount in amounts.items() if amount)
    if recipe.credit in OF_ONE_CAUSE:
        _guard_cause(session, kind, dict(wanted), application_id)
    for line_id, amount in wanted:
        _guard(session, line_id, amount, recipe)
    _refuse_closed_year(session, kind, amounts, korean_date(at))
    entry = LedgerEntry(
        source_key=source_key,
        kind=kind,
        posted_on=korean_date(at),
        posted_at=at,
        posted_by=by.user_id,
        application_id=application_id,
        note=note,
    )
    session.add(entry)
    try:
        session.flush()
    except IntegrityError as refused:  # another transaction posted the same cause since we looked
        raise AlreadyDone(source_key) if "source_key" in str(refused.orig) else refused from refused
    session.add_all(
        Posting(entry_id=entry.id, budget_line_id=line_id, debit=recipe.debit, credit=recipe.credit, amount=amount)
        for line_id, amount in wanted
    )
    session.flush()
    return entry


def appropriate(
    session: Session,
    *,
    programme_id: int,
    organisation_id: int,
    fiscal_year: int,
    amounts: Mapping[str, int],
    by: Actor,
    at: datetime,
) -> list[BudgetLine]:
    """Opens the programme's budget lines of a year (source -> won) and posts the appropriation (예산 배정)."""
    open_year(session, organisation_id, fiscal_year, by=by, at=at)
    lines = [open_line(session, organisation_id, programme_id, fiscal_year, source) for source in amounts]
    session.flush()
    post(
        session,
        PostingKind.APPROPRIATE,
        {line.id: amounts[line.source] for line in lines},
        source_key=f"appropriate:{programme_id}:{fiscal_year}",
        by=by,
        at=at,
    )
    return lines


def open_year(session: Session, organisation_id: int, year: int, *, by: Actor, at: datetime) -> None:
    """The first budget of a year opens it: one manager proposed that budget, another publishes it."""
    known = FiscalYear.organisation_id == organisation_id, FiscalYear.year == year
    # Two programmes of an organisation published at once: one of them opens the year.
    session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True))
    if session.scalar(select(FiscalYear.id).where(*known)) is None:
        opened = FiscalYear(organisation_id=organisation_id, year=year, opened_at=at)
        steps.begin(session, opened, YEARS, "open", by=by, at=at)


def open_line(session: Session, organisation_id: int, programme_id: int, fiscal_year: int, source: str) -> BudgetLine:
    """The budget line of this source and year, made where there is none: what was carried over may have come first."""
    mine = BudgetLine.programme_id == programme_id, BudgetLine.fiscal_year == fiscal_year, BudgetLine.source == source
    line = session.scalar(select(BudgetLine).where(*mine))
    if line is None:
        line = BudgetLine(
            organisation_id=organisation_id,
            programme_id=programme_id,
            fiscal_year=fiscal_year,
            source=source,
            total=0,
            used=0,
        )
        session.add(line)
        session.flush()
    return line


def lines_by_source(session: Session, programme_id: int, fiscal_year: int) -> dict[str, int]:
    """Funding source -> budget line id. Raises NotFound where the year has no budget."""
    rows = session.execute(
        select(BudgetLine.source, BudgetLine.id).where(
            BudgetLine.programme_id == programme_id, BudgetLine.fiscal_year == fiscal_year
        )
    )
    lines: dict[str, int] = dict(rows.all())
    if not lines:
        raise NotFound(f"no budget of {fiscal_year}")
    return lines


def hold(session: Session, line_ids: Iterable[int]) -> None:
    """Locks budget lines until the transaction ends, by id: who posts several entries locks all their lines first."""
    wanted = select(BudgetLine.id).where(BudgetLine.id.in_(set(line_ids))).order_by(BudgetLine.id)
    session.execute(wanted.with_for_update(key_share=True))


def _refuse_closed_year(session: Session, kind: PostingKind, amounts: Iterable[int], on: date) -> None:
    """The refusal in words; the database refuses as well (trigger `posting_year_open`)."""
    for line_year, closed in fiscal_years.closed_for(session, list(amounts), on):
        if refused_by(kind, on, line_year, [closed]) is not None:
            raise YearClosed(problems=[Problem("year_closed", value=str(closed))])


def _guard(session: Session, line_id: int, amount: int, recipe: Recipe) -> None:
    """One conditional UPDATE: checking first and writing later over-spends when two do it at once."""
    if not (recipe.uses or recipe.grants):
        return
    used, total = BudgetLine.used + recipe.uses * amount, BudgetLine.total + recipe.grants * amount
    taken = session.execute(
        update(BudgetLine)
        .where(BudgetLine.id == line_id, used >= 0, used <= total)
        .values(used=used, total=total)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # ty: ignore[missing-attribute]
        raise BudgetExhausted(f"budget line {line_id} does not hold {amount} won")


def _guard_cause(session: Session, kind: PostingKind, amounts: Mapping[int, int], application_id: int | None) -> None:
    """No application uses what was committed for another, gives back what was not paid to it, or pays off what was not
    demanded for it: the lines are held while what is left is added up.
    """
    hold(session, amounts)
    account = RECIPES[kind].credit
    way = next((way for way in WAYS_BACK if kind in way), PostingKind)
    left = ledger.left_in(session, account, [application_id], by=tuple(way)).get(application_id, {})
    for line_id, amount in amounts.items():
        if left.get(line_id, 0) < amount:
            there = left.get(line_id, 0)
            problem = Problem(f"over_{account}", value=f"{there:,} / {amount:,}")
            raise BudgetExhausted(f"budget line {line_id}: {there} won {account} for {application_id}", [problem])
