"""What an official sees of a merchant's evidence: its lines, what was told of them before, the document elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.evidence import DEAD, LIFECYCLE, EvidenceStatus
from portal.domain.evidence_lines import EnteredLine, Finding, Sought, Told, compared_total, differing
from portal.domain.money import Won
from portal.domain.periods import Month
from portal.domain.settlements import SettlementLine, delivery_and_row, month_bounds
from portal.models.evidence import Evidence, EvidenceLine
from portal.queries import audit, evidence, settlements
from portal.queries.evidence import Twin
from portal.services.evidence import entered, worth_of_each
from portal.storage import line_orders
from portal.storage.lines import LineStore


@dataclass(frozen=True, slots=True)
class Entry:
    """One line with what was kept of it (`row`) and what was told before of its order."""

    row: EvidenceLine
    line: EnteredLine
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """`total`: what the lines come to that are neither refused by an official nor by a finding; `actions`: what the
    person asking may do now; `own_delivery`: won that each line of a log counts for, 0 where no programme says so."""

    evidence: Evidence
    entries: Sequence[Entry]
    twins: Sequence[Twin]
    total: Won
    actions: Sequence[str]
    own_delivery: Won = 0

    @property
    def difference(self) -> Won:
        """What the lines come to, less what the document states."""
        return self.total - self.evidence.total


def case(session: Session, lines: LineStore, evidence_id: int, by: Actor) -> Case:
    """One case of the official's organisation. Raises NotFound."""
    found = evidence.of_organisation(session, evidence_id, by)
    open_ = found.status in (EvidenceStatus.IN_ENTRY, EvidenceStatus.ENTERED)
    said = findings(session, lines, found) if open_ else [[] for _ in found.lines]
    entries = [Entry(*each) for each in zip(found.lines, entered(found), said, strict=True)]
    counted = [entry.line for entry in entries if not entry.line.not_accepted and entry.row.refusal is None]
    return Case(
        evidence=found,
        entries=entries,
        twins=[] if found.status in DEAD else evidence.twins(session, found),
        total=compared_total(found.kind, counted),
        actions=LIFECYCLE.actions(found.status, by, audit.done_by(session, LIFECYCLE.noun, found.id)),
        own_delivery=worth_of_each(session, found),
    )


def findings(session: Session, lines: LineStore, found: Evidence) -> list[list[Finding]]:
    """For each line what was told before of its order, what refuses it first."""
    sought = entered(found)
    near = _months_around(found.period)
    paths = [
        lines.path(delivery.platform, delivery.period, delivery.id)
        for delivery in settlements.with_lines(session, found.organisation_id)
        if delivery.period in near and delivery.id != found.delivery_id
    ]
    stores = {(link.platform, link.store_id) for link in evidence.stores_of(session, found.merchant_id)}
    stored = line_orders.told(paths, _sought(found, sought), stores, work=lines.aside())
    said: list[list[Finding]] = [[] for _ in sought]
    for place, how, line in stored:
        said[place].append(_finding(sought[place], how, line))
    first: set[str] = set()
    for place, line in enumerate(sought):
        if line.order_no in first:
            said[place].append(Finding(Told.TWICE_HERE, platform=found.platform, order_no=line.order_no))
        if not line.not_accepted:
            first.add(line.order_no)
    order = list(Told)
    return [sorted(each, key=lambda finding: order.index(finding.told)) for each in said]


def _finding(line: EnteredLine, how: str, stored: SettlementLine) -> Finding:
    unlike = differing(line, stored) if how == line_orders.BY_NUMBER else ()
    kind = {line_orders.BY_ORIGIN: Told.ELSEWHERE, line_orders.BY_LOOKS: Told.ALIKE}.get(
        how, Told.DIFFERENTLY if unlike else Told.ALREADY
    )
    return Finding(kind, delivery_and_row(stored.received_seq)[0], stored.platform, stored.order_no, unlike)


def _sought(found: Evidence, lines: Sequence[EnteredLine]) -> list[Sought]:
    return [
        Sought(
            place,
            found.platform,
            line.order_no,
            line.origin_key,
            line.ordered_at.replace(second=0, microsecond=0),
            line.order_amount,
            bool(row.order_no),
        )
        for place, (row, line) in enumerate(zip(found.lines, lines, strict=True))
    ]


def _months_around(period: Month) -> set[Month]:
    """The month with its neighbours: an order of its last night may stand in the next month's file."""
    start, end = month_bounds(period)
    before = date(start.year - (start.month == 1), (start.month - 2) % 12 + 1, 1)
    return {f"{day:%Y-%m}" for day in (before, start, end)}
