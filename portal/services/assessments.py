"""Running the assessment on stored data: what it reads is kept with the run, so that anyone can run it again (I9)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import assessment
from portal.assessment import Assessment
from portal.domain.assessment import Enrolment, ExplainedLine, LinkPeriod
from portal.domain.errors import Incomplete, Problem
from portal.domain.periods import korean_time
from portal.models.claims import AssessmentRun, Claim
from portal.queries import claims, links, programmes
from portal.services import settlements
from portal.storage.lines import LineStore
from portal.storage.objects import Stores

MEMORY = "1GB"  # beyond it the engine spills to disk


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that an assessment reads; the lines are those of the deliveries numbered up to `upto`."""

    organisation_id: int
    versions: Sequence[int]
    upto: int
    links: Sequence[LinkPeriod]
    enrolments: Sequence[Enrolment]


def gather(session: Session, lines: LineStore, organisation_id: int) -> Inputs:
    """What an assessment of the organisation's programmes in force reads now. Raises Incomplete without lines.

    All its programmes together, because an order is paid by at most one of them.
    """
    upto = check_lines(session, lines, organisation_id)
    published = programmes.published(session, organisation_id=organisation_id)
    in_force = [found for found in published if found.terms.items]  # the others give services in kind
    enrolments = [
        Enrolment(
            programme=found.terms.code,
            merchant_id=str(grant.merchant_id),
            owner_id=str(grant.person_id),
            enrolled_from=None,
            enrolled_to=None,
            accepted_at=korean_time(grant.accepted_at).replace(tzinfo=None),
        )
        for found in in_force
        for grant in claims.grants(session, found.programme.id)
    ]
    return Inputs(
        organisation_id=organisation_id,
        versions=[found.version.id for found in in_force],
        upto=upto,
        links=links.periods(session, [found.programme.id for found in in_force]),
        enrolments=enrolments,
    )


def check_lines(session: Session, lines: LineStore, organisation_id: int) -> int:
    """The number of the organisation's last delivery. Raises Incomplete where there is none."""
    upto = settlements.taken_in(session, lines, organisation_id).upto
    if not upto:
        raise Incomplete(problems=[Problem("no_lines", "period")])
    return upto


def run(session: Session, lines: LineStore, inputs: Inputs) -> Assessment:
    """The assessment of these inputs, a context manager: its answers are read inside the `with`."""
    return assessment.assess(
        [programmes.version(session, version_id).terms for version_id in inputs.versions],
        lines=settlements.taken_in(session, lines, inputs.organisation_id, upto=inputs.upto).paths,
        links=inputs.links,
        enrolments=inputs.enrolments,
        memory=MEMORY,
        work=lines.aside(),
    )


def again(session: Session, stores: Stores, lines: LineStore, done: AssessmentRun) -> dict[int, int]:
    """What a past run assessed, computed once more from what it had read (I9): merchant id -> won of its month."""
    mine = (programmes.version(session, done.version_id).terms.code, done.period)
    with run(session, lines, recall(stores, done.inputs_sha256)) as assessed:
        return {int(row.merchant_id): row.payable for row in assessed.claims() if (row.programme, row.period) == mine}


def explained(stores: Stores, claim: Claim) -> list[ExplainedLine]:
    """What the claim's own run found for every line of its merchant and month, by time."""
    if claim.run is None:
        return []  # a firm's invoice: its services are the explanation (queries/invoices.py)
    found = assessment.explain(stores.reports.path(claim.run.explanation_sha256), str(claim.merchant_id), claim.period)
    mine = [line for line in found if line.programme in ("", claim.programme.code)]
    return sorted(mine, key=lambda line: (line.ordered_at, line.platform, line.order_no, line.received_seq, line.item))


def keep(stores: Stores, inputs: Inputs) -> str:
    """Stores the inputs; the name they can be recalled by."""
    kept = {
        "organisation": inputs.organisation_id,
        "versions": list(inputs.versions),
        "upto": inputs.upto,
        "links": [_row(link) for link in inputs.links],
        "enrolments": [_row(enrolment) for enrolment in inputs.enrolments],
    }
    return stores.reports.put(json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()).sha256


def recall(stores: Stores, sha256: str) -> Inputs:
    """The inputs of a past run. Raises Conflict where the stored bytes were altered."""
    kept = json.loads(stores.reports.read(sha256))
    return Inputs(
        organisation_id=kept["organisation"],
        versions=kept["versions"],
        upto=kept["upto"],
        links=[LinkPeriod(*row[:3], date.fromisoformat(row[3]), _date(row[4])) for row in kept["links"]],
        enrolments=[
            Enrolment(*row[:3], _date(row[3]), _date(row[4]), datetime.fromisoformat(row[5]))
            for row in kept["enrolments"]
        ],
    )


def _row(record: LinkPeriod | Enrolment) -> list[str | None]:
    values: list[Any] = [getattr(record, name) for name in record.__slots__]
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
