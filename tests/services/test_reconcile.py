"""The checker of the invariants: silent on what went through the portal, loud about every row written around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.letters import Letter
from portal.services import claims, payments, reconcile
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests import (
    approval_breaches,
    books_kept,
    breaches_in_line,
    cleared_up,
    databases,
    evidenced,
    in_kind_breaches,
    mailed,
    objection_breaches,
    outside_money,
    planned,
    recovery_breaches,
    selection_breaches,
)
from tests.approved_claims import answer
from tests.books_kept import unguarded
from tests.factories import AT, actor, make_official
from tests.settled import Office, line

NOWHERE = "0" * 64
KINDS = [pytest.param(kind, marks=pytest.mark.xdist_group(f"lived {kind}")) for kind in databases.KINDS]


@dataclass(frozen=True)
class World:
    """A month from orders to payment, on one kind of database; every test takes back what it broke."""

    session: Session
    files: reconcile.Files

    def broken(self, name: str) -> list[str]:
        check = next(check for check in reconcile.CHECKS if check.name == name)
        return list(check.run(self.session, self.files).broken)


@pytest.fixture(scope="module", params=KINDS)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Made once, so one worker has all of a kind: of three shops' claims one is paid, one refused, one not known of."""
    place = tmp_path_factory.mktemp(f"reconcile-{request.param}")
    sqlite = request.param == "sqlite"
    name = databases.fresh_name()
    url = databases.copy_sqlite(Path(place) / "ieum.sqlite") if sqlite else databases.copy_postgresql(name)
    engine = create_engine(url)
    with Session(engine) as session:
        files = reconcile.Files(stores_under(place / "store"), LineStore(place / "store"))
        live(session, files)
        session.commit()
        yield World(session, files)
    engine.dispose()
    if not sqlite:
        databases.drop_postgresql(name)


def live(session: Session, files: reconcile.Files) -> None:
    office = Office(session, files.stores, files.lines)
    cleared_up.tell(session)
    shops = [office.shop(f"BM{number}") for number in range(3)]
    office.deliver([line(shop.store_id, f"2026-05-0{day} 12:00") for shop in shops for day in (2, 3, 4)], "2026-05")
    drawn = claims.draw_up(session, files.stores, files.lines, office.code, "2026-05", by=actor(office.reviewer), at=AT)
    assert drawn.drawn_up == 3
    claims.approve(session, office.code, "2026-05", by=actor(office.approver), at=AT)
    payer, releaser = (actor(make_official(session, Role.PAYER)) for _ in range(2))
    run = payments.prepare(session, office.code, by=payer, at=AT)
    payments.release(session, files.stores, run.id, by=releaser, at=AT)
    results = answer(run, (0, "done"), (1, "refused"), (2, "unknown"))
    payments.settle(session, files.stores, run.id, results, by=payer, at=AT + timedelta(hours=1))
    recovery_breaches.take_back(office, run)
    cleared_up.clear_up(office)
    mailed.in_every_way(session)
    breaches_in_line.stand_in_line(session, files.stores)
    outside_money.ask(session, run)
    objection_breaches.object_to_rejection(office)
    selection_breaches.choose(session, files.stores)
    in_kind_breaches.supply(session, files.stores)
    books_kept.keep_books(session, files, payer, releaser)
    planned.in_every_stage(session, files.stores)


@pytest.fixture
def world(lived: World) -> Iterator[World]:
    yield lived
    lived.session.rollback()


def test_nothing_is_broken_where_everything_went_through_the_portal(world: World) -> None:
    results = reconcile.check_all(world.session, world.files)
    assert [(result.code, result.broken) for result in results if not result.holds] == []
    assert len(results) == len(reconcile.CHECKS)


def test_the_quick_checks_are_those_that_ask_the_database_alone(world: World) -> None:
    quick = {result.name for result in reconcile.check_quickly(world.session, world.files)}
    assert {check.name for check in reconcile.CHECKS} - quick == {
        "lines_intact", "claims_recompute", "tables_refuse_changes", "audit_chain_verifies", "objects_intact",
        "statistics_agree",
    }  # fmt: skip


ENTRY = (
    "INSERT INTO ledger_entry (source_key, kind, posted_on, posted_at, posted_by, note)"
    " SELECT 'by hand', '{kind}', posted_on, posted_at, posted_by, '' FROM ledger_entry WHERE id = 1"
)
POSTING = (
    "INSERT INTO posting (entry_id, budget_line_id, debit, credit, amount)"
    " SELECT max(id), 1, '{debit}', '{credit}', {amount} FROM ledger_entry"
)
AUDIT = (
    "INSERT INTO audit_event (noun, record_id, action, user_id, person_id, at, note)"
    " SELECT '{noun}', {record}, '{action}', user_id, person_id, at, '' FROM audit_event"
    " WHERE noun = 'claim' AND record_id = 1 AND action = 'draw_up'"
)
MOVED = (
    "INSERT INTO audit_event (noun, record_id, action, source, target, user_id, person_id, at, note)"
    " SELECT '{noun}', {record}, '{action}', '{source}', '{target}', user_id, person_id, at, ''"
    " FROM audit_event WHERE id = 1"
)
SECOND_PAYMENT = (
    "INSERT INTO payment (run_id, claim_id, reference, amount, bank_code, account_number, account_holder, status)"
    " SELECT run_id, claim_id, 'by hand', amount, bank_code, account_number, account_holder, 'prepared'"
    " FROM payment WHERE id = 1"
)
PAID = (
    "INSERT INTO ledger_entry (source_key, kind, posted_on, posted_at, posted_by, application_id, note)"
    " SELECT 'by hand', 'disburse', posted_on, posted_at, posted_by, 1, '' FROM ledger_entry WHERE id = 1"
)
SECOND_CLAIM = (
    "INSERT INTO claim (programme_id, version_id, merchant_id, application_id, run_id, period, revision, lines,"
    " exact_e4, assessed, payable, status, drawn_up_at)"
    " SELECT programme_id, version_id, merchant_id, application_id, run_id, '{period}', {revision}, lines,"
    " exact_e4, assessed, payable, 'approved', drawn_up_at FROM claim WHERE id = 3"
)
OWNER = (
    "INSERT INTO audit_event (noun, record_id, action, user_id, person_id, at, note)"
    " SELECT '{noun}', 1, '{action}', account.id, account.person_id, audit_event.at, ''"
    " FROM audit_event, merchant JOIN account ON account.id = merchant.owner_id"
    " WHERE audit_event.id = 1 AND merchant.id = (SELECT merchant_id FROM claim WHERE id = 1)"
)

# check, what is written around the services, a word of what must be found
BREACHES = [
    ("postings_follow_recipes", [ENTRY.format(kind="commit")], "has no posting"),
    (
        "postings_follow_recipes",
        [ENTRY.format(kind="commit"), POSTING.format(debit="paid", credit="source", amount=5)],
        "does not follow commit",
    ),
    ("budget_lines_hold", ["UPDATE budget_line SET used = used + 1 WHERE id = 1"], "budget line 1"),
    (
        "budget_lines_hold",
        [ENTRY.format(kind="disburse"), POSTING.format(debit="paid", credit="committed", amount=9_900_000)],
        "committed is -",
    ),
    ("commitments_match_decisions", ["UPDATE decision SET amount = amount + 10"], "committed otherwise"),
    ("commitments_match_decisions", ["UPDATE claim SET payable = 500010, assessed = 500010"], "exceed"),
    (
        "commitments_match_decisions",
        ["UPDATE decision SET outcome = 'reject' WHERE application_id = 1"],
        "without a decision",
    ),
    (
        "commitments_not_overdrawn",
        [PAID, POSTING.format(debit="paid", credit="committed", amount=250_000)],
        "application 1: overdrawn by",
    ),
    ("one_living_payment", ["DROP INDEX uq_payment_live", SECOND_PAYMENT], "several living payments"),
    ("statuses_follow_audit", ["UPDATE claim SET status = 'approved' WHERE id = 1"], "its audit trail says paid"),
    (
        "statuses_follow_audit",
        [MOVED.format(noun="payment", record=3, action="confirm", source="refused", target="done")],
        "is no row of its table",
    ),
    ("money_agrees", ["UPDATE payment SET amount = amount + 1 WHERE id = 1"], "the ledger paid"),
    ("money_agrees", ["UPDATE payment SET status = 'done' WHERE id = 3"], "the ledger paid 0"),
    ("money_agrees", ["UPDATE payment SET status = 'refused' WHERE id = 1"], "not confirmed by the bank"),
    ("money_agrees", ["UPDATE claim SET status = 'paid' WHERE id = 2"], "marked paid"),
    ("parts_add_up", ["UPDATE payment_share SET amount = amount + 1 WHERE payment_id = 1"], "payment 1"),
    ("parts_add_up", ["UPDATE claim_part SET amount = amount + 1 WHERE claim_id = 2"], "claim 2"),
    ("parts_add_up", ["UPDATE payment_run SET total = total + 1"], "payment run 1"),
    ("parts_add_up", ["UPDATE claim SET payable = payable + 10, assessed = assessed + 10"], "payment 1: not what its"),
    (
        "shares_agree",
        [
            "UPDATE payment_share SET amount = amount + 1 WHERE payment_id = 1 AND source = 'national'",
            "UPDATE payment_share SET amount = amount - 1 WHERE payment_id = 1 AND source = 'county'",
        ],
        "payment 1: national gives",
    ),
    ("shares_agree", ["DELETE FROM payment_share WHERE payment_id = 1 AND source = 'county'"], "paid from county"),
    ("lines_intact", [f"UPDATE delivery SET lines_sha256 = '{NOWHERE}'"], "delivery 1"),
    ("lines_intact", ["UPDATE delivery SET accepted = accepted - 1, refused = refused + 1"], "8 accepted"),
    ("rows_accounted_for", ["UPDATE delivery SET lines_sha256 = NULL"], "lines None"),
    ("claims_recompute", ["UPDATE claim SET assessed = assessed + 1 WHERE id = 3"], "claim 3"),
    ("claims_recompute", ["UPDATE claim SET exact_e4 = exact_e4 + 1 WHERE id = 3"], "claim 3"),
    ("claims_recompute", ["UPDATE claim SET lines = lines + 1 WHERE id = 3"], "claim 3"),
    ("claims_recompute", [SECOND_CLAIM.format(period="2026-04", revision=1)], "claimed 9000 of 4500 over all months"),
    ("claims_within_assessment", [SECOND_CLAIM.format(period="2026-05", revision=2)], "claimed 9000 of 4500"),
    ("own_money_left_alone", [OWNER.format(noun="claim", action="approve")], "claim 1: approve by the owner"),
    ("own_money_left_alone", [OWNER.format(noun="claim", action="take_back")], "claim 1: take_back by the owner"),
    ("own_money_left_alone", [OWNER.format(noun="payment_run", action="release")], "payment_run 1: release by the"),
    ("own_money_left_alone", [OWNER.format(noun="link", action="confirm")], "link 1: confirm by the owner"),
    ("own_money_left_alone", [evidenced.BY_HAND.format(status="confirmed"),
     OWNER.format(noun="evidence", action="confirm")], "evidence 1: confirm by the owner"),
    ("evidence_delivered", [evidenced.BY_HAND.format(status="entered")], "evidence 1 is entered, its delivery is 1"),
    ("evidence_delivered", [evidenced.BY_HAND.format(status="confirmed")], "0 lines accepted, 9 delivered"),
    ("four_eyes_kept", [AUDIT.format(noun="claim", record=1, action="approve")], "by a person of an earlier step"),
    (
        "four_eyes_kept",
        [AUDIT.format(noun="payment_run", record=1, action="release")],
        "released by a person behind claim",
    ),
    *approval_breaches.BREACHES,
    *recovery_breaches.BREACHES,
    *objection_breaches.BREACHES,
    *selection_breaches.BREACHES,
    *in_kind_breaches.BREACHES,
    *books_kept.BREACHES,
    ("objects_intact", [f"UPDATE letter SET sha256 = '{NOWHERE}' WHERE id = 1"], "letter 1"),
    ("objects_intact", [f"UPDATE payment_run SET bank_file_sha256 = '{NOWHERE}'"], "bank file of run 1"),
    ("objects_intact", [f"""INSERT INTO receipt (organisation_id, platform, period, filename, sha256, size, status,
        received_by, received_at) SELECT organisation_id, platform, period, filename, '{NOWHERE}', 1, 'received',
        delivered_by, delivered_at FROM delivery WHERE id = 1"""], "file received 1"),
    ("no_float_columns", ["ALTER TABLE person ADD COLUMN height REAL"], "person.height"), *outside_money.BREACHES,
    ("statistics_agree", ["UPDATE claim_part SET amount = amount + 1"], "gurye-2020-o2o"),
    ("outbox_accounted_for", ["UPDATE webhook_message SET tries = 9"], "message 1 of the outbox"),
    ("messages_accounted_for", ["UPDATE message SET tries = 9 WHERE id = 1"], "message 1 of the mail outbox"),
    ("messages_accounted_for", ["DELETE FROM message_try WHERE message_id = 1"], "message 1 of the mail outbox"),
    ("messages_accounted_for", ["UPDATE message_try SET verdict = 'later'"], "message 3 of the mail outbox"),
    *breaches_in_line.BREACHES,
    ("queue_numbers_ordered", ["UPDATE application SET queue_number = 99 WHERE id = 2"], "has queue number 99"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "statements", "said"), BREACHES)
def test_a_row_written_around_the_portal_is_found(world: World, name: str, statements: list[str], said: str) -> None:
    for statement in statements:
        world.session.execute(text(statement))
    assert any(said in row for row in world.broken(name)), world.broken(name)


def test_the_queues_own_tables_may_count_seconds_in_fractions(world: World) -> None:
    world.session.execute(text("CREATE TABLE huey_task (priority REAL)"))
    assert world.broken("no_float_columns") == []


def test_every_check_has_its_breach() -> None:
    shown = {name for name, _, _ in BREACHES} | {"tables_refuse_changes"}
    assert shown == {check.name for check in reconcile.CHECKS}


@pytest.mark.parametrize("table", reconcile.APPEND_ONLY)
def test_a_table_that_lost_its_guard_is_found(world: World, table: str) -> None:
    assert world.broken("tables_refuse_changes") == []
    for statement in unguarded(world.session, table):
        world.session.execute(text(statement))
    assert any(row.startswith(table) for row in world.broken("tables_refuse_changes"))
    assert world.session.scalar(text(f"SELECT count(*) FROM {table}"))


def test_a_stored_file_that_was_altered_or_lost_is_found(world: World) -> None:
    letter = world.session.scalars(select(Letter).order_by(Letter.id).limit(1)).one()
    path = world.files.stores.letters.path(letter.sha256)
    good = path.read_bytes()
    try:
        for spoil in (lambda: path.write_bytes(good + b"%"), path.unlink):
            spoil()
            assert any(row.startswith(f"letter {letter.id}:") for row in world.broken("objects_intact"))
    finally:
        path.write_bytes(good)
    assert world.broken("objects_intact") == []


def test_rows_that_do_not_add_up_are_found_once_the_databases_own_check_is_gone(world: World) -> None:
    loosen: Callable[[str], object] = lambda statement: world.session.execute(text(statement))  # noqa: E731
    sqlite, ignoring = world.session.get_bind().dialect.name == "sqlite", "PRAGMA ignore_check_constraints"
    loosen(f"{ignoring} = ON" if sqlite else "ALTER TABLE delivery DROP CONSTRAINT ck_delivery_rows")
    try:
        loosen("UPDATE delivery SET received_rows = received_rows + 1")
        assert any("delivery 1" in row for row in world.broken("rows_accounted_for"))
    finally:
        if sqlite:
            loosen(f"{ignoring} = OFF")
