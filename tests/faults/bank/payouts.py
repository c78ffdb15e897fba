"""Pays many claims through a hostile bank while the workers are killed, and judges the portal by the bank's book."""

from __future__ import annotations

import json
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from portal.config import Settings
from portal.domain.bank_orders import LAST_LOOK, LEASE
from portal.domain.claims import ClaimStatus
from portal.domain.payments import FINAL, PaymentStatus
from portal.models.bank_orders import BankMessage, BankOrder
from portal.models.claims import Claim
from portal.models.payments import Payment
from portal.queries import bank_orders, invariants, ledger, lifecycle_invariants, money_invariants
from tests.faults import processes
from tests.faults.bank.office import Payers
from tests.faults.killer import Killer
from tests.faults.processes import BIN, Running, WebServer, in_deployment

KEY = "k" * 40
SAFE = timedelta(hours=24)
PATIENCE = 60  # seconds without any progress
CHECKS = (
    invariants.postings_follow_recipes,
    invariants.budget_lines_hold,
    invariants.commitments_match_decisions,
    invariants.one_living_payment,
    lifecycle_invariants.statuses_follow_audit,
    invariants.money_agrees,
    money_invariants.parts_add_up,
    lifecycle_invariants.four_eyes_kept,
    money_invariants.commitments_not_overdrawn,
    money_invariants.shares_agree,
    bank_orders.orders_sent_once,
    bank_orders.ends_have_evidence,
)


@dataclass(frozen=True, slots=True)
class Force:
    """`kills` at least, `pause` (least, most) seconds between two; `rounds`: how often what failed is paid again.

    `moves`: at most so often the clock is moved on while something is open. `to_first_double`: a control is over when
    the bank paid twice; a portal that sends again and again would not come to rest for minutes.
    """

    workers: int = 2
    kills: int = 0
    pause: tuple[float, float] = (1.0, 3.0)
    rounds: int = 1
    moves: int = 30
    to_first_double: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened. `breaches`: none when everything holds."""

    breaches: Sequence[str]
    payments: int
    statuses: Mapping[str, int]
    book: Mapping[str, int]
    words: Mapping[str, int]
    won: tuple[int, int]
    kills: int
    seconds: float


def pay_out(settings: Settings, seed: int, number: int, force: Force, *, variant: str = "") -> Outcome:
    """`number` claims on a migrated, empty database. `variant`: a protection taken away (tests/faults/broken.py)."""
    began, book = time.monotonic(), settings.instance / "bank-book.jsonl"
    payers = Payers(settings, seed)
    payers.pay(number)
    port = processes.free_port()
    bank = f"http://127.0.0.1:{port}"
    told = {"IEUM_BANK_URL": bank, "IEUM_BANK_KEY": KEY, "IEUM_BANK_SECONDS": "0.5"}
    deployment = in_deployment(settings, variant=variant)
    deployment = replace(deployment, more={**deployment.more, **told})
    server = WebServer("server", deployment)
    command = [str(BIN / "python"), "-m", "tests.faults.bank.simulator", "--port", str(port), "--seed", str(seed)]
    command += ["--key", KEY, "--book", str(book), "--callback", f"{server.url}/bank/callback"]
    simulator = Simulator("bank", command, deployment, bank)
    speaks = [str(BIN / "python"), "-m", "tests.faults.bank.worker"]
    workers = [Worker(f"worker-{each}", speaks, deployment, kind="worker") for each in range(force.workers)]
    killer = Killer(Random(seed), workers, force.pause, held=LEASE + timedelta(minutes=1))
    with ExitStack() as ending:
        ending.callback(payers.close)
        for running in (simulator, server, *workers):
            running.start()
            ending.callback(running.kill)
            running.wait()
        breaches = list(_through(_World(payers, deployment, bank, force, killer, book)))
        breaches += [f"{each.name} had ended: {each.log.read_text()[-1500:]}" for each in workers if not each.alive]
        breaches += killer.mishaps
        return _outcome(payers, book, breaches, killer, time.monotonic() - began)


class Worker(Running):
    """Ready once it has begun to work: a kill before that proves nothing."""

    def start(self) -> None:
        self._before = self.log.stat().st_size if self.log.exists() else 0
        super().start()

    def ready(self) -> bool:
        with self.log.open("rb") as log:
            log.seek(self._before)
            return b"at work" in log.read()


class Simulator(Running):
    """Ready once it listens: an order to nobody would wait for a minute."""

    def __init__(self, name: str, command: list[str], deployment: processes.Deployment, url: str) -> None:
        super().__init__(name, command, deployment)
        self._url = url

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self._url}/pending", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


@dataclass
class _World:
    payers: Payers
    deployment: processes.Deployment
    bank: str
    force: Force
    killer: Killer
    book: Path
    stuck: bool = False

    def now(self) -> datetime:
        moved = self.deployment.settings.instance / "demo-clock.json"
        shift = json.loads(moved.read_text())["shift_seconds"] if moved.exists() else 0
        return datetime.now(UTC) + timedelta(seconds=shift)

    def count(self, *conditions) -> int:
        with self.payers.session() as session:
            return session.scalar(select(func.count(BankOrder.id)).join(Payment).where(*conditions)) or 0

    def open_(self) -> int:
        """Payments that wait for the bank, without those it never heard of."""
        return self.count(Payment.status.not_in(FINAL), BankOrder.never_heard_at.is_(None))

    def wait_until_quiet(self) -> Iterator[str]:
        """Until nothing is due at the clock of the workers and nothing is held; whoever is stuck once stays so."""
        began, before = time.monotonic(), -1
        if self.stuck or self.over():
            return
        while (left := self.count(BankOrder.due_at <= self.now())) or self.count(BankOrder.token.is_not(None)):
            if left != before:
                began, before = time.monotonic(), left
            if self.over():
                return
            if time.monotonic() - began > PATIENCE:
                self.stuck = True
                yield f"stuck: {left} orders are due and nobody takes them"
                return
            time.sleep(0.1)

    def over(self) -> bool:
        """Whether this is a control, and shown."""
        return self.force.to_first_double and max(_moved(self.book)[0].values(), default=0) > 1

    def pending(self) -> int:
        with urllib.request.urlopen(f"{self.bank}/pending", timeout=30) as answer:
            return json.load(answer)["pending"]


def _through(world: _World) -> Iterator[str]:
    """Sends under kills, then lets the hours pass until all is answered; what failed is paid again."""
    if world.force.kills:
        world.killer.start()
        while world.killer.kills.total() < world.force.kills:
            time.sleep(0.05)
        world.killer.end()
    for again in range(world.force.rounds + 1):
        yield from world.wait_until_quiet()
        moved = 0
        while world.open_() and moved < world.force.moves and not world.stuck and not world.over():
            world.deployment.move_clock(SAFE / 4)
            moved += 1
            yield from world.wait_until_quiet()
        if again < world.force.rounds and not world.payers.void_and_pay_again(world.now()):
            break
    world.payers.void(world.now())  # what was paid again may not have been heard either
    while world.pending() and not world.stuck and not world.over():
        time.sleep(0.1)
    for _ in range(4):  # the last looks, some of which meet a deaf bank
        world.deployment.move_clock(LAST_LOOK + timedelta(hours=1))
        yield from world.wait_until_quiet()


def _outcome(payers: Payers, book: Path, breaches: list[str], killer: Killer, seconds: float) -> Outcome:
    entries = _entries(book)
    paid, back = _moved(book)
    with payers.session() as session:
        rows = session.execute(select(Payment.reference, Payment.claim_id, Payment.status, Payment.amount)).all()
        breaches += _judged(rows, paid, back)
        in_book = sum(entry["amount"] for entry in entries if entry["kind"] == "paid")
        in_book -= sum(entry["amount"] for entry in entries if entry["kind"] == "returned")
        in_ledger = sum(balance.paid for balance in ledger.balances(session))
        claimed = session.scalar(select(func.sum(Claim.payable)).where(Claim.status == ClaimStatus.PAID)) or 0
        if not in_book == in_ledger == claimed:
            breaches.append(f"the bank's book says {in_book} won, the ledger {in_ledger}, the claims {claimed}")
        breaches += [broken for check in CHECKS for broken in check(session)]
        words = session.execute(
            select(BankMessage.source, BankMessage.verdict, func.count()).group_by(
                BankMessage.source, BankMessage.verdict
            )
        )
        return Outcome(
            breaches=breaches,
            payments=len(rows),
            statuses=Counter(row.status.value for row in rows),
            book=Counter(entry["kind"] for entry in entries),
            words={f"{source} {verdict}": count for source, verdict, count in words},
            won=(in_book, in_ledger),
            kills=killer.kills.total(),
            seconds=seconds,
        )


def _entries(book: Path) -> list[dict]:
    """What the bank wrote down; a line that is being written is left out."""
    return [json.loads(line) for line in book.read_text().splitlines(keepends=True) if line.endswith("\n")]


def _moved(book: Path) -> tuple[Counter[str], Counter[str]]:
    """How often each reference was paid, and how often it came back."""
    entries = _entries(book)
    paid, back = (
        Counter(each["reference"] for each in entries if each["kind"] == kind) for kind in ("paid", "returned")
    )
    return paid, back


def _judged(rows: Sequence, paid: Counter[str], back: Counter[str]) -> Iterator[str]:
    """Double: more than once under one reference, or for one claim. Lost: paid and not known. Stuck: without an end."""
    yield from (f"double: {reference} was paid {times} times" for reference, times in paid.items() if times > 1)
    kept: Counter[int] = Counter()
    for reference, claim_id, status, _amount in rows:
        kept[claim_id] += paid[reference] - back[reference]
        stands = paid[reference] - back[reference]
        if status not in FINAL:
            yield f"stuck: {reference} is {status}"
        elif (status is PaymentStatus.DONE) != (stands > 0):
            yield f"lost: {reference} is {status}, the bank's book says {stands}"
        elif (status is PaymentStatus.RETURNED) != (back[reference] > 0):
            yield f"lost: {reference} is {status}, it came back {back[reference]} times"
    yield from (f"double: claim {claim_id} was paid {times} times" for claim_id, times in kept.items() if times > 1)
    known = {row.reference for row in rows}
    yield from (f"paid and unknown to us: {reference}" for reference in paid if reference not in known)
