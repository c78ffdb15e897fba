"""Forms of the desk: putting an officer in charge, tags, and what one step for many cases needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from forms.base import Form
from forms.code_fields import CheckboxesField
from forms.messages import MESSAGES
from portal.domain.assignments import MAX_REASON, Assign
from portal.domain.bulk import STEPS_OF_REVIEW, BulkAction, PrepareRun
from portal.domain.reviews import MAX_SUPPLEMENT_DAYS
from portal.domain.tags import LONGEST_NAME, WriteTag

Choices = Iterable[tuple[int, object]]
_WHY = _("담당자가 이미 있는 사건을 옮길 때만 5자 이상 적어 주세요. 기록에 남습니다.")


def _listed(choices: Choices) -> list[SelectChoice]:
    return [SelectChoice(value=str(number), label=cast(str, name)) for number, name in choices]


def _nothing() -> SelectChoice:
    return SelectChoice(value="", label=cast(str, _("선택해 주세요")))


class AssignForm(Form):
    officer = SelectField(_("맡을 사람"), [InputRequired()])
    reason = StringField(_("사유"), [Length(max=MAX_REASON)], description=_WHY)

    def __init__(self, *args: Any, officers: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.officer.choices = [_nothing(), *_listed(officers)]

    def to_command(self) -> Assign:
        return Assign(int(self.officer.data or 0), self.reason.data or "")


class TagForm(Form):
    name = StringField(_("꼬리표 이름"), [InputRequired(), Length(max=LONGEST_NAME)], description=_("20자까지"))
    colour = RadioField(_("색"), [InputRequired()])

    def __init__(self, *args: Any, colours: Iterable[tuple[str, object]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.colour.choices = [SelectChoice(value=code, label=cast(str, name)) for code, name in colours]

    def to_command(self) -> WriteTag:
        return WriteTag(self.name.data or "", self.colour.data or "")


class TagCaseForm(Form):
    """One tag, to be put on a case or taken off."""

    tag = SelectField(_("꼬리표"), [InputRequired()])

    def __init__(self, *args: Any, tags: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.tag.choices = [_nothing(), *_listed(tags)]


class BulkForm(Form):
    """What the chosen step needs, and nothing else."""

    officers = CheckboxesField(
        _("맡을 사람"),
        description=_("한 사람을 고르면 모두 그 사람이, 여럿을 고르면 접수 순서대로 고르게 나누어 맡습니다."),
        choices=[],
    )
    reason = StringField(_("사유"), [Length(max=MAX_REASON)], description=_WHY)
    tag = SelectField(_("꼬리표"), [InputRequired()])
    items = TextAreaField(
        _("보완할 사항"),
        [InputRequired(), Length(min=5, max=2000)],
        description=_("고른 모든 신청인의 보완요구서에 똑같이 들어갑니다. 한 사람의 일은 적지 마세요."),
    )
    parts = CheckboxesField(
        _("신청인이 고칠 수 있는 것"),
        [InputRequired(message=MESSAGES["parts_required"])],
        description=_("고른 모든 사건에 함께 있는 것만 보입니다. 고른 것만 열리고 나머지는 잠깁니다."),
        choices=[],
    )
    days = IntegerField(
        _("보완 기간(일)"), [InputRequired(), NumberRange(1, MAX_SUPPLEMENT_DAYS)], render_kw={"inputmode": "numeric"}
    )
    no_interest = BooleanField(
        _("고른 사건 가운데 아직 밝히지 않은 사건 모두에 이해관계가 없습니다."),
        description=_("표시하지 않으면 이해관계를 밝히지 않은 사건은 빠집니다."),
    )

    def __init__(
        self,
        *args: Any,
        action: BulkAction,
        officers: Choices,
        tags: Choices,
        parts: Iterable[tuple[str, object]] = (),
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.officers.choices = _listed(officers)
        self.tag.choices = [_nothing(), *_listed(tags)]
        self.parts.choices = [SelectChoice(value=code, label=cast(str, name)) for code, name in parts]
        for name in {"officers", "reason", "tag", "items", "parts", "days", "no_interest"} - set(_fields(action)):
            delattr(self, name)

    def to_command(self, action: BulkAction, cases: Sequence[int]) -> PrepareRun:
        found = {name: field.data for name, field in self._fields.items()}
        return PrepareRun(
            action,
            tuple(cases),
            officer_ids=tuple(int(each) for each in found.get("officers") or ()),
            reason=found.get("reason") or "",
            tag_id=int(found["tag"]) if found.get("tag") else None,
            items=found.get("items") or "",
            days=found.get("days") or 0,
            parts=frozenset(found.get("parts") or ()),
            no_interest=bool(found.get("no_interest")),
        )


def _fields(action: BulkAction) -> tuple[str, ...]:
    if action is BulkAction.ASSIGN:
        return ("officers", "reason")
    if action in (BulkAction.TAG, BulkAction.UNTAG):
        return ("tag",)
    asked = ("items", "parts", "days") if action is BulkAction.REQUEST_SUPPLEMENT else ()
    return (*asked, "no_interest") if action in STEPS_OF_REVIEW else asked
