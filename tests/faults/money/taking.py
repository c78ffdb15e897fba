"""How a step is taken against the portal, and what must agree with the model after it.

A sequence happens inside one transaction that is rolled back at its end: what services commit are savepoints in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.bank_results import ImportBankResults
from portal.domain.errors import Refusal
from portal.domain.ledger import PostingKind
from portal.domain.periods import korean_date
from portal.models.claims import Claim
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.letters import Letter
from portal.models.payments import Payment, PaymentRun, PaymentShare
from portal.queries import ledger as postings
from portal.services import ledger, reconcile
from tests.factories import AT
from tests.faults.money.model import ACCOUNTS, Model
from tests.faults.money.scene import BUDGET, SHARES, Scene

SOURCES = list(SHARES)
Refused = type[Refusal] | None
# Demands are posted here without a recovery to stand for them.
CHECKS = [each.sql for each in reconcile.CHECKS if each.sql and each.name != "recoveries_agree"]


class Taking(RuleBasedStateMachine):
    """`scene` is set before a run."""

    scene: ClassVar[Scene]

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.scene.engine.connect()
        self.outer = self.connection.begin()
        self.session = Session(self.connection, join_transaction_mode="create_savepoint")
        self.model = Model(SHARES, {s: Counter(source=-won, available=won) for s, won in BUDGET.items()})
        self.refs: dict[int, int] = {}  # the model's payments -> the portal's
        self.taken: list[tuple[PostingKind, dict[int, int], str]] = []
        self.files: dict[tuple[int, bytes], ImportBankResults] = {}  # taken in
        self.ticks = 0
        self.entries_before = self._count(LedgerEntry.id)
        self.letters_before = self._count(Letter.id)
        self.session.commit()

    def teardown(self) -> None:
        try:
            broken = [row for check in CHECKS for row in check(self.session)]
            assert not broken, f"invariants: {broken}"
        finally:
            self.session.close()
            self.outer.rollback()
            self.connection.close()

    # How a step is taken ---------------------------------------------------------------------------------------------

    def _take(self, do: Callable[[], object], refused: Refused, then: Callable[[], object], *, lost: bool) -> None:
        """As a view does: one commit, or none after a refusal. `lost`: the process ends before the commit."""
        found: Refusal | None = None
        try:
            do()
            self.session.flush()
        except Refusal as refusal:
            found = refusal
        said, expected = type(found).__name__ if found else "done", refused.__name__ if refused else "done"
        assert said == expected, f"{said} and not {expected}: {found}"
        if found or lost:
            self.session.rollback()
        else:
            self.session.commit()
            then()

    def _at(self) -> datetime:
        """Another moment each time; every third is after midnight in Korea and before it in London."""
        self.ticks += 1
        return AT + timedelta(minutes=self.ticks, hours=0 if self.ticks % 3 else 15)

    def _post(
        self, kind: PostingKind, won: Mapping[str, int], refused: Refused, *, application: int | None = None,
        lost: bool = False,
    ) -> None:  # fmt: skip
        amounts, key = {self.scene.lines[source]: amount for source, amount in won.items()}, f"{kind}:{self.ticks}"
        at = self._at()

        def done() -> None:
            self.model.post(kind.value, won, application)
            self.taken.append((kind, amounts, key))
            last = self.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc()).limit(1)).one()
            said = (last.kind, last.source_key, last.posted_on, last.application_id)
            assert said == (kind, key, korean_date(at), application), f"the entry says {said}"

        self._take(
            lambda: ledger.post(
                self.session, kind, amounts, source_key=key, by=self.scene.payer, at=at, application_id=application
            ),
            refused, done, lost=lost,
        )  # fmt: skip

    def _count(self, column) -> int:
        return self.session.scalar(select(func.count(column))) or 0

    # What must agree -------------------------------------------------------------------------------------------------

    @invariant()
    def balances_agree(self) -> None:
        """The postings added up here, the guards, and the portal's own balances."""
        found = {source: Counter() for source in SOURCES}
        names = {line_id: source for source, line_id in self.scene.lines.items()}
        for side, sign in ((Posting.debit, 1), (Posting.credit, -1)):
            rows = select(Posting.budget_line_id, side, func.sum(Posting.amount)).group_by(Posting.budget_line_id, side)
            for line_id, account, won in self.session.execute(rows):
                if line_id in names:
                    found[names[line_id]][account.value] += sign * int(won)
        expected = {s: {a: self.model.lines[s][a] for a in ACCOUNTS} for s in SOURCES}
        said = {s: {a: found[s][a] for a in ACCOUNTS} for s in SOURCES}
        assert said == expected, f"balances: {_differing(said, expected)}"
        mine = self.session.execute(
            select(BudgetLine.source, BudgetLine.total, BudgetLine.used).where(BudgetLine.id.in_(names))
        )
        for source, total, used in mine:
            of = expected[source]
            assert (total, used) == (-of["source"], of["committed"] + of["paid"] + of["revenue"]), f"guard of {source}"

    @invariant()
    def records_agree(self) -> None:
        claims = dict(self.session.execute(select(Claim.id, Claim.status)).all())
        assert {n: s.value for n, s in claims.items()} == {n: c.status for n, c in self.model.claims.items()}, "claims"
        runs = dict(self.session.execute(select(PaymentRun.id, PaymentRun.status)).all())
        assert {n: s.value for n, s in runs.items()} == {n: r.status for n, r in self.model.runs.items()}, "runs"
        paid = {
            n: (s.value, won) for n, s, won in self.session.execute(select(Payment.id, Payment.status, Payment.amount))
        }
        assert paid == {self.refs[n]: (p.status, p.amount) for n, p in self.model.payments.items()}, "payments"
        shares = {
            (n, s): won
            for n, s, won in self.session.execute(
                select(PaymentShare.payment_id, PaymentShare.source, PaymentShare.amount)
            )
        }
        wanted = {(self.refs[n], s): won for n, p in self.model.payments.items() for s, won in p.shares.items()}
        assert shares == wanted, f"shares of payments: {_differing(shares, wanted)}"
        letters, entries = self._count(Letter.id), self._count(LedgerEntry.id)
        assert letters - self.letters_before == self.model.letters, "letters"
        assert entries - self.entries_before == self.model.entries, "entries"

    @invariant()
    def reports_agree(self) -> None:
        """What pages and statistics are told: the portal's own look-ups."""
        codes = {line_id: source for source, line_id in self.scene.lines.items()}
        programme = self.session.get_one(BudgetLine, next(iter(codes))).programme_id
        for balance in postings.balances(self.session, programme_id=programme):
            of = self.model.lines[balance.source]
            said = (balance.appropriated, balance.available, balance.committed, balance.paid, balance.revenue)
            assert said == (-of["source"], of["available"], of["committed"], of["paid"], of["revenue"]), "reported"
            assert balance.receivable == of["receivable"], "reported receivable"
        left = postings.commitment_left(self.session, list(self.model.granted)) if self.model.granted else {}
        for application, of in self.model.left.items():
            found = {codes[line_id]: won for line_id, won in left.get(application, {}).items()}
            assert {s: found.get(s, 0) for s in SOURCES} == {s: of[s] for s in SOURCES}, "reported commitment"


def _differing(one: Mapping, other: Mapping) -> str:
    return str({key: (one.get(key), other.get(key)) for key in {*one, *other} if one.get(key) != other.get(key)})
