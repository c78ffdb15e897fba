"""Forms of plans: what the page shows, what a sub-project spent and reached in a year, and why a report is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import Form
from forms.fields import DateField, WonField
from forms.file_fields import EVIDENCE, MEBIBYTE, FileField
from forms.uploads import check_upload
from portal.domain.errors import FileRefused
from portal.domain.plans import LARGEST, MAX_NOTE, MAX_TEXT, Indicator, ReportActuals

_MAX_FILE = 20 * MEBIBYTE
_SPENT, _REACHED = "spent_", "reached_"
ALL_YEARS = "all"
_DEPTHS = (("task", _("과제까지")), ("project", _("세부사업까지")))


class PlanViewForm(Form):
    """Which year, how deep, and which indicator beside the money; sent by GET, so that the page can be bookmarked."""

    class Meta(Form.Meta):
        csrf = False

    year = SelectField(_("연도"), default=ALL_YEARS)
    depth = SelectField(_("보기"), default="task")
    indicator = SelectField(_("함께 볼 지표"))

    def offer(self, years: Iterable[int], indicators: Iterable[Indicator]) -> None:
        """Sets what may be chosen; what may not is read as the first."""
        self.year.choices = [(ALL_YEARS, str(_("전체 기간"))), *((str(year), str(year)) for year in years)]
        self.depth.choices = [(code, str(label)) for code, label in _DEPTHS]
        self.indicator.choices = [(each.code, f"{each.name} ({each.unit})") for each in indicators]
        for field in (self.year, self.depth, self.indicator):
            offered = [str(code) for code, _label in field.choices or ()]
            field.data = field.data if field.data in offered else offered[0]

    @property
    def chosen_year(self) -> int | None:
        return None if self.year.data == ALL_YEARS else int(str(self.year.data))


class PlanReportForm(Form):
    """The parts that every report has; `report_form` adds a box for each source and indicator of the sub-project."""

    year = SelectField(_("연도"), coerce=int)
    as_of = DateField(
        _("기준일"), [InputRequired()], description=_("그해 1월 1일부터 이날까지 모두 더한 값을 적습니다.")
    )
    document = StringField(
        _("근거 문서"), [InputRequired(), Length(max=MAX_TEXT)], description=_("예: 혁신경제과-1234 (2023. 1. 20.)")
    )
    file = FileField(_("근거 문서 파일(선택)"), kinds=EVIDENCE, max_bytes=_MAX_FILE)
    note = TextAreaField(_("덧붙이는 말(선택)"), [Length(max=MAX_NOTE)], render_kw={"rows": 3})

    @property
    def figures(self) -> list[Any]:
        """The boxes of figures, in the order of the plan."""
        return [field for field in self if field.name.startswith((_SPENT, _REACHED))]

    def to_command(self, node: str) -> ReportActuals:
        """What was typed; a box left empty reports nothing. Raises FileRefused, pointing at the file's box."""
        typed = {field.name: field.data for field in self.figures if field.data is not None}
        made = ReportActuals(
            node=node,
            year=int(str(self.year.data)),
            as_of=self.as_of.data,  # ty: ignore[invalid-argument-type]
            document=self.document.data or "",
            note=self.note.data or "",
            spent={name.removeprefix(_SPENT): figure for name, figure in typed.items() if name.startswith(_SPENT)},
            reached={
                name.removeprefix(_REACHED): figure for name, figure in typed.items() if name.startswith(_REACHED)
            },
        )
        sent = self.file.data
        if not sent:
            return made
        try:
            checked = check_upload(sent.filename or "", sent.stream, sent.mimetype, EVIDENCE, _MAX_FILE)
        except FileRefused as refused:
            raise FileRefused(problems=[replace(problem, field="file") for problem in refused.problems]) from None
        return replace(made, filename=checked.name, media_type=checked.media_type, content=checked.content)


def report_form(
    years: Iterable[int], sources: Mapping[str, object], indicators: Iterable[Indicator]
) -> type[PlanReportForm]:
    """The form of one sub-project: `sources` (code -> name) where what was spent is typed, and its `indicators`."""
    boxes: dict[str, Any] = {
        f"{_SPENT}{code}": WonField(_("집행액 · %(source)s", source=name), [Optional()])
        for code, name in sources.items()
    }
    for each in indicators:
        bounds = [Optional(), NumberRange(0, LARGEST)]
        boxes[f"{_REACHED}{each.code}"] = IntegerField(f"{each.name} ({each.unit})", bounds)
    boxes["year"] = SelectField(_("연도"), coerce=int, choices=[(year, str(year)) for year in years])
    return type("FilledPlanReportForm", (PlanReportForm,), boxes)


class RefuseReportForm(Form):
    note = TextAreaField(
        _("확인하지 않는 사유"),
        [InputRequired(), Length(max=MAX_NOTE)],
        description=_("보고한 사람이 봅니다."),
        render_kw={"rows": 3},
    )
