"""A plan (육성계획): fields, their tasks and the tasks' sub-projects, what each is to cost and to reach, and how it is
reported on.

A sub-project that is a programme of this portal is linked to it: what that costs and whom it reaches is in the ledger
and the decisions, and nobody types it. Of the others a manager reports what was spent and reached, another confirms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Incomplete, NotFound, Problem
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won

MAX_TEXT = 200
MAX_NOTE = 1000
LARGEST = 10**15 - 1  # of a figure typed: more than the national budget
PARTS = ("name", "planned", "targets")  # of a node, each either known from a source or an example


class Level(StrEnum):
    PLAN = "plan"
    FIELD = "field"
    TASK = "task"
    PROJECT = "project"


class OverYears(StrEnum):
    """What an indicator comes to over several years."""

    SUM = "sum"
    LAST = "last"  # a state at the end of each year: the last one known counts


class ReportStatus(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class FigureKind(StrEnum):
    SPENT = "spent"  # won of a funding source
    REACHED = "reached"  # of an indicator


S, R = ReportStatus, Role

LIFECYCLE = Lifecycle(
    "plan_report",
    S.WAITING,
    (
        Step(S.WAITING, "confirm", S.CONFIRMED, R.MANAGER, apart_from=("report",)),
        Step(S.WAITING, "refuse", S.REFUSED, R.MANAGER),
    ),
)


VERSION_LIFECYCLE = Lifecycle(
    "plan_version",
    S.WAITING,
    (
        Step(S.WAITING, "confirm", S.CONFIRMED, R.MANAGER, apart_from=("load",)),
        Step(S.WAITING, "refuse", S.REFUSED, R.MANAGER),
    ),
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """`adds`: whether a task's figure is the sum of its sub-projects'; `supported`: it counts supported businesses, so
    that a linked node's figure comes from decided applications; `goal`: of the whole plan, where it is known.
    """

    code: str
    name: str
    unit: str
    over_years: OverYears
    adds: bool
    supported: bool
    goal: int | None


@dataclass(frozen=True, slots=True)
class Node:
    """One field, task or sub-project. `planned`: (year, source) -> won; `targets`: indicator -> year -> figure.

    `known`: which of PARTS a published source gives; the rest are examples. Fields and tasks have a name alone.
    """

    code: str
    name: str
    level: Level
    children: tuple[Node, ...] = ()
    programme: str = ""
    planned: Mapping[tuple[int, str], Won] = field(default_factory=dict)
    targets: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    @property
    def sources(self) -> tuple[str, ...]:
        """The funding sources that pay for it, in the order of the file."""
        return tuple(dict.fromkeys(source for _year, source in self.planned))

    def is_example(self, part: str) -> bool:
        return part not in self.known

    def walk(self) -> Iterator[Node]:
        """The node and all below it, from the top down."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Tree:
    """A plan as its file has it. `root` is the plan itself, whose code is the plan's."""

    root: Node
    summary: str
    organisation: str
    adopted_on: date
    years: tuple[int, ...]
    public: bool
    budget: Won
    source: str
    example_note: str
    indicators: Mapping[str, Indicator]

    @property
    def projects(self) -> tuple[Node, ...]:
        return tuple(node for node in self.root.walk() if node.level is Level.PROJECT)

    def node(self, code: str) -> Node:
        """Raises NotFound."""
        for node in self.root.walk():
            if node.code == code:
                return node
        raise NotFound(f"node {code}")

    def part(self, code: str) -> Node:
        """A field, task or sub-project: the plan as a whole has a page of its own. Raises NotFound."""
        if code == self.root.code:
            raise NotFound(f"{code} is the plan")
        return self.node(code)

    def project(self, code: str) -> Node:
        """Raises NotFound, also for what is no sub-project."""
        found = self.node(code)
        if found.level is not Level.PROJECT:
            raise NotFound(f"{code} is no sub-project")
        return found

    def above(self, code: str) -> tuple[Node, ...]:
        """The nodes from the root down to the parent of this one."""
        return _above(self.root, code) or ()


def _above(node: Node, code: str) -> tuple[Node, ...] | None:
    if node.code == code:
        return ()
    for child in node.children:
        found = _above(child, code)
        if found is not None:
            return (node, *found)
    return None


@dataclass(frozen=True, slots=True)
class ReportActuals:
    """What a sub-project spent (by source) and reached (by indicator) in a year, from its first day up to `as_of`.

    `document`: where it is written (e.g. a document number); a file of it may be there.
    """

    node: str
    year: int
    as_of: date
    document: str
    note: str = ""
    spent: Mapping[str, Won] = field(default_factory=dict)
    reached: Mapping[str, int] = field(default_factory=dict)
    filename: str = ""
    media_type: str = ""
    content: bytes = b""


def may_type(node: Node) -> bool:
    """Whether what the node spent is typed: only where the ledger does not have it."""
    return node.level is Level.PROJECT and not node.programme


def typed_indicators(node: Node, tree: Tree) -> tuple[Indicator, ...]:
    """The indicators of a sub-project that people report, in the order of the plan."""
    mine = [each for code, each in tree.indicators.items() if code in node.targets]
    return tuple(each for each in mine if not (node.programme and each.supported))


def check(command: ReportActuals, tree: Tree, on: date) -> None:
    """Raises NotFound for what is no sub-project, Incomplete with everything that is wrong with a report."""
    node = tree.project(command.node)
    wrong = [*_when(command, tree, on), *_figures(command, node, tree)]
    if not command.document.strip():
        wrong.append(Problem("required", "document"))
    texts = ("document", command.document, MAX_TEXT), ("note", command.note, MAX_NOTE)
    wrong += [Problem("too_long", name) for name, text, longest in texts if len(text) > longest]
    if wrong:
        raise Incomplete(problems=wrong)


def _when(command: ReportActuals, tree: Tree, on: date) -> Iterator[Problem]:
    if command.year not in tree.years:
        yield Problem("unknown_choice", "year", str(command.year))
    if command.as_of > on:
        yield Problem("date_in_future", "as_of")
    elif command.as_of.year < command.year:
        yield Problem("plan_before_year", "as_of", str(command.year))


def _figures(command: ReportActuals, node: Node, tree: Tree) -> Iterator[Problem]:
    if not command.spent and not command.reached:
        yield Problem("plan_nothing_reported")
    for source, won in command.spent.items():
        if not may_type(node):
            yield Problem("plan_from_ledger", f"spent_{source}")
        elif source not in node.sources:
            yield Problem("unknown_choice", f"spent_{source}", source)
        if not 0 <= won <= LARGEST:
            yield Problem("plan_figure", f"spent_{source}", str(won))
    typed = [each.code for each in typed_indicators(node, tree)]
    for code, figure in command.reached.items():
        if code in node.targets and code not in typed:
            yield Problem("plan_from_ledger", f"reached_{code}")
        elif code not in typed:
            yield Problem("unknown_choice", f"reached_{code}", code)
        if not 0 <= figure <= LARGEST:
            yield Problem("plan_figure", f"reached_{code}", str(figure))
