"""No platform is a name only: each one's own file goes through delivery, link, claim and payment to a statistic."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Role
from portal.domain.settlements import DeliverSettlement
from portal.domain.statistics import Dimension, Row
from portal.models.claims import Claim
from portal.services import payments, settlements, statistics
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests import approved_claims, databases
from tests.drawn_up import approve, draw_up
from tests.factories import AT, actor, make_official
from tests.platform_samples import PERIOD, SAMPLES, Sample
from tests.settled import Office, Shop

PAID_ON = date(2026, 6, 17)
Part = tuple[str, str]


@dataclass(frozen=True, slots=True)
class County:
    """What came of all samples: exact won of the claim by platform and item, and the statistic's rows by platform."""

    claimed: dict[Part, int]
    paid: dict[str, Row]
    unlinked: set[str]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """One merchant with a store at every platform, told about by the platforms' own files, paid for the month.

    Made once on a database of its own: every test looks at another platform of it.
    """
    folder = tmp_path_factory.mktemp("county")
    engine = create_engine(databases.copy_sqlite(folder / "county.sqlite"))
    with Session(engine) as session:
        yield _made(session, folder)
    engine.dispose()


def _made(session: Session, folder: Path) -> County:
    office = Office(session, stores_under(folder), LineStore(folder))
    shop = office.grant(trade_name="온갖 플랫폼 가게")
    for sample in SAMPLES:
        _deliver(office, sample)
    unlinked = {store.platform for store in settlements.unlinked_stores(session, office.lines, actor(office.reviewer))}
    for code, store_id in {sample.platform: sample.store for sample in SAMPLES}.items():
        office.link(replace(shop, store_id=store_id), code)
    draw_up(office, PERIOD)
    approve(office, PERIOD)
    _pay(office)
    claim = _claim_of(session, shop)
    claimed = {(part.platform, part.item): part.amount_e4 for part in claim.parts}
    found = statistics.compile(session, office.programme.programme, at=AT)
    table = next(each for each in found.breakdowns if each.dimension is Dimension.PLATFORM)
    return County(claimed, {row.code: row for row in table.rows}, unlinked)


def _deliver(office: Office, sample: Sample) -> None:
    command = DeliverSettlement(sample.platform, PERIOD, sample.filename, io.BytesIO(sample.content))
    by = actor(office.reviewer)
    settlements.deliver(office.session, office.stores, office.lines, command, by=by, at=AT)


def _pay(office: Office) -> None:
    payer, releaser = (make_official(office.session, Role.PAYER, name=name) for name in ("지출담당", "지출책임"))
    run = payments.prepare(office.session, office.code, by=actor(payer), at=AT)
    payments.release(office.session, office.stores, run.id, by=actor(releaser), at=AT)
    answer = approved_claims.answer(run, (0, "done"), on=PAID_ON)
    payments.settle(office.session, office.stores, run.id, answer, by=actor(payer), at=AT + timedelta(days=3))


def _claim_of(session: Session, shop: Shop) -> Claim:
    return session.scalars(select(Claim).where(Claim.merchant_id == shop.merchant.id)).one()


@pytest.mark.parametrize("code", data.platform_catalogue())
def test_a_platforms_own_file_reaches_a_claim_and_a_statistic(county: County, code: str) -> None:
    samples = [sample for sample in SAMPLES if sample.platform == code]
    platform = data.platform_catalogue()[code]
    assert code in county.unlinked, "before the link, its store is nobody's"
    promotion = sum(cost - support for cost, support in (sample.promotion for sample in samples))
    assert county.claimed.get((code, "promotion"), 0) == promotion * 8_000  # 80 % in 1/10,000 won
    reported = any(cost > support for cost, support in (sample.delivery for sample in samples))
    assert ((code, "delivery") in county.claimed) == (reported and "delivery" in platform.channels)
    basis = {"merchant_delivery_cost": reported, "merchant_promotion_cost": promotion > 0}
    assert set(platform.claimable) == {name for name, there in basis.items() if there}
    row = county.paid[code]
    assert (row.label, row.paid > 0, row.merchants) == (platform.name, True, 1)


def test_nothing_of_the_statistic_comes_from_elsewhere(county: County) -> None:
    assert set(county.paid) == set(data.platform_catalogue())
