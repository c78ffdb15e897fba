"""The grid in which an official enters what a document says, a row for each delivery."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField
from wtforms.validators import Optional

from forms.base import Form
from forms.fields import TypedField, WonField
from portal.domain.errors import Incomplete, Problem
from portal.domain.evidence_lines import MAX_LINES, EnteredLine, problems_in
from portal.domain.periods import Month

BLANK = 10  # rows to write in below those that are there
TYPED = ("day", "clock", "order_no", "origin_key", "order_amount", "delivery_fee", "promotion_cost", "not_accepted")
# Not on the grid: what a pasted table said of them stays.
KEPT = ("delivery_support", "promotion_support", "brokerage_fee", "payment_fee")


class DayField(TypedField):
    """A day of the document's month: takes `3`, `5/3` and `2026-05-03`; holds its number."""

    def parse(self, text: str) -> int:
        found = re.fullmatch(r"(?:(?:\d{4}[-./] ?)?\d{1,2}[-./] ?)?(\d{1,2})(?:일|\.)?", text)
        if not found or not 1 <= int(found[1]) <= 31:
            raise ValueError("day_not_in_month")
        return int(found[1])


class ClockField(TypedField):
    """A time of day: takes `18:30`, `1830` and `9:05`; holds `18:30`."""

    def parse(self, text: str) -> str:
        found = re.fullmatch(r"([01]?\d|2[0-3])[:시]? ?([0-5]\d)분?", text)
        if not found:
            raise ValueError("time_not_a_time")
        return f"{int(found[1]):02d}:{found[2]}"


class LineForm(Form):
    """One row. A row in which nothing is typed is none."""

    class Meta(Form.Meta):
        csrf = False

    day = DayField(_("일"))
    clock = ClockField(_("시각"))
    order_no = StringField(_("주문번호"), [Optional()])
    origin_key = StringField(_("원주문"), [Optional()])
    channel = SelectField(_("서비스 종류"), validate_choice=False)
    status = SelectField(_("상태"), validate_choice=False)
    order_amount = WonField(_("주문금액"), [Optional()])
    delivery_fee = WonField(_("배달비"), [Optional()])
    promotion_cost = WonField(_("홍보비"), [Optional()])
    not_accepted = StringField(_("인정하지 않는 사유"), [Optional()])
    payment_method = HiddenField()
    delivery_support = HiddenField()
    promotion_support = HiddenField()
    brokerage_fee = HiddenField()
    payment_fee = HiddenField()

    @property
    def typed(self) -> bool:
        return any((self[name].raw_data or [""])[0].strip() for name in TYPED)


class EvidenceLinesForm(Form):
    """`statuses`, `channels`, `stores`: (code, name); a store is asked for only where there are several."""

    store_id = SelectField(_("매장"), validate_choice=False)
    fee_each = WonField(
        _("건당 배달비"),
        [Optional()],
        description=_("모든 줄의 배달비가 같으면 여기에 한 번만 적습니다. 배달비를 비운 줄에 들어갑니다."),
    )
    lines = FieldList(FormField(LineForm))

    def __init__(
        self,
        *arguments: Any,
        statuses: Iterable[tuple[str, object]] = (),
        channels: Iterable[tuple[str, object]] = (),
        stores: Iterable[tuple[str, object]] = (),
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.store_id.choices = [(code, str(name)) for code, name in stores]
        while len(self.lines.entries) < BLANK or (not self.is_submitted() and not self._ends_blank()):
            self.lines.append_entry()
        known = [(code, str(name)) for code, name in statuses], [(code, str(name)) for code, name in channels]
        for entry in self.rows:
            entry.status.choices, entry.channel.choices = known

    @property
    def rows(self) -> list[LineForm]:
        entries: list[Any] = self.lines.entries
        return [entry.form for entry in entries]

    def to_lines(self, period: Month) -> list[EnteredLine]:
        """What was typed. Raises Incomplete with every problem at its box."""
        wrong: list[Problem] = []
        places, lines = [], []
        for place, row in enumerate(self.rows[: MAX_LINES + BLANK]):
            if row.typed:
                line = self._line(place, row, period, wrong)
                if line is not None:
                    places.append(place)
                    lines.append(line)
        wrong += [_at_its_box(problem, places) for problem in problems_in(lines, period)]
        if wrong:
            raise Incomplete(problems=wrong)
        return lines

    def _line(self, place: int, row: LineForm, period: Month, wrong: list[Problem]) -> EnteredLine | None:
        missing = [name for name in ("day", "clock") if row[name].data is None]
        wrong += [Problem("required", f"lines-{place}-{name}") for name in missing]
        if missing:
            return None
        try:
            at = datetime.fromisoformat(f"{period}-{row.day.data:02d} {row.clock.data}")
        except ValueError:
            wrong.append(Problem("day_not_in_month", f"lines-{place}-day"))
            return None
        fee = row.delivery_fee.data
        return EnteredLine(
            ordered_at=at,
            order_no=row.order_no.data or "",
            origin_key=row.origin_key.data or "",
            channel=row.channel.data or "",
            status=row.status.data or "completed",
            payment_method=row.payment_method.data or "other",
            order_amount=row.order_amount.data or 0,
            delivery_fee=(self.fee_each.data or 0) if fee is None else fee,
            promotion_cost=row.promotion_cost.data or 0,
            not_accepted=row.not_accepted.data or "",
            **{name: _whole(row[name].data) for name in KEPT},
        )

    def _ends_blank(self) -> bool:
        return len(self.lines.entries) >= BLANK and not any(row.day.data for row in self.rows[-BLANK:])


def as_rows(lines: Sequence[EnteredLine]) -> list[dict[str, Any]]:
    """Lines as the grid shows them."""
    return [
        {
            "day": line.ordered_at.day,
            "clock": f"{line.ordered_at:%H:%M}",
            **{name: getattr(line, name) for name in ("order_no", "origin_key", "channel", "status", "not_accepted")},
            **{name: getattr(line, name) or None for name in ("order_amount", "delivery_fee", "promotion_cost")},
            "payment_method": line.payment_method,
            **{name: getattr(line, name) for name in KEPT},
        }
        for line in lines
    ]


def _at_its_box(problem: Problem, places: Sequence[int]) -> Problem:
    if problem.row is None:
        return problem
    name = "day" if problem.field == "ordered_at" else problem.field
    return replace(problem, field=f"lines-{places[problem.row - 1]}-{name}")


def _whole(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,12}", text) else 0
