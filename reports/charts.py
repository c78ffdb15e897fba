"""The charts of the statistics as Vega-Lite specs, and the same charts as drawings for paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Any

import altair as alt
import vl_convert
from reportlab.graphics.shapes import Drawing
from svglib.svglib import svg2rlg

from portal.domain.money import Won
from portal.domain.periods import Month
from portal.domain.statistics import Breakdown, Dimension, Row, Statistics
from reports.definitions import STEPS, TITLES, funnel_said
from reports.page import BOLD, REGULAR, font_files

Spec = dict[str, Any]

MOST_BARS = 10
_MYRIADS = "datum.value == 0 ? '0' : format(datum.value / 10000, ',') + '만'"
_ROW, _AROUND, _MONTHLY = 34, 60, 300  # heights in CSS pixels
_PAPER_ROW, _PAPER_AROUND, _PAPER_MONTHLY = 20, 40, 190
_FONT = "Noto Sans KR"
_AXIS = {"labelFontSize": 10, "labelColor": "#333333", "gridColor": "#e6e8ea", "domainColor": "#8a949e"}
_ON_PAPER: Spec = {
    "font": _FONT,
    "background": "white",
    "axis": {
        **_AXIS,
        "titleColor": "#333333",
        "gridColor": "#e6e8ea",
        "domainColor": "#8a949e",
        "tickColor": "#8a949e",
    },
    "legend": {"labelFontSize": 10, "orient": "bottom"},
    "view": {"stroke": None},
}
_BLUE, _LIGHT, _GREY = "#0b50d0", "#86aff5", "#cdd1d5"


def specs(statistics: Statistics) -> dict[str, Spec]:
    """Name -> spec with its data inside, and no address: budget, funnel, month, and the tables that have bars."""
    bars = (Dimension.REGION, Dimension.DIVISION, Dimension.INDUSTRY, Dimension.PLATFORM, Dimension.ITEM)
    return {
        "budget": _budget(statistics),
        "funnel": _funnel(statistics),
        "month": _by_month(statistics.by(Dimension.MONTH), statistics.by(Dimension.PAY_MONTH)),
        **{each.value: _amounts(statistics.by(each)) for each in bars},
    }


def drawing(spec: Spec, width: float) -> Drawing:
    """The chart as vectors for a ReportLab page, about `width` points wide, its text in the embedded font.

    Raises RuntimeError before `register_fonts()`: measured with another font, texts would run into each other.
    """
    _teach_fonts(tuple(str(path.parent) for path in font_files()))
    rows = spec["height"] - _AROUND
    small = _PAPER_MONTHLY if spec["height"] == _MONTHLY else rows // _ROW * _PAPER_ROW + _PAPER_AROUND
    fitted = {"type": "fit", "contains": "padding"}
    paper = spec | {"width": width, "height": small, "autosize": fitted, "config": _ON_PAPER}
    made = svg2rlg(BytesIO(vl_convert.vegalite_to_svg(paper, allowed_base_urls=[]).encode()), font_map=_PaperFonts())
    if made is None:
        raise ValueError("the chart could not be drawn")
    made.initialFontName = REGULAR  # ReportLab starts every drawing with its own font, which it does not embed
    made.scale(width / made.width, width / made.width)
    made.height, made.width = made.height * width / made.width, width
    return made


class _PaperFonts:
    """Any font that an SVG names is the embedded one: nothing else may reach paper."""

    def find_font(self, _name: str, weight: str = "normal", _style: str = "normal") -> tuple[str, bool]:
        return (BOLD if weight in ("bold", "700", "600") else REGULAR), True


@cache
def _teach_fonts(folders: tuple[str, ...]) -> None:
    for folder in folders:
        vl_convert.register_font_directory(folder)


def _chart(values: Sequence[dict[str, Any]], height: int, mark: Any, **encoding: Any) -> Spec:
    chart: Any = alt.Chart(alt.InlineData(values=list(values)), height=height)
    made = chart.mark_bar(**mark).encode(**encoding).to_dict()
    data = made.pop("datasets", None)
    if data is not None:  # the library moves data to the end under a hashed name; beside the chart it is easier to read
        made["data"] = {"values": next(iter(data.values()))}
    return {key: part for key, part in made.items() if key not in ("config", "$schema")}


def _won(field: str, channel: Any = alt.X, **more: Any) -> Any:
    return channel(
        f"{field}:Q", axis=alt.Axis(labelExpr=_MYRIADS, tickCount=4, labelOverlap="greedy", title=None), **more
    )


def _names(field: str, order: Sequence[str]) -> Any:
    axis = alt.Axis(title=None, labelLimit=130, labelPadding=6, ticks=False, domain=False)
    return alt.Y(f"{field}:N", sort=list(order), axis=axis, scale=alt.Scale(paddingInner=0.35))


def _series(parts: Sequence[str], colours: Sequence[str]) -> Any:
    scale = alt.Scale(domain=list(parts), range=list(colours))
    return alt.Color("구분:N", sort=list(parts), scale=scale, legend=alt.Legend(title=None, orient="bottom", columns=2))


def _said(*fields: str) -> list[Any]:
    return [*(alt.Tooltip(f"{field}:N") for field in fields), alt.Tooltip("원:Q", format=",")]


def _budget(statistics: Statistics) -> Spec:
    parts = ("실집행", "교부결정(지급 전)", "잔액")
    years = len({row.fiscal_year for row in statistics.budget}) > 1
    named = [(f"{row.fiscal_year} {row.label}" if years else row.label, row) for row in statistics.budget]
    values = [
        {"재원": name, "구분": part, "원": won, "순서": order}
        for name, row in named
        for order, (part, won) in enumerate(zip(parts, (row.paid, row.granted - row.paid, row.left), strict=True))
    ]
    return _chart(
        values,
        _ROW * (len(named) + 1) + _AROUND,
        {},
        y=_names("재원", [name for name, _ in named]),
        x=_won("원", stack="zero"),
        color=_series(parts, (_BLUE, _LIGHT, _GREY)),
        order=alt.Order("순서:Q"),
        tooltip=_said("재원", "구분"),
    )


def _funnel(statistics: Statistics) -> Spec:
    values = [{"단계": name, "건": count} for name, count in funnel_said(statistics.funnel)[:STEPS]]
    axis = alt.Axis(tickMinStep=1, tickCount=4, title=None)
    return _chart(
        values,
        _ROW * len(values) + _AROUND,
        {"color": _BLUE},
        y=_names("단계", [str(value["단계"]) for value in values]),
        x=alt.X("건:Q", axis=axis),
        tooltip=[alt.Tooltip("단계:N"), alt.Tooltip("건:Q", format=",")],
    )


def _by_month(claimed: Breakdown, paid: Breakdown) -> Spec:
    return by_month({TITLES[table.dimension]: {row.code: row.paid for row in table.rows} for table in (claimed, paid)})


def by_month(series: Mapping[str, Mapping[Month, Won]]) -> Spec:
    """Two series of won side by side, month by month."""
    codes = sorted({code for amounts in series.values() for code in amounts})
    one_year = len({code[:4] for code in codes}) <= 1
    short = {code: f"{int(code[5:])}월" if one_year else f"{code[2:4]}.{int(code[5:])}" for code in codes}
    parts = tuple(series)
    values = [
        {"달": short[code], "구분": part, "원": won}
        for part, amounts in series.items()
        for code, won in amounts.items()
    ]
    axis = alt.Axis(title=None, labelAngle=0, labelOverlap=True)
    return _chart(
        values,
        _MONTHLY,
        {},
        x=alt.X("달:N", sort=list(short.values()), axis=axis, scale=alt.Scale(paddingInner=0.25)),
        xOffset=alt.XOffset("구분:N", sort=list(parts)),
        y=_won("원", alt.Y),
        color=_series(parts, (_BLUE, _LIGHT)),
        tooltip=_said("달", "구분"),
    )


def side_by_side(series: Mapping[str, Mapping[str, Won]]) -> Spec:
    """Two series of won as pairs of bars, one pair for each name, the largest ten."""
    parts = tuple(series)
    names = {name: sum(amounts.get(name, 0) for amounts in series.values()) for part in parts for name in series[part]}
    largest = sorted(names, key=lambda name: (-names[name], name))[:MOST_BARS]
    values = [{"이름": name, "구분": part, "원": series[part].get(name, 0)} for name in largest for part in parts]
    return _chart(
        values,
        2 * _ROW * max(1, len(largest)) + _AROUND,
        {},
        y=_names("이름", largest),
        yOffset=alt.YOffset("구분:N", sort=list(parts)),
        x=_won("원"),
        color=_series(parts, (_BLUE, _LIGHT)),
        tooltip=_said("이름", "구분"),
    )


def _amounts(table: Breakdown) -> Spec:
    """The ten largest amounts as bars; the table beside it has them all."""
    largest: list[Row] = sorted(table.rows, key=lambda row: (-row.paid, row.code, row.scheme))[:MOST_BARS]
    values = [{"이름": _told_apart(row, largest), "원": row.paid} for row in largest]
    return _chart(
        values,
        _ROW * max(1, len(values)) + _AROUND,
        {"color": _BLUE},
        y=_names("이름", [str(value["이름"]) for value in values]),
        x=_won("원"),
        tooltip=_said("이름"),
    )


def _told_apart(row: Row, rows: Sequence[Row]) -> str:
    twice = sum(other.label == row.label for other in rows) > 1
    return f"{row.label} ({row.scheme or row.code})" if twice else row.label
