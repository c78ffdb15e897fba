"""Money that comes back: sent back by a bank, recovered in the year or after it, demanded, fulfilled, written off."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from portal.domain.bank_results import ImportBankResults
from portal.domain.errors import BudgetExhausted
from portal.domain.ledger import PostingKind
from portal.domain.periods import korean_date
from portal.models.payments import PaymentRun
from portal.services import payments
from tests.approved_claims import answer
from tests.faults.money.draws import BACK, Kind, place, portion, source_of, won_of
from tests.faults.money.taking import SOURCES, Taking


class ComingBack(Taking):
    @rule(which=place)
    def send_back(self, which: int) -> None:
        """An account that does not take what was paid into it, be some of it paid back by its owner or not."""
        done = [
            (number, place)
            for number, run in sorted(self.model.runs.items())
            for place, payment in enumerate(run.payments)
            if self.model.payments[payment].status == "done"
        ]
        if done:
            number, place = done[which % len(done)]
            at = self._at() + timedelta(days=2)
            command = answer(self.session.get_one(PaymentRun, number), (place, "returned"), on=korean_date(at))
            answers = {self.model.runs[number].payments[place]: "returned"}
            self._take(
                lambda: payments.settle(self.session, self.scene.stores, number, command, by=self.scene.payer, at=at),
                None, lambda: self._answered(number, answers, command), lost=False,
            )  # fmt: skip

    @rule(which=place, how=portion, kind=st.sampled_from(BACK))
    def come_back(self, which: int, how: str, kind: PostingKind) -> None:
        paid = [(each, source) for each, of in self.model.paid_out.items() for source in of]
        if most := {key: left for key in paid if (left := self.model.may_come_back(*key))}:
            application, source = sorted(most)[which % len(most)]
            won = won_of(most[application, source], how)
            too_much = won > most[application, source] or (kind is Kind.RECOVER and won > self.model.used(source))
            refused = BudgetExhausted if too_much else None
            self._post(kind, {source: won}, refused, application=application)

    @rule(source=source_of, won=st.integers(1, 90_000), end=st.sampled_from([Kind.FULFIL, Kind.WRITE_OFF, None]))
    def demand(self, source: str, won: int, end: PostingKind | None) -> None:
        self._post(Kind.DEMAND, {source: won}, None)
        if end:
            self.end_demand(which=won, how="odd", kind=end)

    @rule(which=place, how=portion, kind=st.sampled_from([Kind.FULFIL, Kind.WRITE_OFF, Kind.WITHDRAW]))
    def end_demand(self, which: int, how: str, kind: PostingKind) -> None:
        owed = [source for source in SOURCES if self.model.lines[source]["receivable"]]
        if owed:
            source = owed[which % len(owed)]
            most = self.model.lines[source]["receivable"]
            won = won_of(most, how)
            self._post(kind, {source: won}, BudgetExhausted if won > most else None)

    def _answered(self, run: int, answers: dict[int, str], command: ImportBankResults) -> None:
        self.files[run, command.content] = command
        if answers:
            self.model.answered(run, answers)
