"""Reads a plan's TOML text, strictly: every fault of the file is told at once, and its sums must be those it states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache

from portal.domain.errors import Problem
from portal.domain.kinds import SOURCE_NAMES
from portal.domain.money import Won
from portal.domain.plans import PARTS, Indicator, Level, Node, OverYears, Tree
from portal.domain.tables import Table, read_toml, refuse_if

_INNER = {Level.FIELD: Level.TASK, Level.TASK: Level.PROJECT}
_LONGEST = 30  # years


def read_plan(text: str, *, file: str = "") -> Tree:
    """The tree of a plan. Raises FileRefused with all problems of the text."""
    problems: list[Problem] = []
    table = Table(read_toml(text, file), problems, file)
    years = _years(table)
    indicators = {each.code: each for each in map(_indicator, table.tables("indicator", least=1))}
    fields = tuple(_node(each, Level.FIELD, years, indicators) for each in table.tables("field", least=1))
    root = Node(table.text("code"), table.text("name"), Level.PLAN, fields, known=frozenset(PARTS))
    tree = Tree(
        root=root,
        summary=table.text("summary"),
        organisation=table.text("organisation"),
        adopted_on=table.day("adopted_on"),
        years=years,
        public=table.flag("public", False),
        budget=table.integer("budget"),
        source=table.text("source"),
        example_note=table.text("example_note"),
        indicators=indicators,
    )
    table.finish()
    problems += [Problem(code, field=field, value=value, file=file) for code, field, value in _contradictions(tree)]
    refuse_if(problems)
    return tree


@lru_cache(maxsize=64)
def known_plan(text: str) -> Tree:
    """The same of a text that was taken in before (kept in memory: a version never changes)."""
    return read_plan(text)


def _years(table: Table) -> tuple[int, ...]:
    span = table.table("years")
    first, last = span.integer("from", least=1900), span.integer("to", least=1900)
    span.finish()
    if not first <= last < first + _LONGEST:
        span.note("date_order", "to", last)
        return (first,)
    return tuple(range(first, last + 1))


def _indicator(table: Table) -> Indicator:
    goal = table.integer("goal") if table.has("goal") else None
    made = Indicator(
        code=table.text("code"),
        name=table.text("name"),
        unit=table.text("unit"),
        over_years=OverYears(table.choice("over_years", [each.value for each in OverYears], "sum") or "sum"),
        adds=table.flag("adds", True),
        supported=table.flag("supported", False),
        goal=goal,
    )
    table.finish()
    return made


def _node(table: Table, level: Level, years: tuple[int, ...], indicators: Mapping[str, Indicator]) -> Node:
    known = frozenset(table.texts("known", ()))
    for part in known - set(PARTS):
        table.note("unknown_choice", "known", part)
    if level is Level.PROJECT:
        made = _project(table, years, indicators, known)
    else:
        inner = _INNER[level]
        children = tuple(_node(each, inner, years, indicators) for each in table.tables(inner.value, least=1))
        made = Node(table.text("code"), table.text("name"), level, children, known=known)
    table.finish()
    return made


def _project(table: Table, years: tuple[int, ...], indicators: Mapping[str, Indicator], known: frozenset[str]) -> Node:
    planned: dict[tuple[int, str], Won] = {}
    for year, cell in _by_year(table.table("planned"), years):
        for source in cell.values:
            if source in SOURCE_NAMES:
                planned[year, source] = cell.integer(source)
        cell.finish()
    targets: dict[str, dict[int, int]] = {}
    found = table.table("targets")
    for code in found.values:
        if code in indicators:
            by_year = found.table(code)
            targets[code] = {int(key): by_year.integer(key) for key in by_year.values if _is_year(key, years)}
            by_year.finish()
    found.finish()
    return Node(
        code=table.text("code"),
        name=table.text("name"),
        level=Level.PROJECT,
        programme=table.text("programme", ""),
        planned=planned,
        targets=targets,
        known=known,
    )


def _by_year(table: Table, years: tuple[int, ...]) -> Iterator[tuple[int, Table]]:
    for key in table.values:
        if _is_year(key, years):
            yield int(key), table.table(key)
    table.finish()


def _is_year(key: str, years: tuple[int, ...]) -> bool:
    return key.isascii() and key.isdigit() and int(key) in years


def _contradictions(tree: Tree) -> Iterator[tuple[str, str, str]]:
    """(code, field, value): a code or programme named twice, sums that are not what the plan says they are."""
    codes = Counter(node.code for node in tree.root.walk())
    programmes = Counter(node.programme for node in tree.projects if node.programme)
    for name, found in (("code", codes), ("programme", programmes)):
        yield from (("named_twice", name, value) for value, times in found.items() if times > 1)
    planned = sum(won for node in tree.projects for won in node.planned.values())
    if planned != tree.budget:
        yield "plan_sum_differs", "budget", f"{planned:,} / {tree.budget:,}"
    for each in tree.indicators.values():
        reached = sum(_at_the_end(node.targets.get(each.code, {}), each.over_years) for node in tree.projects)
        if each.goal is not None and reached != each.goal:
            yield "plan_sum_differs", f"indicator.{each.code}.goal", f"{reached:,} / {each.goal:,}"
    if sum(each.supported for each in tree.indicators.values()) > 1:
        yield "named_twice", "indicator.supported", ""


def _at_the_end(targets: Mapping[int, int], how: OverYears) -> int:
    if how is OverYears.LAST:
        return targets[max(targets)] if targets else 0
    return sum(targets.values())


def lost(before: Tree, after: Tree, reported: Mapping[str, frozenset[str]]) -> list[Problem]:
    """What a new version may not take away: sub-projects with reports, and their indicators that were reported on.

    `reported`: node code -> its indicators with a figure.
    """
    projects = {node.code: node for node in after.projects}
    found = []
    for code, indicators in reported.items():
        if code not in projects:
            found.append(Problem("plan_has_reports", "code", code))
            continue
        for each in sorted(indicators):
            same = each in after.indicators and before.indicators[each].unit == after.indicators[each].unit
            if not same or each not in projects[code].targets:
                found.append(Problem("plan_has_reports", f"{code}.{each}", each))
    return found


def refuse(problems: list[Problem], file: str) -> None:
    """Raises FileRefused with the file's name on every problem, if there are any."""
    refuse_if([Problem(each.code, each.field, each.value, file) for each in problems])
