"""Where the machine plays: a programme with awkward shares and a small budget, and applications ready to be decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.models.claims import AssessmentRun
from portal.models.ledger import BudgetLine
from portal.storage.objects import Stores, stores_under
from tests import cases
from tests.approved_claims import Office, open_office
from tests.cases import recommend
from tests.factories import AT, GURYE, actor, make_programme

CODE = "small"
SHARES = {"national": Fraction(333, 1_000), "province": Fraction(167, 1_000), "county": Fraction(500, 1_000)}
BUDGET = {"national": 500_001, "province": 250_003, "county": 750_007}
REQUESTED = (500_000, 499_999, 99_999, 123_457, 70_010, 333_333)
MONTHS = range(1, 9)


@dataclass(frozen=True)
class Scene:
    """`applications`: id -> won that will be granted; `months`: month -> assessment run; who acts: all different."""

    engine: Engine
    stores: Stores
    lines: dict[str, int]
    applications: dict[int, int]
    merchants: dict[int, int]
    months: dict[int, int]
    reviewer: Actor
    approver: Actor
    payer: Actor
    releaser: Actor
    behind: Actor  # the reviewer, who has become a payer since


def made(url: str, folder: Path) -> Scene:
    """On an empty database; committed, and nothing open."""
    engine, stores = create_engine(url), stores_under(folder / "store")
    with Session(engine) as session:
        office = _office(session)
        applied = {cases.apply(session, stores, office.programme, requested=won): won for won in REQUESTED}
        for each in applied:
            recommend(session, each.application, actor(office.reviewer))
        months = {month: _assessed(session, stores, office, month) for month in MONTHS}
        mine = BudgetLine.programme_id == office.programme.programme.id
        lines = dict(session.execute(select(BudgetLine.source, BudgetLine.id).where(mine)).all())
        behind = replace(actor(office.reviewer), roles=actor(office.payer).roles)
        scene = Scene(
            engine, stores, lines,
            {each.id: won for each, won in applied.items()},
            {each.id: each.application.merchant_id for each in applied},
            months,
            *(actor(user) for user in (office.reviewer, office.approver, office.payer, office.releaser)),
            behind,
        )  # fmt: skip
        session.commit()
    engine.dispose()
    return scene


def _office(session: Session) -> Office:
    text = GURYE.replace('code = "gurye-2020-o2o"', f'code = "{CODE}"')
    told = ", ".join(f'{source} = "{Decimal(share.numerator) / share.denominator}"' for source, share in SHARES.items())
    text = text.replace('{ national = "0.50", province = "0.15", county = "0.35" }', f"{{ {told} }}")
    for source, full in (("national", "60_000_000"), ("province", "18_000_000"), ("county", "42_000_000")):
        assert f"amount = {full}" in text
        text = text.replace(f"amount = {full}", f"amount = {BUDGET[source]}")
    office = open_office(session)
    return replace(office, programme=make_programme(session, text=text))


def _assessed(session: Session, stores: Stores, office: Office, month: int) -> int:
    run = AssessmentRun(
        programme_id=office.programme.programme.id,
        version_id=office.programme.version.id,
        period=f"2026-{month:02d}",
        deliveries_upto=0,
        inputs_sha256=stores.reports.put(b"inputs").sha256,
        explanation_sha256=stores.reports.put(b"explanation").sha256,
        drawn_up_by=office.reviewer.id,
        drawn_up_at=AT,
    )
    session.add(run)
    session.flush()
    return run.id
