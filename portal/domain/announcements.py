"""The announcement (공고) part of a programme file: the call, who may apply, what to hand in, the grant and the budget.

The rules that turn settlement lines into money stand in the same file and belong to terms.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.criteria import read_criteria
from portal.domain.eligibility import Criterion
from portal.domain.errors import Problem
from portal.domain.example_marks import read_marks
from portal.domain.money import Won
from portal.domain.questions import Answers, Question, asked, read_questions
from portal.domain.selection_rules import SelectionRules, read_selection
from portal.domain.service_rules import ServiceRules, read_services
from portal.domain.tables import Table, read_toml, refuse_if
from portal.domain.tracks import Track, chosen, read_tracks

ACTS = ("local", "national")
SOURCES = ("national", "province", "city", "county")
FILE_KINDS = ("pdf", "png", "jpeg")
GRANT_KINDS = ("fixed", "up_to")
COMMITMENTS = ("decision", "acceptance")
LAST_PLACES = ("none", "partial")
FILE_MB = 10  # of a file that a question asks for
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
    `effective_from`: the first day of this version (시행일), None: the day it is published.
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
    effective_from: date | None = None

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
    questions: tuple[Question, ...] = ()
    tracks: tuple[Track, ...] = ()

    def criteria(self, track: str = "") -> tuple[Criterion, ...]:
        """The tests put to whoever applies by this track; empty: that of a programme without tracks."""
        own = chosen(self.tracks, track)
        return (*self.eligibility, *(own.criteria if own else ()))

    def questions_of(self, track: str = "") -> tuple[Question, ...]:
        """The questions put to whoever applies by this track; none by a short one."""
        own = chosen(self.tracks, track)
        return () if own and own.short else self.questions

    def papers(self, track: str = "", answers: Answers | None = None) -> tuple[DocumentRequirement, ...]:
        """The papers asked for: those of the programme, those the track needs, and files that the answers lead to."""
        own = chosen(self.tracks, track)
        needed = own.documents if own else ()
        listed = [replace(paper, required=True) if paper.code in needed else paper for paper in self.documents]
        if own and own.short:
            listed = [paper for paper in listed if paper.required]
        files = [each for each in asked(self.questions_of(track), answers or {}) if each.kind == "file"]
        return (*listed, *(DocumentRequirement(each.code, each.text, each.required, FILE_KINDS, FILE_MB, each.note)
                           for each in files))  # fmt: skip

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
    papers = [each.code for each in documents]
    tracks = read_tracks(root.tables("track"), papers)
    questions = read_questions(root.tables("question"))
    budget = tuple(_budget_line(table) for table in root.tables("budget", least=1))
    selection = read_selection(root, first_come=call.first_come)
    services = read_services(root, grant_kind=grant.kind, items=root.has("item"))
    note, examples = read_marks(root, document)
    _note_repeats(root, "document", [*papers, *(each.code for each in questions if each.kind == "file")])
    _note_repeats(root, "budget", [f"{line.fiscal_year} {line.source}" for line in budget])
    root.finish(elsewhere=TERMS_KEYS)
    read = Announcement(
        call, grant, criteria, documents, budget, examples, note,
        selection=selection, services=services, questions=questions, tracks=tracks,
    )  # fmt: skip
    return read, problems


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
        effective_from=table.open_day("effective_from"),
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


def _note_repeats(root: Table, key: str, names: Sequence[str]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        root.note("repeated", key, name)
