"""Forms of the reviewer: narrowing the queue, asking for a supplement, recommending a decision."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from forms.base import Form
from forms.code_fields import CheckboxesField
from forms.messages import MESSAGES
from portal.domain.applications import Recommendation, SupplementRequest
from portal.domain.reviews import MAX_SUPPLEMENT_DAYS, NOBODY, CheckItem, Filters


def _choice(code: str, label: object) -> SelectChoice:
    """The label stays lazy, so that it is said in the reader's language."""
    return SelectChoice(value=code, label=cast(str, label))


_ALL = _choice("", _("전체"))
_VIEWS = (
    _ALL,
    _choice("undecided", _("결정하지 않은 사건")),
    _choice("my_turn", _("내가 처리할 차례")),
    _choice("mine", _("내가 맡은 사건")),
    _choice("due_soon", _("기한이 근무일 3일 안에 오는 사건")),
    _choice("overdue", _("기한이 지난 사건")),
    _choice("answer_late", _("보완 기한이 지난 사건")),
)
_SORTS = (
    _choice("due", _("처리기한이 빠른 순")),
    _choice("received", _("최근 접수 순")),
    _choice("amount", _("신청 금액이 큰 순")),
    _choice("name", _("상호 순")),
)


_OUTCOMES = (
    _choice("approve", _("선정(교부)")),
    _choice("reject", _("불선정")),
)


class QueueForm(Form):
    """The filter of the work queue; sent by GET, so that a list can be bookmarked."""

    class Meta(Form.Meta):
        csrf = False

    text = StringField(_("상호 또는 번호"), [Length(max=60)])
    view = SelectField(_("보기"), choices=_VIEWS, default="")
    status = SelectField(_("상태"), default="")
    programme = SelectField(_("사업"), default="")
    officer = SelectField(_("담당자"), default="")
    tag = SelectField(_("꼬리표"), default="")
    sort = SelectField(_("정렬"), choices=_SORTS, default="due")

    def to_filters(self) -> Filters:
        """What was asked for; what is not on offer narrows nothing."""
        return Filters(
            text=(self.text.data or "")[:60],
            programme=self.programme.data or "",
            status=self.status.data or "",
            view=self.view.data or "",
            sort=self.sort.data or "due",
            officer=self.officer.data or "",
            tag=self.tag.data or "",
        )

    @property
    def carried(self) -> dict[str, str]:
        """What is chosen, as it stands in the address: for links to further pages."""
        return {field.name: field.data for field in self if field.data}

    def offer(
        self,
        statuses: Iterable[tuple[str, object]],
        programmes: Iterable[tuple[str, str]],
        officers: Iterable[tuple[str, str]] = (),
        tags: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Sets what may be chosen."""
        self.status.choices = [_ALL, *(_choice(code, name) for code, name in statuses)]
        self.programme.choices = [_ALL, *(_choice(code, name) for code, name in programmes)]
        nobody = _choice(NOBODY, _("담당자 없음"))
        self.officer.choices = [_ALL, nobody, *(_choice(code, name) for code, name in officers)]
        self.tag.choices = [_ALL, *(_choice(code, name) for code, name in tags)]


class SupplementForm(Form):
    items = TextAreaField(
        _("보완할 사항"),
        [InputRequired(), Length(min=5, max=2000)],
        description=_("무엇을 왜 보완해야 하는지 신청인이 알 수 있게 적어 주세요. 보완요구서에 그대로 들어갑니다."),
    )
    parts = CheckboxesField(
        _("신청인이 고칠 수 있는 것"),
        [InputRequired(message=MESSAGES["parts_required"])],
        description=_("고른 것만 열립니다. 나머지는 잠긴 채로 보이고, 보내도 받지 않습니다."),
        choices=[],
        validate_choice=False,  # which parts there are depends on the case: the service knows them
    )
    days = IntegerField(
        _("보완 기간(일)"),
        [InputRequired(), NumberRange(1, MAX_SUPPLEMENT_DAYS)],
        description=_("보낸 다음 날부터 셉니다. 마지막 날이 쉬는 날이면 다음 근무일까지입니다."),
        render_kw={"inputmode": "numeric"},
    )

    def offer(self, parts: Iterable[tuple[str, object]]) -> None:
        """Sets what may be opened."""
        self.parts.choices = [_choice(code, name) for code, name in parts]

    def to_command(self) -> SupplementRequest:
        parts = frozenset(self.parts.data or ())
        return SupplementRequest(items=self.items.data or "", days=self.days.data or 0, parts=parts)


class RecommendForm(Form):
    checklist = CheckboxesField(
        _("확인한 사항"),
        description=_("직접 확인한 항목에만 표시해 주세요. 선정 의견에는 모든 항목이 필요합니다."),
        choices=[],
        validate_choice=False,  # which codes there are depends on the case: the service knows them
    )
    outcome = RadioField(_("검토 의견"), [InputRequired()], choices=_OUTCOMES)
    reasons = TextAreaField(
        _("검토 내용·사유"),
        [Length(max=2000)],
        description=_("불선정이면 통지서에 들어갈 사유를 10자 이상 적어 주세요."),
    )

    def offer(self, items: Iterable[CheckItem]) -> None:
        """Sets what may be ticked."""
        self.checklist.choices = [_choice(item.code, item.name) for item in items]

    def to_command(self) -> Recommendation:
        return Recommendation(
            outcome=self.outcome.data or "",
            reasons=self.reasons.data or "",
            checklist=frozenset(self.checklist.data or ()),
        )
