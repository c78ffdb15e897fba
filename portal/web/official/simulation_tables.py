"""A simulation's result as the page shows it and files carry it: tables of both sides and their differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from flask_babel import gettext as _

from forms.simulation_numbers import POOLS
from portal import data
from portal.domain.assessment import Reason
from portal.domain.kinds import ITEM_NAMES, PoolPer
from portal.domain.programmes import Change, difference
from portal.domain.simulations import By, PoolEnd, Result, Share, Side
from portal.domain.terms import parse_terms
from portal.domain.terms_text import as_toml
from portal.queries import programmes
from portal.queries.simulations import Asked
from portal.web import codes, labels
from portal.web.dates import day, month
from portal.web.policy.chart_words import translated
from reports import charts
from reports.definitions import figure
from reports.simulations import Table

SHOWN = 6  # columns of a breakdown on the page; files have all
_NOTHING = "-"


def page(asked: Asked, result: Result | None) -> dict[str, Any]:
    """What the template needs: the changes of the draft and, once it is computed, its tables and charts."""
    found: dict[str, Any] = {"asked": asked, "result": result, "changes": changes(asked)}
    if result is not None:
        found |= {"tables": tables(asked, result), "specs": _specs(asked, result)}
        found |= {"printed": printed, "signed": signed}
    return found


def changes(asked: Asked) -> list[Change]:
    """What the draft says otherwise than the terms in force, line by line; nothing where they are the same."""
    in_force, draft = programmes.read(asked.simulation.version).terms, parse_terms(asked.simulation.text)
    return list(difference(as_toml(in_force), as_toml(draft)))


def tables(asked: Asked, result: Result) -> dict[str, Table]:
    """Every table by name, in the order in which they are read."""
    titles = {
        By.MONTH: _("월별"),
        By.ITEM: _("지원 항목별"),
        By.REGION: _("지역별"),
        By.INDUSTRY: _("업종별"),
        By.SALES: _("연 매출별"),
        By.WORKERS: _("상시 근로자 수별"),
    }
    breakdowns = {by.value: _breakdown(title, by, asked, result) for by, title in titles.items()}
    return {"summary": _summary(result), **breakdowns, "reasons": _reasons(result)}


def printed(table: Table, columns: int = SHOWN) -> list[list[str]]:
    """The first columns of the rows as people read them: a dash for zero, a sign before a difference."""
    return [
        [_cell(value, signed=place in table.signed) for place, value in enumerate(row[:columns])] for row in table.rows
    ]


def signed(number: int) -> str:
    """`+1,234`, `-1,234`, `0`."""
    return f"{number:+,}" if number else "0"


def _cell(value: str | int | None, *, signed: bool) -> str:
    if isinstance(value, int):
        return f"{value:+,}" if signed and value else figure(value)
    return value or _NOTHING


def _summary(result: Result) -> Table:
    numbers: list[tuple[str, Callable[[Side], int]]] = [
        (_("지원금 합계(원)"), lambda side: side.won),
        (_("지원받는 가맹점(곳)"), lambda side: side.merchants),
        (_("가맹점 평균(원)"), lambda side: side.mean),
        (_("가맹점 중앙값(원)"), lambda side: side.median),
        (_("지원 건수(건)"), lambda side: side.lines),
    ]
    rows: list[Sequence[str | int | None]] = [
        (label, before := of(result.in_force), after := of(result.draft), after - before) for label, of in numbers
    ]
    ends = result.in_force.runs_out_on(result.budget), result.draft.runs_out_on(result.budget)
    rows.append((_("예산 %(won)s원을 다 쓰는 날", won=figure(result.budget)), *_days(*ends)))
    for before, after in zip_longest(result.in_force.pools, result.draft.pools):
        first, second = (None if pool is None else pool.first for pool in (before, after))
        label = POOLS[PoolPer((after or before).per)]
        rows.append((str(label), _pool(before), _pool(after), _days(first, second)[2]))
    return Table(_("한눈에 보기"), [_("구분"), _("현행"), _("초안"), _("차이")], rows)


def _pool(pool: PoolEnd | None) -> str:
    if pool is None:
        return _NOTHING
    won = _("%(won)s원", won=figure(pool.amount))
    if pool.first is None:
        return _("%(won)s (남음)", won=won)
    if len(pool.days) == 1:
        return _("%(won)s (%(day)s 다 씀)", won=won, day=day(pool.first))
    return _("%(won)s (%(day)s 등 %(n)s번 다 씀)", won=won, day=day(pool.first), n=len(pool.days))


def _days(before: date | None, after: date | None) -> tuple[str, str, str]:
    """Both days, and by how much the second is earlier or later."""
    moved = (after - before).days if before and after else 0
    change = _("%(n)s일 빨라짐", n=-moved) if moved < 0 else _("%(n)s일 늦어짐", n=moved) if moved else _NOTHING
    left = _("다 쓰지 않음")
    return day(before) if before else left, day(after) if after else left, change


def _breakdown(title: str, by: By, asked: Asked, result: Result) -> Table:
    before, after = ({share.code: share for share in side.shares.get(by, ())} for side in _sides(result))
    none = Share("", 0, 0, 0)
    rows = []
    for code in _ordered(by, before, after):
        first, second = before.get(code, none), after.get(code, none)
        won = (first.won, second.won, second.won - first.won)
        rows.append((_name(by, code, asked), *won, first.merchants, second.merchants, first.lines, second.lines))
    headers = [
        *(title, _("현행 지원금"), _("초안 지원금"), _("차이"), _("현행 가맹점"), _("초안 가맹점")),
        *(_("현행 건수"), _("초안 건수")),
    ]
    return Table(title, headers, rows)


def _ordered(by: By, before: Mapping[str, Share], after: Mapping[str, Share]) -> list[str]:
    found = before.keys() | after.keys()
    if by is By.INDUSTRY:
        return sorted(found, key=lambda code: (-sum(side[code].won for side in (before, after) if code in side), code))
    if by in (By.SALES, By.WORKERS):
        return sorted(found, key=lambda code: int(code or 10**18))
    return sorted(found)


def _name(by: By, code: str, asked: Asked) -> str:
    if not code:
        return _("모름")
    if by is By.MONTH:
        return month(code)
    if by is By.ITEM:
        return _(ITEM_NAMES[code]) if code in ITEM_NAMES else code
    if by is By.REGION:
        return codes.region_name(code).removeprefix(
            f"{codes.region_name(asked.simulation.programme.organisation.region_code)} "
        )
    if by is By.INDUSTRY:
        edition, _colon, number = code.partition(":")
        return f"{codes.industry_name(number, int(edition))} ({number})"
    return _band(by, int(code))


def _band(by: By, least: int) -> str:
    """`50,000,000원 이상 104,000,000원 미만`, `1명 이상 3명 미만`."""
    below = next((bound for bound in data.sizes(by) if bound > least), None)
    unit = (lambda bound: _("%(won)s원", won=f"{bound:,}")) if by is By.SALES else _workers
    if below is None:
        return _("%(least)s 이상", least=unit(least))
    if least == 0:
        return _("%(below)s 미만", below=unit(below))
    return _("%(least)s 이상 %(below)s 미만", least=unit(least), below=unit(below))


def _workers(tenths: int) -> str:
    return _("%(n)s명", n=f"{tenths / 10:g}")


def _reasons(result: Result) -> Table:
    before, after = (side.reasons for side in _sides(result))
    found = [reason.value for reason in reversed(Reason) if before.get(reason, 0) or after.get(reason, 0)]
    rows = [
        (str(labels.REASONS[reason][0]), was := before.get(reason, 0), now := after.get(reason, 0), now - was)
        for reason in found
    ]
    return Table(_("결과별 건수"), [_("결과"), _("현행"), _("초안"), _("차이")], rows)


def _specs(asked: Asked, result: Result) -> dict[str, Any]:
    names = (_("현행"), _("초안"))
    months, regions = (
        {
            name: {_code(by, share, asked): share.won for share in side.shares[by]}
            for name, side in zip(names, _sides(result), strict=True)
        }
        for by in (By.MONTH, By.REGION)
    )
    return {"month": translated(charts.by_month(months)), "region": translated(charts.side_by_side(regions))}


def _code(by: By, share: Share, asked: Asked) -> str:
    return share.code if by is By.MONTH else _name(by, share.code, asked)


def _sides(result: Result) -> tuple[Side, Side]:
    return result.in_force, result.draft
