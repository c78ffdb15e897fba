"""The announcement (공고) part of a programme file: the call, who may apply, what to hand in, the grant and the budget.

The rules that turn settlement lines into money stand in the same file and belong to terms.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.criteria import read_criteria
from portal.domain.eligibility import Criterion
from portal.domain.errors import Problem
from portal.domain.money import Won
from portal.domain.selection_rules import SelectionRules, read_selection
from portal.domain.service_rules import ServiceRules, read_services
from portal.domain.tables import Table, read_toml, refuse_if

ACTS = ("local", "national")
SOURCES = ("national", "province", "county")
FILE_KINDS = ("pdf", "png", "jpeg")
GRANT_KINDS = ("fixed", "up_to")
COMMITMENTS = ("decision", "acceptance")
LAST_PLACES = ("none", "partial")
# Keys of the same file that terms.py reads.
TERMS_KEYS = (
    "code",
    "name",
    "version",
    "priority",
    "legal_basis",
    "cost_window",
    "platforms",
    "round_down_to",
    "funding",
    "item",
    "pool",
)


@dataclass(frozen=True, slots=True)
class Contact:
    """The official who answers questions: every notice names unit, person and phone (민원처리법 시행령 제31조)."""

    unit: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Call:
    """The invitation to apply. `apply_from` and `apply_to` are Korean dates, both included.

    `act`: whose money it is, local or national, which decides the appeal period; `processing_days`: from receipt to
    decision in days as deadlines.py counts them; `cost`: which costs are supported, in words; `receipt_prefix`: the
    letters that receipt numbers begin with; `commitment`: when the budget is committed, at the decision or already at
    acceptance, first come first served; `last_place`: then whether the last in line gets nothing or what is left.
    """

    title: str
    summary: str
    notice_no: str
    apply_from: date
    apply_to: date
    organisation: str
    contact: Contact
    act: str
    processing_days: int
    supplement_days: int
    cost: str
    receipt_prefix: str
    commitment: str = "decision"
    last_place: str = "none"

    @property
    def first_come(self) -> bool:
        """Whether money is committed at acceptance, in the order of the queue numbers."""
        return self.commitment == "acceptance"

    def is_open(self, on: date) -> bool:
        """Whether one may apply on that date."""
        return self.apply_from <= on <= self.apply_to


@dataclass(frozen=True, slots=True)
class Grant:
    """How much one decision commits, in won: the same for all (`fixed`), or what was asked for `up_to` an amount."""

    kind: str
    amount: Won
    legal: str

    def amount_for(self, requested: Won) -> Won:
        """The won to commit for an application that asks for so much."""
        return self.amount if self.kind == "fixed" else min(requested, self.amount)


@dataclass(frozen=True, slots=True)
class DocumentRequirement:
    """A paper to hand in: its code, name, whether it is required, the file kinds and size (MB) accepted."""

    code: str
    name: str
    required: bool
    kinds: tuple[str, ...]
    max_mb: int
    note: str


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """Money set aside: fiscal year, source (national, province, county) and won."""

    fiscal_year: int
    source: str
    amount: Won


@dataclass(frozen=True, slots=True)
class Announcement:
    """All of it. `examples`: dotted paths of values that are ours, not the original's; `example_note`: why.

    `selection`: how it is chosen among those who meet the conditions; None: all of them, while there is money.
    `services`: the services that are given instead of money; None: costs are paid.
    """

    call: Call
    grant: Grant
    eligibility: tuple[Criterion, ...]
    documents: tuple[DocumentRequirement, ...]
    budget: tuple[BudgetLine, ...]
    examples: tuple[str, ...]
    example_note: str
    selection: SelectionRules | None = None
    services: ServiceRules | None = None

    @property
    def budget_total(self) -> Won:
        return sum(line.amount for line in self.budget)

    def is_example(self, path: str) -> bool:
        """Whether the value at this path, or a table around it, is an example: pages mark it as such."""
        return any(path == example or path.startswith(f"{example}.") for example in self.examples)


def read_announcement(text: str, file: str = "") -> Announcement:
    """The announcement part of a programme TOML. Raises FileRefused with all its problems."""
    return parse_announcement(read_toml(text, file), file)


def parse_announcement(document: Mapping[str, object], file: str = "") -> Announcement:
    """The same from a document already read from TOML."""
    announcement, problems = gathered_announcement(document, file)
    refuse_if(problems)
    return announcement


def gathered_announcement(document: Mapping[str, object], file: str = "") -> tuple[Announcement, list[Problem]]:
    """The announcement with every problem found: harmless values stand where something could not be read."""
    problems: list[Problem] = []
    root = Table(document, problems, file)
    call = _call(root.table("call"))
    grant = _grant(root.table("grant"))
    criteria = read_criteria(root.tables("eligibility", least=1))
    documents = tuple(_document(table) for table in root.tables("document"))
    budget = tuple(_budget_line(table) for table in root.tables("budget", least=1))
    selection = read_selection(root, first_come=call.first_come)
    services = read_services(root, grant_kind=grant.kind, items=root.has("item"))
    note, examples = _examples(root, document)
    _note_repeats(root, "document", [each.code for each in documents])
    _note_repeats(root, "budget", [f"{line.fiscal_year} {line.source}" for line in budget])
    root.finish(elsewhere=TERMS_KEYS)
    return Announcement(call, grant, criteria, documents, budget, examples, note, selection, services), problems


def _call(table: Table) -> Call:
    contact = table.table("contact")
    call = Call(
        title=table.text("title"),
        summary=table.text("summary"),
        notice_no=table.text("notice_no"),
        apply_from=table.day("apply_from"),
        apply_to=table.day("apply_to"),
        organisation=table.text("organisation"),
        contact=Contact(contact.text("unit"), contact.text("name"), contact.text("phone")),
        act=table.choice("act", ACTS),
        processing_days=table.integer("processing_days", least=1),
        supplement_days=table.integer("supplement_days", 7, least=1),
        cost=table.text("cost"),
        receipt_prefix=table.text("receipt_prefix"),
        commitment=table.choice("commitment", COMMITMENTS, "decision"),
        last_place=table.choice("last_place", LAST_PLACES, "none"),
    )
    if date.min < call.apply_to < call.apply_from:
        table.note("ends_before_it_begins", "apply_to", call.apply_to)
    prefix = call.receipt_prefix
    if prefix and not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and 2 <= len(prefix) <= 4):
        table.note("not_a_prefix", "receipt_prefix", prefix)
    contact.finish()
    table.finish()
    return call


def _grant(table: Table) -> Grant:
    grant = Grant(table.choice("kind", GRANT_KINDS), table.integer("amount", least=1), table.text("legal"))
    table.finish()
    return grant


def _document(table: Table) -> DocumentRequirement:
    kinds = table.texts("kinds", FILE_KINDS)
    for kind in kinds:
        if kind not in FILE_KINDS:
            table.note("unknown_choice", "kinds", kind)
    document = DocumentRequirement(
        code=table.text("code"),
        name=table.text("name"),
        required=table.flag("required", True),
        kinds=kinds,
        max_mb=table.integer("max_mb", 10, least=1),
        note=table.text("note") if table.has("note") else "",
    )
    table.finish()
    return document


def _budget_line(table: Table) -> BudgetLine:
    line = BudgetLine(
        fiscal_year=table.integer("fiscal_year", least=2000),
        source=table.choice("source", SOURCES),
        amount=table.integer("amount", least=0),
    )
    table.finish()
    return line


def _examples(root: Table, document: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    if not root.has("example"):
        return "", ()
    table = root.table("example")
    note, paths = table.text("note"), table.texts("paths")
    for path in paths:
        if not is_there(document, path):
            table.note("leads_nowhere", "paths", path)
    table.finish()
    return note, paths


def is_there(document: Mapping[str, object], path: str) -> bool:
    """Whether an example's path leads to something: `item.delivery.caps`, `eligibility.sales`."""
    return _leads_somewhere(document, path.split("."))


def _leads_somewhere(value: object, steps: Sequence[str]) -> bool:
    """Tables by key; lists of tables by the element's `code`, `per` or `source`."""
    if not steps:
        return True
    head, *rest = steps
    if isinstance(value, Mapping):
        return head in value and _leads_somewhere(value[head], rest)
    if isinstance(value, list):
        named = [e for e in value if isinstance(e, Mapping) and head in (e.get("code"), e.get("per"), e.get("source"))]
        return any(_leads_somewhere(each, rest) for each in named)
    return False


def _note_repeats(root: Table, key: str, names: Sequence[str]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        root.note("repeated", key, name)
