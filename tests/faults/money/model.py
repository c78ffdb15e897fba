"""What the money should do, in dictionaries and fractions: written from the rules, not from the code.

It shares no arithmetic with the portal: which accounts a kind moves, how a sum is split and what a line still holds are
all said here once more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

# kind -> (from, to)
MOVES = {
    "appropriate": ("source", "available"),
    "reduce": ("available", "source"),
    "transfer_out": ("available", "source"),
    "transfer_in": ("source", "available"),
    "commit": ("available", "committed"),
    "release": ("committed", "available"),
    "disburse": ("committed", "paid"),
    "return": ("paid", "committed"),
    "recover": ("paid", "available"),
    "recover_late": ("paid", "revenue"),
    "demand": ("demanded", "receivable"),
    "fulfil": ("receivable", "demanded"),
    "write_off": ("receivable", "demanded"),
    "withdraw": ("receivable", "demanded"),
}
WAYS = {"return": "bank", "recover": "receiver", "recover_late": "receiver"}
ENDED = ("done", "refused", "returned")
ACCOUNTS = ("source", "available", "committed", "paid", "revenue", "receivable", "demanded")


def parts(amount: int, shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Each source's whole won, then one won more to those that lost most by the cut, earlier ones first."""
    exact = {source: amount * share for source, share in shares.items()}
    cut = {source: int(won) for source, won in exact.items()}
    by_loss = sorted(exact, key=lambda source: cut[source] - exact[source])
    for source in by_loss[: amount - sum(cut.values())]:
        cut[source] += 1
    return cut


def parts_within(amount: int, shares: Mapping[str, Fraction], left: Mapping[str, int]) -> dict[str, int]:
    """The same, no source above what it has left; the rest comes from the first that has."""
    found = {source: min(won, left.get(source, 0)) for source, won in parts(amount, shares).items()}
    for source, won in list(found.items()):
        missing = amount - sum(found.values())
        found[source] += min(missing, left.get(source, 0) - won)
    assert sum(found.values()) == amount
    return found


def _ways() -> dict[str, dict[int, Counter[str]]]:
    return {way: defaultdict(Counter) for way in WAYS.values()}


@dataclass
class Paid:
    """One payment: whose claim, how much from whom, and what the bank said."""

    claim: int
    amount: int
    shares: dict[str, int]
    status: str = "prepared"


@dataclass
class Claimed:
    application: int
    month: int
    amount: int
    status: str = "approved"


@dataclass
class Run:
    payments: list[int]
    status: str = "prepared"


@dataclass
class Model:
    """`lines`: source -> account -> won; `left`: application -> source -> won committed and neither paid nor released.

    Payments are numbered as they are made; `paid_out`: application -> source -> won that the bank paid, whatever came
    back since, and `back` what came back of them by each way: sent back by the bank, paid back by their receiver.
    """

    shares: Mapping[str, Fraction]
    lines: dict[str, Counter[str]]
    left: dict[int, Counter[str]] = field(default_factory=dict)
    paid_out: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    back: dict[str, dict[int, Counter[str]]] = field(default_factory=_ways)
    granted: dict[int, int] = field(default_factory=dict)
    claims: dict[int, Claimed] = field(default_factory=dict)
    payments: dict[int, Paid] = field(default_factory=dict)
    runs: dict[int, Run] = field(default_factory=dict)
    letters: int = 0
    entries: int = 0

    def holds(self, amounts: Mapping[str, int]) -> bool:
        """Whether the lines have so much that nobody was promised."""
        return all(self.lines[source]["available"] >= won for source, won in amounts.items())

    def used(self, source: str) -> int:
        """Won of a line that somebody was promised or has had: what is given back comes out of it."""
        return sum(self.lines[source][account] for account in ("committed", "paid", "revenue"))

    def post(self, kind: str, amounts: Mapping[str, int], application: int | None = None) -> None:
        gives, takes = MOVES[kind]
        for source, won in amounts.items():
            self.lines[source][gives] -= won
            self.lines[source][takes] += won
            if application is not None:
                left = self.left.setdefault(application, Counter())
                left[source] += won * ((takes == "committed") - (gives == "committed"))
                if kind == "disburse":
                    self.paid_out[application][source] += won
                elif gives == "paid":
                    self.back[WAYS[kind]][application][source] += won
        self.entries += 1

    def approve(self, application: int, amount: int) -> None:
        self.post("commit", parts(amount, self.shares), application)
        self.granted[application] = amount
        self.letters += 1

    def waiting(self) -> list[int]:
        """Approved claims in the order in which they are paid."""
        return sorted(
            (number for number, claim in self.claims.items() if claim.status == "approved"),
            key=lambda number: (self.claims[number].month, number),
        )

    def planned(self, application: int) -> Counter[str]:
        """What payments on their way will take of a commitment."""
        found: Counter[str] = Counter()
        for paid in self.payments.values():
            on_the_way = paid.status in ("prepared", "instructed", "unknown")
            if on_the_way and self.claims[paid.claim].application == application:
                found.update(paid.shares)
        return found

    def prepare(self, run: int) -> None:
        made = []
        for number in self.waiting():
            claim = self.claims[number]
            left = self.left[claim.application].copy()
            left.subtract(self.planned(claim.application))
            made.append(max(self.payments, default=0) + 1)
            self.payments[made[-1]] = Paid(number, claim.amount, parts_within(claim.amount, self.shares, left))
            claim.status = "in_payment"
        self.runs[run] = Run(made)

    def answered(self, run: int, answers: Mapping[int, str]) -> None:
        """payment -> done, refused, unknown, or returned after it was done."""
        for number, said in answers.items():
            paid = self.payments[number]
            claim, paid.status = self.claims[paid.claim], said
            shares = {source: won for source, won in paid.shares.items() if won}
            if said == "done":
                self.post("disburse", shares, claim.application)
                claim.status, self.letters = "paid", self.letters + 1
            elif said == "returned":
                self.post("return", shares, claim.application)
                self.letters += 1
            if said in ("refused", "returned"):
                claim.status = "payment_failed"
        if all(self.payments[number].status in ENDED for number in self.runs[run].payments):
            self.runs[run].status = "settled"

    def may_come_back(self, application: int, source: str) -> int:
        """Won that its receiver may still pay back: all that was paid out, be it sent back by the bank or not."""
        return self.paid_out[application][source] - self.back["receiver"][application][source]

    def open_claims(self, application: int) -> int:
        """Won that an application's claims still need of its commitment."""
        return sum(
            claim.amount
            for claim in self.claims.values()
            if claim.application == application and claim.status != "paid"
        )
