"""Forms of a selection: the score sheet, the announcement of a draw, the draw, the confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.fields import DateField
from forms.programme_fields import WholeField
from portal.domain.lotteries import MAX_SOURCE, MIN_SOURCE, AnnounceDraw
from portal.domain.selection_rules import ScoreCriterion
from portal.domain.selections import MAX_COMMENT, MAX_OPINION, MIN_OPINION, ConfirmSelection, GiveScores

_PREFIX = "points-"
_READ = [InputRequired(_("내용을 읽고 확인란에 표시해 주세요."))]


class PointsField(WholeField):
    """Whole points for one criterion; how many it has at most is the rules' to say."""

    suffix = _("점")


class SheetForm(Form):
    """A score sheet; its boxes are those of the criteria (`sheet_form`)."""

    comment = TextAreaField(
        _("평가 의견(선택)"),
        [Length(max=MAX_COMMENT)],
        description=_("회의록에는 들어가지 않고, 순위가 매겨진 뒤 이 기관의 담당자에게만 보입니다."),
        render_kw={"rows": 3},
    )
    confirmed = BooleanField(_("신청서와 서류를 읽고 점수를 정했습니다. 낸 뒤에는 고칠 수 없습니다."), _READ)

    def to_command(self) -> GiveScores:
        points = {f.name.removeprefix(_PREFIX): f.data for f in self if f.name.startswith(_PREFIX)}
        return GiveScores(points, self.comment.data or "")


def sheet_form(criteria: Sequence[ScoreCriterion]) -> type[SheetForm]:
    """The sheet for these criteria, the boxes in their order before the comment."""
    boxes = {f"{_PREFIX}{each.code}": _box(each) for each in criteria}
    comment, confirmed = SheetForm.comment, SheetForm.confirmed
    renewed = {"comment": _again(comment), "confirmed": _again(confirmed)}
    return type("CriteriaForm", (SheetForm,), {**boxes, **renewed})


def _box(criterion: ScoreCriterion) -> Any:
    label = f"{criterion.name} (0 ~ {criterion.points})"
    return PointsField(label, [InputRequired()], description=criterion.description)


def _again(unbound: Any) -> Any:
    """The same box counted anew, so that it stands behind those made since (WTForms orders by creation)."""
    return type(unbound)(unbound.field_class, *unbound.args, **unbound.kwargs)


class AnnounceForm(Form):
    public_source = StringField(
        _("추첨에 쓸 공개값"),
        [InputRequired(), Length(min=MIN_SOURCE, max=MAX_SOURCE)],
        description=_(
            "아직 아무도 모르고, 나온 뒤에는 누구나 찾을 수 있는 값. 예: 2026. 7. 4. 로또 6/45 제1231회 당첨번호"
        ),
    )
    draws_on = DateField(
        _("추첨일"), [InputRequired()], description=_("공개값이 나온 다음 날로 합니다. 내일 이후여야 합니다.")
    )

    def to_command(self) -> AnnounceDraw:
        return AnnounceDraw(self.public_source.data or "", self.draws_on.data or date.min)


class DrawForm(Form):
    public_value = StringField(
        _("나온 공개값"),
        [InputRequired(), Length(max=100)],
        description=_("알린 그대로 적습니다. 빈칸은 빼고 계산합니다. 예: 3,14,27,30,41,45"),
    )
    confirmed = BooleanField(_("값을 다시 확인했습니다. 추첨은 한 번뿐입니다."), _READ)


class ConfirmForm(Form):
    opinion = TextAreaField(
        _("심의 의견"),
        [InputRequired(), Length(min=MIN_OPINION, max=MAX_OPINION)],
        description=_("위원회에서 정한 것을 적습니다. 회의록에 그대로 들어갑니다."),
        render_kw={"rows": 5},
    )
    confirmed = BooleanField(_("순위와 선정 결과를 모두 확인했습니다."), _READ)

    def to_command(self) -> ConfirmSelection:
        return ConfirmSelection(self.opinion.data or "")


class RankingBackForm(Form):
    note = TextAreaField(
        _("다시 할 일"),
        [InputRequired(), Length(max=1000)],
        description=_("이미 낸 평가표는 그대로 남고, 평가표를 더 받을 수 있게 됩니다."),
    )
