"""The dated data files of the portal and their one reader: codes, platforms, holidays, periods of the Acts."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from portal.domain import codes, objections, platforms, recovery_rates, reuse
from portal.domain.deadlines import ActPeriod, Holidays, ReportDue
from portal.domain.signals import Threshold

FOLDER = Path(__file__).parent


def _text(name: str) -> str:
    return (FOLDER / "codes" / f"{name}.csv").read_text(encoding="utf-8")


@cache
def regions() -> tuple[codes.Region, ...]:
    return codes.load_regions(_text("regions"))


@cache
def industries() -> tuple[codes.Industry, ...]:
    return codes.load_industries(_text("industries"))


@cache
def excluded_industries() -> tuple[codes.ExcludedIndustry, ...]:
    return codes.load_excluded_industries(_text("excluded_industries"))


@cache
def banks() -> dict[str, str]:
    """Bank code -> name."""
    return {bank.code: bank.name for bank in codes.load_banks(_text("banks"))}


@cache
def holidays() -> Holidays:
    return codes.load_holidays(_text("holidays"))


@cache
def holiday_names() -> dict[date, str]:
    """Date -> name, as shipped: an organisation's own changes are in the database."""
    return codes.load_holiday_names(_text("holidays"))


@cache
def act_periods() -> tuple[ActPeriod, ...]:
    return codes.load_act_periods(_text("acts"))


@cache
def law_of_objections() -> objections.Law:
    return objections.Law(act_periods(), holidays())


@cache
def reports_due() -> tuple[ReportDue, ...]:
    return codes.load_reports_due(_text("reports_due"))


@cache
def recovery_rates_in_law() -> recovery_rates.Rates:
    """Interest, surcharges and late charges of recoveries, each dated and with its article."""
    names = ("recovery_rules", "recovery_interest", "recovery_late", "recovery_limits")
    return recovery_rates.load(*(_text(name) for name in names))


@cache
def account_cooling() -> tuple[tuple[date, int], ...]:
    """From which day on a changed account waits for how many working days."""
    return codes.load_account_cooling(_text("account_cooling"))


@cache
def signal_thresholds() -> tuple[Threshold, ...]:
    """From what on the rules of signals speak, each number dated and with whose it is."""
    return codes.load_signal_thresholds(_text("signal_thresholds"))


@cache
def document_validity() -> tuple[reuse.Validity, ...]:
    """How long papers handed in before serve again."""
    return reuse.load_validity(_text("document_validity"))


@cache
def sizes(by: str) -> tuple[int, ...]:
    """Where the bands of `sales` (won) or `workers` (tenths) begin, rising from 0."""
    return tuple(band.least for band in codes.load_sizes(_text("sizes")) if band.by == by)


@cache
def platform_catalogue() -> dict[str, platforms.Platform]:
    """Platform code -> its catalogue entry, in the order of the file names."""
    found = [
        platforms.read_platform(path.read_text(encoding="utf-8"), path.name)
        for path in sorted((FOLDER / "platforms").glob("*.toml"))
    ]
    return {platform.code: platform for platform in found}


@cache
def region_names() -> dict[str, str]:
    return {region.code: codes.region_name(regions(), region.code) for region in regions()}


@cache
def industry_names() -> dict[tuple[int, str], str]:
    return {(industry.edition, industry.code): industry.name for industry in industries()}


@cache
def programme_templates() -> dict[str, str]:
    """Name -> text of the programmes that a new one may begin with, in the order of the file names."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((FOLDER / "templates").glob("*.toml"))}
