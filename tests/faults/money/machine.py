"""Hypothesis moves the money in every way it can be moved, in any order; after every step the portal holds what the
model holds, and what the model would refuse was refused."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from portal.domain.errors import AlreadyDone, BudgetExhausted, Incomplete, InvalidTransition, SamePerson
from portal.domain.ledger import PostingKind
from portal.domain.periods import korean_date
from portal.models.claims import AssessmentRun
from portal.models.payments import PaymentRun
from portal.services import decisions, ledger, payments
from tests.approved_claims import answer, approve_as, make_claim
from tests.faults.money.coming_back import ComingBack
from tests.faults.money.draws import BACK, Kind, place, portion, said, seldom, source_of, won_of
from tests.faults.money.model import ENDED, Claimed, parts
from tests.faults.money.scene import CODE, MONTHS, SHARES
from tests.faults.money.taking import Refused


class Money(ComingBack):
    @initialize(begun=st.sampled_from([4, 3, 2, 0]))
    def begin(self, begun: int) -> None:
        """Most sequences begin in the middle."""
        for which in range(begun):
            self.approve(which=which + 2, lost=False)

    @precondition(lambda self: self.model.granted)
    @rule(
        how=portion, said=st.lists(said, min_size=8, max_size=8),
        back=st.lists(st.sampled_from(BACK), max_size=3), sent_back=st.integers(0, 2),
    )  # fmt: skip
    def pay_round(self, how: str, said: list[str], back: list[PostingKind], sent_back: int) -> None:
        """A month as it goes: claims of everybody, a run, the bank's answer, and money that comes back."""
        for which in range(len(self.model.granted)):
            self.claim(which=which, how=how)
        self.prepare(lost=False)
        if self.model.runs:
            self.release(which=2, who="releaser", lost=False)
            self.results(which=2, said=said, wrong="", lost=False)
        for which, kind in enumerate(back):
            self.come_back(which=which, how="odd", kind=kind)
        for which in range(sent_back):
            self.send_back(which=which)

    @precondition(lambda self: self.model.granted)
    @rule(which=place, words=st.lists(said, min_size=3, max_size=3))
    def use_up(self, which: int, words: list[str]) -> None:
        """One grant to its last won in odd payments, of which some stay on their way: then single won run short."""
        for how, word in zip(("odd", "odd", "all"), words, strict=True):
            self.claim(which=which, how=how)
            self.prepare(lost=False)
            if self.model.runs:
                for who in ("payer", "behind", "releaser"):
                    self.release(which=2, who=who, lost=False)
                self.results(which=2, said=[word] * 8, wrong="amount", lost=False)
                self.results(which=2, said=[word] * 8, wrong="", lost=False)
                self.results(which=which, said=["done"] * 8, wrong="again", lost=False)

    @rule(source=source_of, won=st.integers(1, 400_000), lost=seldom)
    def appropriate(self, source: str, won: int, lost: bool) -> None:
        self._post(Kind.APPROPRIATE, {source: won}, None, lost=lost)

    @rule(source=source_of, how=portion)
    def reduce(self, source: str, how: str) -> None:
        most = self.model.lines[source]["available"]
        won = won_of(most if how == "one more" else most // 3, how)
        self._post(Kind.REDUCE, {source: won}, BudgetExhausted if won > most else None)

    @rule(giving=source_of, taking=source_of, how=portion)
    def transfer(self, giving: str, taking: str, how: str) -> None:
        most = self.model.lines[giving]["available"]
        won = won_of(most if how in ("all", "one more") else most // 2, how)
        at, lines = self._at(), self.scene.lines

        def both() -> None:
            for kind, source in ((Kind.TRANSFER_OUT, giving), (Kind.TRANSFER_IN, taking)):
                key = f"{kind}:{self.ticks}"
                ledger.post(self.session, kind, {lines[source]: won}, source_key=key, by=self.scene.payer, at=at)

        def done() -> None:
            self.model.post("transfer_out", {giving: won})
            self.model.post("transfer_in", {taking: won})

        self._take(both, BudgetExhausted if won > most else None, done, lost=False)

    @precondition(lambda self: self.taken)
    @rule(which=place)
    def post_again(self, which: int) -> None:
        kind, amounts, key = self.taken[which % len(self.taken)]
        self._take(
            lambda: ledger.post(self.session, kind, amounts, source_key=key, by=self.scene.payer, at=self._at()),
            AlreadyDone, lambda: None, lost=False,
        )  # fmt: skip

    def _granted(self, which: int) -> int:
        return sorted(self.model.granted)[which % len(self.model.granted)]

    @rule(which=place, lost=seldom)
    def approve(self, which: int, lost: bool) -> None:
        applications = sorted(self.scene.applications)
        application = applications[which % len(applications)]
        won = self.scene.applications[application]
        refused: Refused = None
        if application in self.model.granted:
            refused = InvalidTransition
        elif not self.model.holds(parts(won, SHARES)):
            refused = BudgetExhausted
        at = self._at()
        self._take(
            lambda: decisions.approve(self.session, self.scene.stores, application, by=self.scene.approver, at=at),
            refused, lambda: self.model.approve(application, won), lost=lost,
        )  # fmt: skip

    @precondition(lambda self: self.model.granted)
    @rule(which=place, source=source_of, how=portion)
    def release_commitment(self, which: int, source: str, how: str) -> None:
        application = self._granted(which)
        left = self.model.left[application]
        spare = left.total() - self.model.open_claims(application)
        most = min(left[source] - self.model.planned(application)[source], spare)
        won = left[source] + 1 if how == "one more" else won_of(most, how)
        if won <= most or how == "one more":
            refused = BudgetExhausted if how == "one more" or won > self.model.used(source) else None
            self._post(Kind.RELEASE, {source: won}, refused, application=application)

    @precondition(lambda self: self.model.granted)
    @rule(which=place, how=portion)
    def claim(self, which: int, how: str) -> None:
        application = self._granted(which)
        month = 1 + sum(claim.application == application for claim in self.model.claims.values())
        claimed = sum(claim.amount for claim in self.model.claims.values() if claim.application == application)
        most = min(
            self.model.granted[application] - claimed,
            self.model.left[application].total() - self.model.open_claims(application),
        )
        won = won_of(most, how)
        if won > most or month not in MONTHS:
            return
        run = self.session.get_one(AssessmentRun, self.scene.months[month])
        merchant, by = self.scene.merchants[application], self.scene.reviewer
        made = make_claim(self.session, run, merchant, application, won, by=by, at=self._at())
        approve_as(self.session, made, by=self.scene.approver, at=self._at())
        self.model.claims[made.id] = Claimed(application, month, won)
        self.session.commit()

    # Payments --------------------------------------------------------------------------------------------------------

    def _run(self, which: int, *statuses: str) -> int:
        """Mostly one for which the step is the next."""
        fitting = [number for number, run in self.model.runs.items() if run.status in statuses]
        runs = sorted(fitting if fitting and which > 1 else self.model.runs)
        return runs[which % len(runs)]

    @rule(lost=seldom)
    def prepare(self, lost: bool) -> None:
        at, made = self._at(), []

        def done() -> None:
            run = made[0]
            self.model.prepare(run.id)
            self.refs |= dict(zip(self.model.runs[run.id].payments, (each.id for each in run.payments), strict=True))

        self._take(
            lambda: made.append(payments.prepare(self.session, CODE, by=self.scene.payer, at=at)),
            None if self.model.waiting() else Incomplete, done, lost=lost,
        )  # fmt: skip

    @precondition(lambda self: self.model.runs)
    @rule(which=place, who=st.sampled_from(["releaser", "releaser", "payer", "behind"]), lost=seldom)
    def release(self, which: int, who: str, lost: bool) -> None:
        number = self._run(which, "prepared")
        run, by = self.model.runs[number], getattr(self.scene, who)
        refused: Refused = None if run.status == "prepared" else InvalidTransition
        if refused is None and who != "releaser":
            refused = SamePerson

        def done() -> None:
            run.status = "released"
            for payment in run.payments:
                self.model.payments[payment].status = "instructed"

        self._take(
            lambda: payments.release(self.session, self.scene.stores, number, by=by, at=self._at()),
            refused, done, lost=lost,
        )  # fmt: skip

    @precondition(lambda self: self.model.runs)
    @rule(which=place)
    def cancel(self, which: int) -> None:
        number = self._run(which, "prepared")
        run = self.model.runs[number]

        def done() -> None:
            run.status = "cancelled"
            for payment in run.payments:
                self.model.payments[payment].status = "cancelled"
                self.model.claims[self.model.payments[payment].claim].status = "approved"

        self._take(
            lambda: payments.cancel(self.session, number, by=self.scene.payer, at=self._at()),
            None if run.status == "prepared" else InvalidTransition, done, lost=False,
        )  # fmt: skip

    @precondition(lambda self: self.model.runs)
    @rule(
        which=place, lost=seldom,
        said=st.lists(said, min_size=8, max_size=8),
        wrong=st.sampled_from(["", "", "", "", "amount", "again"]),
    )  # fmt: skip
    def results(self, which: int, said: list[str], wrong: str, lost: bool) -> None:
        number = self._run(which, "released")
        run, found = self.model.runs[number], self.session.get_one(PaymentRun, number)
        final = [self.model.payments[each].status in ENDED for each in run.payments]
        told = {
            place: word
            for place, (word, over) in enumerate(zip(said, final, strict=False))
            if word and (not over or wrong == "again")
        }
        if not told:
            return
        # Higher than all of them: one more than the first may be what another one amounts to.
        amount = max(payment.amount for payment in found.payments) + 1 if wrong == "amount" else None
        at = self._at() + timedelta(days=1)
        command = answer(found, *told.items(), amount=amount, on=korean_date(at))
        earlier = [each for (of, _), each in self.files.items() if of == number]
        if wrong == "again" and earlier:
            command = earlier[which % len(earlier)]
        refused: Refused = None
        if run.status not in ("released", "settled"):
            refused = InvalidTransition
        elif wrong == "amount" or any(final[place] for place in told):
            refused = Incomplete
        if self._seen_before(number, command.content):
            refused = None
            answers: dict[int, str] = {}
        else:
            answers = {run.payments[place]: word for place, word in told.items()}
        self._take(
            lambda: payments.settle(self.session, self.scene.stores, number, command, by=self.scene.payer, at=at),
            refused, lambda: self._answered(number, answers, command), lost=lost,
        )  # fmt: skip

    def _seen_before(self, run: int, content: bytes) -> bool:
        return (run, content) in self.files

    @precondition(lambda self: self.model.claims)
    @rule(which=place)
    def reopen(self, which: int) -> None:
        failed = [number for number, claim in self.model.claims.items() if claim.status == "payment_failed"]
        number = (failed or sorted(self.model.claims))[which % len(failed or self.model.claims)]
        claim = self.model.claims[number]

        def done() -> None:
            claim.status = "approved"

        self._take(
            lambda: payments.reopen(self.session, number, by=self.scene.payer, at=self._at()),
            None if claim.status == "payment_failed" else InvalidTransition, done, lost=False,
        )  # fmt: skip
