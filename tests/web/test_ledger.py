"""The ledger page: balances are sums of postings, entries go on page by page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.queries import ledger
from portal.services import ledger as ledger_service
from portal.services import payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.clients import PortalClient
from tests.factories import AT, actor, make_official, make_organisation, make_programme
from tests.pages import text_of

ClientOf = Callable[..., PortalClient]


def test_balances_and_both_rates_follow_the_money(session: Session, stores: Stores, client_of: ClientOf) -> None:
    office = world.open_office(session)
    world.make_claims(session, stores, office, [300_000])
    run = payments.prepare(session, world.CODE, by=actor(office.payer), at=AT)
    payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)
    payments.settle(session, stores, run.id, world.all_done(run), by=actor(office.payer), at=AT)
    page = text_of(client_of(office.payer).get("/office/ledger").text)
    assert "합계 120,000,000원 500,000원 300,000원 0원 119,500,000원 0.4% 0.3%" in page
    for words in ("예산 배정", "교부 결정", "지급", "남은 예산 → 교부결정액", "교부결정액 → 실집행액"):
        assert words in page


def test_a_rate_is_cut_and_never_rounded_up(session: Session) -> None:
    balance = ledger.Balance(1, 2026, "county", 100_000, 4, 0, 99_996, 0, 0)
    assert (balance.commitment_rate, balance.granted) == (balance.disbursement_rate, 99_996)
    empty = ledger.Balance(1, 2026, "county", 0, 0, 0, 0, 0, 0)
    assert (empty.commitment_rate, empty.disbursement_rate) == (0, 0)


def test_entries_go_on_page_by_page_without_gap_or_repetition(session: Session) -> None:
    programme = make_programme(session)
    by = actor(make_official(session, Role.APPROVER))
    lines = ledger_service.lines_by_source(session, programme.programme.id, 2026)
    for number in range(7):
        ledger_service.post(
            session, ledger.PostingKind.COMMIT, {lines["county"]: 10 + number, lines["province"]: 1},
            source_key=f"commit:application:{number}", by=by, at=AT,
        )  # fmt: skip
    seen: list[int] = []
    before = None
    while True:
        page = ledger.page(session, by, before=before, size=3)
        assert len(page.entries) <= 3
        assert all(entry.lines for entry in page.entries)
        seen += [entry.id for entry in page.entries]
        if page.earlier is None:
            break
        before = page.earlier
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 8


def test_the_ledger_of_another_organisation_is_not_shown(session: Session, client_of: ClientOf) -> None:
    make_programme(session)
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    page = client_of(make_official(session, Role.PAYER, organisation=elsewhere)).get("/office/ledger").text
    assert "예산이 없습니다" in page
    assert "구례군" not in page


@pytest.mark.parametrize(("role", "status"), [(Role.PAYER, 200), (Role.AUDITOR, 200), (Role.REVIEWER, 403)])
def test_payers_and_auditors_read_the_ledger(session: Session, client_of: ClientOf, role: Role, status: int) -> None:
    make_programme(session)
    assert client_of(make_official(session, role)).get("/office/ledger").status_code == status


def test_the_ledger_takes_few_statements(session: Session, client_of: ClientOf, statement_counter: Callable) -> None:
    make_programme(session)
    client = client_of(make_official(session, Role.PAYER))
    session.commit()
    with statement_counter() as statements:
        client.get("/office/ledger")
    assert len(statements) <= 9, "\n".join(statements)


def test_a_year_is_taken_to_an_accounting_program_by_those_who_read_the_ledger(
    session: Session, client_of: ClientOf
) -> None:
    make_programme(session)
    auditor = client_of(make_official(session, Role.AUDITOR))
    assert "/office/ledger/journal/2026.hledger" in auditor.get("/office/ledger").text
    for kind, word in (("hledger", "account gurye:"), ("beancount", "option ")):
        answer = auditor.get(f"/office/ledger/journal/2026.{kind}")
        assert (answer.status_code, word in answer.text) == (200, True)
        assert answer.headers["Content-Disposition"] == f"attachment; filename=journal_gurye_2026.{kind}"
    for wrong in ("2026.xlsx", "2020.hledger"):
        assert auditor.get(f"/office/ledger/journal/{wrong}").status_code == 404
    assert (
        client_of(make_official(session, Role.REVIEWER)).get("/office/ledger/journal/2026.hledger").status_code == 403
    )
