"""The answers to a programme's conditions in words: what was asked for, what was found, and where it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.former_support import NOTHING
from portal.web import codes
from portal.web.dates import day

TAX_STATUSES = {"01": _l("계속사업자"), "02": _l("휴업자"), "03": _l("폐업자")}
TAXES = {"national": _l("국세"), "local": _l("지방세")}
OWED = {"yes": _l("체납 있음"), "no": _l("체납 없음")}


@dataclass(frozen=True, slots=True)
class Said:
    """One finding for a page. `passed` None: not decided yet. `tone` as in status_tag."""

    code: str
    name: str
    passed: bool | None
    label: str
    tone: str
    expected: str
    found: str
    legal: str


def said(finding: Mapping[str, Any]) -> Said:
    """A stored finding (services/eligibility.py) in words."""
    label, tone = {
        True: (_("맞음"), "success"),
        False: (_("맞지 않음"), "danger"),
        None: (_("확인 예정"), "attention"),
    }[finding["passed"]]
    expected, found = _WORDS.get(finding["kind"], _plain)(finding["expected"], finding["found"])
    return Said(
        code=finding["code"],
        name=finding["name"],
        passed=finding["passed"],
        label=label,
        tone=tone,
        expected=expected,
        found=found or _("담당자가 확인합니다"),
        legal=finding["legal"],
    )


def all_said(findings: Sequence[Mapping[str, Any]] | None) -> list[Said]:
    """In the order that matters to a reader: what fails, what is open, what is met."""
    order = {False: 0, None: 1, True: 2}
    return sorted((said(each) for each in findings or ()), key=lambda each: order[each.passed])


def _plain(expected: str, found: str) -> tuple[str, str]:
    return expected, found


def _region(expected: str, found: str) -> tuple[str, str]:
    wanted = dict.fromkeys(codes.region_short(code) for code in expected.split(","))
    return ", ".join(wanted), codes.region_name(found) if found else ""


def _industry(_expected: str, found: str) -> tuple[str, str]:
    edition, _colon, code = found.partition(":")
    return _("지원 제외 업종이 아닐 것"), codes.industry_name(code, int(edition)) if code else ""


def _sales(expected: str, found: str) -> tuple[str, str]:
    _mode, operator, amount = expected.split(" ")
    limit = _("%(won)s원 이하") if operator == "<=" else _("%(won)s원 미만")
    years = [part.partition("=") for part in found.split(" ")]
    stated = ", ".join(_of_year(year, sales) for year, _equals, sales in years)
    return limit % {"won": format_decimal(int(amount))}, stated


def _of_year(year: str, sales: str) -> str:
    """`2024`, `50000000/5`: what was sold in the five months since the opening stands for a whole year."""
    won, _slash, months = sales.partition("/")
    if not won:
        return _("%(year)s년 매출 미입력", year=year)
    said = _("%(year)s년 %(won)s원", year=year, won=format_decimal(int(won)))
    if not months:
        return said
    whole = format_decimal(int(won) * 12 // int(months))
    return _("%(said)s(%(months)s개월, 한 해로 환산하면 %(won)s원)", said=said, months=months, won=whole)


def _workers(expected: str, found: str) -> tuple[str, str]:
    limit = _("%(count)s명 미만", count=expected.removeprefix("< "))
    if found == "certificate":
        return limit, _("소상공인확인서 제출")
    return limit, _("%(count)s명", count=found.removesuffix(".0")) if found else ""


def _opened(expected: str, found: str) -> tuple[str, str]:
    before = date.fromisoformat(expected.removeprefix("< "))
    return _("%(day)s 이전", day=day(before)), day(date.fromisoformat(found)) if found else ""


def _tax(expected: str, found: str) -> tuple[str, str]:
    allowed = ", ".join(str(TAX_STATUSES.get(code, code)) for code in expected.split(","))
    return allowed, str(TAX_STATUSES.get(found, found)) or _("국세청 조회 예정")


def _owner(expected: str, found: str) -> tuple[str, str]:
    return _("%(count)s곳 이하", count=expected.removeprefix("<= ")), _("%(count)s곳", count=found) if found else ""


def _platforms(expected: str, found: str) -> tuple[str, str]:
    def names(listed: str) -> str:
        return ", ".join(codes.platform_name(code) for code in listed.split(",") if code)

    return names(expected), names(found)


def _supported(expected: str, found: str) -> tuple[str, str]:
    """When the named programmes granted something; what they are called stands in the condition's own words."""
    since = expected.partition(">=")[2]
    wanted = _("%(day)s부터 지원받은 적 없음", day=day(date.fromisoformat(since))) if since else _("지원받은 적 없음")
    had = [day(date.fromisoformat(one.rpartition("=")[2])) for one in found.split(" ") if "=" in one]
    if had:
        return wanted, _("지원이 결정된 날: %(days)s", days=", ".join(had))
    return wanted, _("없음") if found else ""


def _exclusive(_expected: str, found: str) -> tuple[str, str]:
    wanted = _("함께 받을 수 없는 사업에 참여하고 있지 않을 것")
    return wanted, _("없음") if found == NOTHING else found


def _arrears(expected: str, found: str) -> tuple[str, str]:
    wanted = _("%(taxes)s 체납 없음", taxes=", ".join(str(TAXES.get(tax, tax)) for tax in expected.split(",")))
    told = [part.partition("=") for part in found.split(" ") if part]
    return wanted, ", ".join(f"{TAXES.get(tax, tax)} {OWED[owed]}" for tax, _equals, owed in told)


_WORDS: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "region": _region,
    "industry": _industry,
    "sales": _sales,
    "regular_workers": _workers,
    "opened_before": _opened,
    "not_closed": _tax,
    "one_per_owner": _owner,
    "platform": _platforms,
    "former_support": _supported,
    "exclusive": _exclusive,
    "no_arrears": _arrears,
}
