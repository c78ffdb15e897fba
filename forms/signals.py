"""Forms of signals: the filter of the list, and an official's verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from portal.domain.signals import MAX_REASON, MIN_REASON, JudgeSignal, Verdict

_VIEWS = (("waiting", _("판단을 기다리는 것")), ("all", _p("의심 신호", "전체")))


class SignalFilterForm(Form):
    """Narrows the list; sent by GET. `statuses`, `rules`: (code, name)."""

    class Meta(Form.Meta):
        csrf = False

    view = SelectField(_("보기"), default="waiting")
    rule = SelectField(_("규칙"), default="")

    def __init__(
        self,
        *arguments: Any,
        statuses: Iterable[tuple[str, object]] = (),
        rules: Iterable[tuple[str, object]] = (),
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.view.choices = [(code, str(name)) for code, name in (*_VIEWS, *statuses)]
        self.rule.choices = [("", str(_("모든 규칙"))), *((code, str(name)) for code, name in rules)]

    @property
    def chosen(self) -> str:
        return _offered(self.view) or "waiting"

    @property
    def chosen_rule(self) -> str:
        return _offered(self.rule)


class JudgeForm(Form):
    """`verdicts`: those that may be given now, and what they are called."""

    verdict = RadioField(_("판단"), [InputRequired()])
    reason = TextAreaField(
        _("그렇게 판단한 사유"),
        [InputRequired(), Length(min=MIN_REASON, max=MAX_REASON)],
        description=_(
            "무엇을 확인했는지 적습니다. 감사 기록에 남습니다. 이 판단만으로 신청이나 지급이 바뀌지 않습니다."
        ),
        render_kw={"rows": 5},
    )

    def __init__(self, *arguments: Any, verdicts: Mapping[Verdict, object] | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.verdict.choices = [SelectChoice(each.value, str(name)) for each, name in (verdicts or {}).items()]

    def to_command(self) -> JudgeSignal:
        return JudgeSignal(Verdict(self.verdict.data), self.reason.data or "")


def _offered(field: SelectField) -> str:
    """What was chosen, if it was among what was offered."""
    return field.data if field.data in [str(choice[0]) for choice in field.choices or ()] else ""
