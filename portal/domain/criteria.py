"""The `[[eligibility]]` tables of a programme file, read into rules. A new number is data, a new kind one row here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from portal.domain.eligibility import (
    Criterion,
    DatedCode,
    IndustryRule,
    NotClosedRule,
    OpenedRule,
    OwnerRule,
    PlatformRule,
    RegionRule,
    Rule,
    WorkersRule,
)
from portal.domain.former_support import TAXES, ArrearsRule, ExclusiveRule, FormerSupportRule
from portal.domain.sales import SalesRule
from portal.domain.tables import Table

COMMON = ("code", "kind", "name", "legal")


def read_criteria(tables: Sequence[Table]) -> tuple[Criterion, ...]:
    """One criterion per table; what is wrong is noted in the tables' problems and that table is left out.

    Every table has `code`, `kind` (a key of KINDS), `name` (the condition in words) and `legal` (where it stands).
    """
    criteria: list[Criterion] = []
    for table in tables:
        code, kind = table.text("code"), table.choice("kind", KINDS)
        name, legal = table.text("name"), table.text("legal")
        if code and any(code == each.code for each in criteria):
            table.note("repeated", "code", code)
        if kind:
            criteria.append(Criterion(code, kind, name, legal, KINDS[kind](table)))
            table.finish()
    return tuple(criteria)


def _region(table: Table) -> Rule:
    codes = []
    for row in table.tables("regions", least=1):
        code = row.text("code")
        if code and not (code.isdecimal() and len(code) in (2, 5, 10)):
            row.note("not_a_region", "code", code)
        codes.append(DatedCode(code, row.open_day("valid_from"), row.open_day("valid_to")))
        row.finish()
    return RegionRule(tuple(codes))


def _industry(table: Table) -> Rule:
    include, exclude = _editions(table, "include"), _editions(table, "exclude")
    lists = table.texts("exclude_lists", ())
    if not (include or exclude or lists):
        table.note("missing", "include")
    return IndustryRule(include, exclude, lists)


def _editions(table: Table, key: str) -> tuple[tuple[int, str], ...]:
    found = []
    for row in table.tables(key):
        edition = row.integer("edition", least=9)
        for code in row.texts("codes"):
            if not (code.isdecimal() and 2 <= len(code) <= 5):
                row.note("not_an_industry", "codes", code)
            found.append((edition, code))
        row.finish()
    return tuple(found)


def _sales(table: Table) -> Rule:
    return SalesRule(
        years=table.integers("years"),
        mode=table.choice("mode", ("any", "all"), "any"),
        op=table.choice("op", ("<", "<=")),
        amount=table.integer("amount", least=1),
        allow_zero=table.flag("allow_zero", True),
        annualise=table.flag("annualise", False),
    )


def _workers(table: Table) -> Rule:
    divisions: dict[str, Decimal] = {}
    for row in table.tables("limits"):
        below = Decimal(row.integer("below", least=1))
        divisions.update(dict.fromkeys(row.texts("divisions"), below))
        row.finish()
    return WorkersRule(Decimal(table.integer("below", least=1)), divisions)


def _opened(table: Table) -> Rule:
    return OpenedRule(table.day("before"))


def _not_closed(table: Table) -> Rule:
    return NotClosedRule(table.flag("allow_suspended", False))


def _owner(table: Table) -> Rule:
    return OwnerRule(table.integer("limit", 1, least=1))


def _platform(table: Table) -> Rule:
    return PlatformRule(table.texts("platforms"))


def _former_support(table: Table) -> Rule:
    return FormerSupportRule(table.texts("programmes"), table.open_day("since"))


def _exclusive(table: Table) -> Rule:
    return ExclusiveRule(table.text("group"))


def _arrears(table: Table) -> Rule:
    taxes = table.texts("taxes", TAXES)
    for tax in taxes:
        if tax not in TAXES:
            table.note("unknown_choice", "taxes", tax)
    return ArrearsRule(taxes)


KINDS: dict[str, Callable[[Table], Rule]] = {
    "region": _region,
    "industry": _industry,
    "sales": _sales,
    "regular_workers": _workers,
    "opened_before": _opened,
    "not_closed": _not_closed,
    "one_per_owner": _owner,
    "platform": _platform,
    "former_support": _former_support,
    "exclusive": _exclusive,
    "no_arrears": _arrears,
}
