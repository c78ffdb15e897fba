"""What is written around the services about money that comes back, for the tests of the checker of invariants."""

from __future__ import annotations

from portal.domain.actors import Role
from portal.models.payments import PaymentRun
from tests import approved_claims, recovered
from tests.factories import make_official
from tests.settled import Office

_APPROVED_BY_DECIDER = (
    "INSERT INTO audit_event (noun, record_id, action, user_id, person_id, at, note)"
    " SELECT 'claim', 1, 'approve', user_id, person_id, at, '' FROM audit_event"
    " WHERE noun = 'recovery' AND action = 'order'"
)
_ORDERED_BY_OWNER = (
    "INSERT INTO audit_event (noun, record_id, action, user_id, person_id, at, note)"
    " SELECT 'recovery', 1, 'order', account.id, account.person_id, audit_event.at, ''"
    " FROM audit_event, merchant JOIN account ON account.id = merchant.owner_id"
    " WHERE audit_event.id = 1 AND merchant.id = (SELECT merchant_id FROM recovery WHERE id = 1)"
)


def _posted(kind: str, debit: str, credit: str, won: int) -> list[str]:
    """An entry of the first budget line."""
    return [
        "INSERT INTO ledger_entry (source_key, kind, posted_on, posted_at, posted_by, note)"
        f" SELECT 'by hand', '{kind}', posted_on, posted_at, posted_by, '' FROM ledger_entry WHERE id = 1",
        "INSERT INTO posting (entry_id, budget_line_id, debit, credit, amount)"
        f" SELECT max(id), 1, '{debit}', '{credit}', {won} FROM ledger_entry",
    ]


# check, what is written around the services, a word of what must be found
BREACHES = [
    ("recoveries_within_payments", ["UPDATE recovery_part SET principal = 9999"], "9999 asked back from"),
    ("recoveries_within_payments", ["UPDATE payment SET status = 'refused'"], "paid 0"),
    ("receipts_within_orders", ["UPDATE recovery SET fulfilled = 0"], "guard 0/1000"),
    ("receipts_within_orders", ["UPDATE recovery SET status = 'settled'"], "recovery 1 is settled, owed 1000"),
    ("recoveries_agree", ["UPDATE recovery_part SET principal = principal + 1"], "demand:recovery:1"),
    ("recoveries_agree", _posted("fulfil", "demanded", "receivable", 5), "in no recovery"),
    ("budget_lines_hold", _posted("return", "committed", "paid", 9_900_000), "9900000 came back by return of"),
    ("budget_lines_hold", _posted("recover", "available", "paid", 9_900_000), "came back by recover of"),
    ("own_money_left_alone", [_ORDERED_BY_OWNER], "recovery 1: order by the owner"),
    ("deciders_apart", [_APPROVED_BY_DECIDER], "recovery 1 was ordered by a person who approved claim 1"),
]


def take_back(office: Office, run: PaymentRun) -> None:
    """Of the run's first payment some is ordered back, and some of that has come in."""
    payer, decider = (make_official(office.session, role) for role in (Role.PAYER, Role.APPROVER))
    people = approved_claims.Office(office.programme, office.reviewer, office.approver, payer, payer)
    desk = recovered.Desk(office.session, office.stores, people, decider, [run.payments[0].claim])
    desk.pay(desk.ordered(1_000), 400, "N1")
