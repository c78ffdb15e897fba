"""The boxes for a programme's own questions and for the way of applying, as its rule set states them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from forms.base import Form
from forms.fields import DateField
from portal.domain.questions import LONGEST, Answers, Condition, Question, box
from portal.domain.tracks import Track

_NUMBER = {"inputmode": "numeric", "autocomplete": "off"}


def boxes(questions: Sequence[Question]) -> dict[str, Any]:
    """A box for each question but those for papers. Nothing is required yet, and a choice is checked by the rules."""
    names = {question.code: question.text for question in questions}
    return {box(each.code): _box(each, _hint(each, names)) for each in questions if each.kind != "file"}


def track_box(tracks: Sequence[Track]) -> dict[str, Any]:
    """The choice of the way; none where the programme has only one."""
    if not tracks:
        return {}
    choices = _choices({track.code: _named(track) for track in tracks})
    return {"track": RadioField(_l("어떤 방법으로 신청하시나요?"), choices=choices, validate_choice=False)}


def given(form: Form, questions: Sequence[Question]) -> dict[str, str]:
    """What was typed, as text by the question's code."""
    found: dict[str, Any] = {question.code: form[box(question.code)].data for question in questions}
    return {code: _text(value) for code, value in found.items()}


def shown(questions: Sequence[Question], answers: Answers) -> dict[str, Any]:
    """The stored answers as their boxes hold them."""
    dated = {question.code for question in questions if question.kind == "date"}
    return {box(code): date.fromisoformat(text) if code in dated else text for code, text in answers.items()}


def _box(question: Question, hint: str) -> Any:
    if question.kind == "choice":
        choices = _choices({choice: choice for choice in question.choices})
        return RadioField(question.text, description=hint, choices=choices, validate_choice=False)
    if question.kind == "date":
        return DateField(question.text, description=hint)
    if question.kind == "number":
        return StringField(question.text, description=hint, render_kw=_NUMBER)
    return TextAreaField(question.text, [Length(max=LONGEST)], description=hint, render_kw={"rows": 3})


def _hint(question: Question, names: Mapping[str, str]) -> str:
    """The programme's own note, and of whom it is asked: pages without a script show every question."""
    said = [question.note, _condition(question.when, names)]
    if not question.required:
        said.append(_("답하지 않아도 됩니다."))
    return " ".join(filter(None, said))


def _condition(when: Condition | None, names: Mapping[str, str]) -> str:
    if when is None:
        return ""
    asked = names.get(when.question, when.question)
    if when.chosen:
        answer = _("’ 또는 ‘").join(when.chosen)
        return _("‘%(question)s’에 ‘%(answer)s’라고 답한 경우에만 적습니다.", question=asked, answer=answer)
    least, most = ("" if bound is None else f"{bound:,}" for bound in (when.least, when.most))
    if not most:
        return _("‘%(question)s’의 답이 %(least)s 이상인 경우에만 적습니다.", question=asked, least=least)
    if not least:
        return _("‘%(question)s’의 답이 %(most)s 이하인 경우에만 적습니다.", question=asked, most=most)
    return _(
        "‘%(question)s’의 답이 %(least)s 이상 %(most)s 이하인 경우에만 적습니다.",
        question=asked,
        least=least,
        most=most,
    )


def _named(track: Track) -> str:
    return f"{track.name}: {track.note}" if track.note else track.name


def _choices(named: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value=code, label=name) for code, name in named.items()]


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "").replace("\r\n", "\n").strip()
