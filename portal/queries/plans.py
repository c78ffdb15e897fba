"""Looks up plans and what is known of their sub-projects, in as many statements for a large tree as for a small one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, case, func, literal, or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.errors import NotFound
from portal.domain.ledger import CARRIED, PostingKind
from portal.domain.periods import day_bounds, first_day
from portal.domain.plan_sums import Balance, Facts, Figures, Key, outside, roll_up
from portal.domain.plan_texts import known_plan
from portal.domain.plans import VERSION_LIFECYCLE, FigureKind, ReportStatus, Tree
from portal.domain.programmes import VersionStatus
from portal.models.applications import Application, Decision
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.plans import Plan, PlanCheck, PlanFigure, PlanReport, PlanVersion, PlanVersionCheck
from portal.models.programmes import Programme, ProgrammeVersion
from portal.queries import audit, ledger


@dataclass(frozen=True, slots=True)
class Known:
    """A plan with its version in force, read."""

    plan: Plan
    version: PlanVersion
    tree: Tree


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan as it stands: what every node comes to, and the programmes (by code) that are there to be linked to."""

    known: Known
    facts: Mapping[str, Facts]
    figures: Mapping[str, Figures]
    programmes: Mapping[str, Programme] = field(default_factory=dict)

    @property
    def tree(self) -> Tree:
        return self.known.tree


def rows(session: Session, by: Actor) -> list[Known]:
    """The plans of the person's organisation, the newest first."""
    return _read(session, _in_force().where(Plan.organisation_id == by.organisation_id))


def one(session: Session, code: str, by: Actor) -> Known:
    """One of those. Raises NotFound, also for another organisation's."""
    return _only(_read(session, _in_force().where(Plan.code == code, Plan.organisation_id == by.organisation_id)), code)


def public_rows(session: Session) -> list[Known]:
    """The plans that are open to all."""
    return [each for each in _read(session, _in_force()) if each.tree.public]


def public_one(session: Session, code: str) -> Known:
    """One of those. Raises NotFound."""
    return _only([each for each in _read(session, _in_force().where(Plan.code == code)) if each.tree.public], code)


def standing(session: Session, known: Known) -> Standing:
    """What the plan has come to by now."""
    programmes = _programmes(session, known)
    facts = _facts(session, known, programmes)
    return Standing(known, facts, roll_up(known.tree, facts), programmes)


def outside_of(standing: Standing, code: str) -> int:
    """What a node's programme paid in years that the plan does not have."""
    facts = standing.facts.get(code)
    return outside(standing.tree, facts) if facts else 0


def figures_of(known: Known, report: PlanReport) -> list[tuple[FigureKind, str, int, int | None]]:
    """The figures of a report as (kind, source or indicator, figure, what the plan has for that year)."""
    node = known.tree.node(report.node)
    return [
        (
            each.kind,
            each.key,
            each.value,
            node.planned.get((report.year, each.key))
            if each.kind is FigureKind.SPENT
            else node.targets.get(each.key, {}).get(report.year),
        )
        for each in report.figures
    ]


def last_version(session: Session, plan_id: int) -> PlanVersion | None:
    """The one with the highest number, whether it is in force, waits or was refused."""
    query = select(PlanVersion).where(PlanVersion.plan_id == plan_id)
    return session.scalar(query.order_by(PlanVersion.number.desc()).limit(1))


def version_in_force(session: Session, plan_id: int) -> PlanVersion | None:
    return session.scalar(_in_force().where(PlanVersion.plan_id == plan_id))


def waiting(session: Session, by: Actor) -> Sequence[PlanVersionCheck]:
    """The versions of the organisation's plans that wait for a second person."""
    query = select(PlanVersionCheck).join(PlanVersion).join(Plan).where(Plan.organisation_id == by.organisation_id)
    return session.scalars(query.where(PlanVersionCheck.status == ReportStatus.WAITING).order_by(PlanVersion.id)).all()


def check_of(session: Session, version_id: int, by: Actor) -> PlanVersionCheck:
    """How a version of the organisation's plans stands. Raises NotFound."""
    found = session.get(PlanVersionCheck, version_id)
    if found is None or found.version.plan.organisation_id != by.organisation_id:
        raise NotFound(f"plan version {version_id}")
    return found


def version_actions(session: Session, check: PlanVersionCheck, by: Actor) -> Sequence[str]:
    """What this person may do with a version now."""
    if check.status is not ReportStatus.WAITING:
        return ()
    done_by = audit.done_by(session, VERSION_LIFECYCLE.noun, check.id)
    return VERSION_LIFECYCLE.actions(check.status, by, done_by)


def reported(session: Session, plan_id: int) -> dict[str, frozenset[str]]:
    """Node code -> its indicators with a figure, of every report that waits or counts."""
    found: dict[str, set[str]] = defaultdict(set)
    query = (
        select(PlanReport.node, PlanFigure.kind, PlanFigure.key)
        .join(PlanCheck, PlanCheck.id == PlanReport.id)
        .join(PlanFigure, PlanFigure.report_id == PlanReport.id)
        .where(PlanReport.plan_id == plan_id, PlanCheck.status != ReportStatus.REFUSED)
        .distinct()
    )
    for node, kind, key in session.execute(query):
        found[node] |= {key} if kind is FigureKind.REACHED else set()
    return {node: frozenset(indicators) for node, indicators in found.items()}


def _in_force() -> Select[PlanVersion]:
    counts = or_(PlanVersionCheck.id.is_(None), PlanVersionCheck.status == ReportStatus.CONFIRMED)
    checked = PlanVersionCheck.id == PlanVersion.id
    newest = select(func.max(PlanVersion.id)).outerjoin(PlanVersionCheck, checked).where(counts)
    newest = newest.group_by(PlanVersion.plan_id)
    return select(PlanVersion).join(Plan).where(PlanVersion.id.in_(newest)).order_by(PlanVersion.plan_id.desc())


def _read(session: Session, query: Select[PlanVersion]) -> list[Known]:
    return [Known(version.plan, version, known_plan(version.text)) for version in session.scalars(query)]


def _only(found: Sequence[Known], code: str) -> Known:
    if not found:
        raise NotFound(f"plan {code}")
    return found[0]


def _programmes(session: Session, known: Known) -> dict[str, Programme]:
    """Code -> programme, of those that the plan names and its organisation has published."""
    codes = [node.programme for node in known.tree.projects if node.programme]
    published = select(ProgrammeVersion.programme_id).where(ProgrammeVersion.status == VersionStatus.PUBLISHED)
    query = select(Programme).where(
        Programme.code.in_(codes),
        Programme.organisation_id == known.plan.organisation_id,
        Programme.id.in_(published),
    )
    return {programme.code: programme for programme in session.scalars(query)}


def _facts(session: Session, known: Known, programmes: Mapping[str, Programme]) -> dict[str, Facts]:
    spent, reached = _reported_figures(session, known.plan.id)
    waiting = _waiting(session, known.plan.id)
    ids = {programme.id for programme in programmes.values()}
    books = _books(session, known.plan.organisation_id, ids)
    supported = _supported(session, ids, known.tree.years)
    facts = {}
    for node in known.tree.projects:
        programme = programmes.get(node.programme)
        linked = programme.id if programme else 0
        counted = {year: supported.get(linked, {}).get(year, 0) for year in known.tree.years} if programme else {}
        facts[node.code] = Facts(
            ledger=books.get(linked, {}),
            supported=counted,
            spent=spent.get(node.code, {}),
            reached=reached.get(node.code, {}),
            waiting=waiting.get(node.code, 0),
        )
    return facts


def _books(session: Session, organisation_id: int, ids: set[int]) -> dict[int, dict[Key, Balance]]:
    """Programme -> its ledger by year and source; what was brought from the year before is counted there alone."""
    brought = _brought(session, ids)
    found: dict[int, dict[Key, Balance]] = defaultdict(dict)
    for line in ledger.balances(session, organisation_id=organisation_id):
        if line.programme_id in ids:
            key = line.fiscal_year, line.source
            given = line.appropriated - brought.get((line.programme_id, *key), 0)
            found[line.programme_id][key] = Balance(given, line.committed, line.paid)
    return found


def _brought(session: Session, ids: set[int]) -> dict[tuple[int, int, str], int]:
    """(programme, year, source) -> won that came over from the year before (이월)."""
    query = (
        select(BudgetLine.programme_id, BudgetLine.fiscal_year, BudgetLine.source, func.sum(Posting.amount))
        .join(Posting, Posting.budget_line_id == BudgetLine.id)
        .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
        .where(BudgetLine.programme_id.in_(ids), LedgerEntry.kind == PostingKind.TRANSFER_IN)
        .where(LedgerEntry.source_key.startswith(CARRIED))
        .group_by(BudgetLine.programme_id, BudgetLine.fiscal_year, BudgetLine.source)
    )
    return {(programme, year, source): int(won) for programme, year, source, won in session.execute(query)}


def _supported(session: Session, ids: set[int], years: Sequence[int]) -> dict[int, dict[int, int]]:
    """Programme -> Korean year -> businesses whose first grant in the programme was decided in it."""
    first = (
        select(Application.programme_id, func.min(Decision.decided_at).label("since"))
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.programme_id.in_(ids), Application.status == ApplicationStatus.APPROVED)
        .group_by(Application.programme_id, Application.merchant_id)
        .subquery()
    )
    starts = {year: day_bounds(first_day(f"{year}-01"))[0] for year in (*years, years[-1] + 1)}
    within = [((first.c.since >= starts[year]) & (first.c.since < starts[year + 1]), literal(year)) for year in years]
    year = case(*within, else_=0)
    found: dict[int, dict[int, int]] = defaultdict(dict)
    query = select(first.c.programme_id, year, func.count()).group_by(first.c.programme_id, year)
    for programme_id, counted_in, businesses in session.execute(query):
        found[programme_id][int(counted_in)] = int(businesses)
    return found


def _reported_figures(
    session: Session, plan_id: int
) -> tuple[dict[str, dict[Key, int]], dict[str, dict[str, dict[int, int]]]]:
    """Of every figure the last confirmed: node -> (year, source) -> won, and node -> indicator -> year -> figure."""
    last = (
        select(func.max(PlanFigure.id))
        .join(PlanReport, PlanReport.id == PlanFigure.report_id)
        .join(PlanCheck, PlanCheck.id == PlanReport.id)
        .where(PlanReport.plan_id == plan_id, PlanCheck.status == ReportStatus.CONFIRMED)
        .group_by(PlanReport.node, PlanReport.year, PlanFigure.kind, PlanFigure.key)
    )
    spent: dict[str, dict[Key, int]] = defaultdict(dict)
    reached: dict[str, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    query = (
        select(PlanReport.node, PlanReport.year, PlanFigure.kind, PlanFigure.key, PlanFigure.value)
        .join(PlanFigure, PlanFigure.report_id == PlanReport.id)
        .where(PlanFigure.id.in_(last))
    )
    for node, year, kind, key, value in session.execute(query):
        if kind is FigureKind.SPENT:
            spent[node][year, key] = value
        else:
            reached[node][key][year] = value
    return spent, reached


def _waiting(session: Session, plan_id: int) -> dict[str, int]:
    query = (
        select(PlanReport.node, func.count())
        .join(PlanCheck, PlanCheck.id == PlanReport.id)
        .where(PlanReport.plan_id == plan_id, PlanCheck.status == ReportStatus.WAITING)
        .group_by(PlanReport.node)
    )
    return dict(session.execute(query).all())
