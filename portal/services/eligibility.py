"""Puts a programme's conditions to what is known of an applicant, and keeps the answers with the application."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import data
from portal.domain import codes
from portal.domain.eligibility import Applicant, Basis, Criterion, Finding, evaluate
from portal.domain.errors import NotEligible, Problem
from portal.domain.periods import korean_date
from portal.models.applications import Application
from portal.models.merchants import Merchant
from portal.queries import former_support, merchants, programmes, snapshots

_OVERTAKES = ("exclusive", "former_support", "one_per_owner")  # what others did while the application was closed


def applicant(session: Session, programme_id: int, merchant: Merchant, *, on: date) -> Applicant:
    """What the portal knows of a business place on a day. What nobody has confirmed yet stays unknown (None)."""
    places = codes.regions_on(data.regions(), merchant.region_code, on)
    return Applicant(
        region_code=places[0].code if len(places) == 1 else "",
        industry_edition=merchant.industry_edition,
        industry_code=merchant.industry_code,
        opened_on=merchant.opened_on,
        sales={row.year: row.amount for row in merchant.sales},
        regular_workers=Decimal(merchant.regular_workers_tenths) / 10,
        platforms=merchants.confirmed_platforms(session, merchant.id),
        owner_business_count=merchants.places_in_programme(session, programme_id, merchant),
        tax_status=None,  # of what the tax office said, only the days around the application count: see `findings`
        certificate=None,  # an uploaded certificate counts once an official has seen it
        arrears={},  # no register of taxes is connected: an official looks at the certificate
    )


def findings(session: Session, application: Application, *, at: datetime) -> list[dict[str, Any]]:
    """The answer to every condition as it is stored: code, kind, name, legal, passed, expected, found."""
    criteria = programmes.read(application.version).announcement.criteria(application.track)
    on = korean_date(at)
    known = applicant(session, application.programme_id, application.merchant, on=on)
    kinds = {criterion.kind for criterion in criteria}
    if "former_support" in kinds:
        known = replace(known, supported=former_support.granted(session, application.merchant_id))
    if "exclusive" in kinds:
        others = former_support.taking_part(session, application.programme_id, application.merchant_id)
        known = replace(known, taking_part=others)
    if "not_closed" in kinds:
        known = replace(known, tax_status=snapshots.tax_status(session, application.merchant, at=at))
    return _left_to_people(stored(criteria, evaluate(criteria, known, Basis(on, data.excluded_industries()))))


def hear_tax_office(session: Session, merchant_ids: Collection[int], *, at: datetime) -> int:
    """Answers what stood open in applications of the last day with what the tax office says now; how many.

    A condition that was answered stays as it was: it is about the day of the application.
    """
    heard = 0
    for application in snapshots.handed_in_lately(session, merchant_ids, at=at):
        status = snapshots.tax_status(session, application.merchant, at=at)
        open_ones = {
            one["code"] for one in application.findings or () if one["kind"] == "not_closed" and one["passed"] is None
        }
        if status is None or not open_ones:
            continue
        criteria = programmes.read(application.version).announcement.criteria(application.track)
        asked = [criterion for criterion in criteria if criterion.code in open_ones]
        basis = Basis(korean_date(at), data.excluded_industries())
        answers = _left_to_people(stored(asked, evaluate(asked, Applicant(tax_status=status), basis)))
        now = {one["code"]: one for one in answers}
        application.findings = [now.get(one["code"], one) for one in application.findings or ()]
        heard += 1
    session.flush()
    return heard


def _left_to_people(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a register says against a business refuses nothing by itself: it is shown, and an official decides."""
    return [{**one, "passed": one["passed"] or None} if one["kind"] == "not_closed" else one for one in found]


def stored(criteria: Sequence[Criterion], answers: Sequence[Finding]) -> list[dict[str, Any]]:
    """The answers as they are stored, each with the kind of its condition."""
    return [
        {
            "code": answer.code,
            "kind": criterion.kind,
            "name": answer.name,
            "legal": answer.legal,
            "passed": answer.passed,
            "expected": answer.expected,
            "found": answer.found,
        }
        for criterion, answer in zip(criteria, answers, strict=True)
    ]


def refuse_overtaken(session: Session, application: Application, *, at: datetime) -> None:
    """Puts anew to a reopened application what may have changed while it was closed: another place of the owner, a
    programme that excludes this one, a grant since. The place is held, so that nothing is handed in meanwhile.

    Raises NotEligible, with what was found, for each of these conditions that is not met any more.
    """
    if application.reopened_at is None:
        return
    session.execute(select(Merchant.id).where(Merchant.id == application.merchant_id).with_for_update(key_share=True))
    now = {one["code"]: one for one in findings(session, application, at=at) if one["kind"] in _OVERTAKES}
    failed = [
        Problem("reopened_condition", value=f"{one['name']} ({one['found']})" if one["found"] else one["name"])
        for one in now.values()
        if one["passed"] is False
    ]
    if failed:
        raise NotEligible(problems=failed)
    application.findings = [now.get(one["code"], one) for one in application.findings or ()]


def refuse_failed(found: list[dict[str, Any]]) -> None:
    """Raises NotEligible with one problem for each condition that is not met; undecided ones pass."""
    failed = [
        Problem("condition_not_met", f"finding-{one['code']}", one["name"]) for one in found if one["passed"] is False
    ]
    if failed:
        raise NotEligible(problems=failed)
