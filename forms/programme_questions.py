"""The editor's pages of the ways to apply and of a programme's own questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, SelectField, StringField
from wtforms.validators import Length

from forms.code_fields import CheckboxesField
from forms.fields import DateField, WonField
from forms.programme_fields import CodeNameField, PartForm, RowForm, WholeField, WordsField, choices
from forms.programme_words import QUESTION_KINDS, WORDS

_WHEN = ("question", "chosen", "least", "most")
# What belongs to a way of answering; the rest of the boxes is left out of the document.
_OF_KIND: Mapping[str, tuple[str, ...]] = {"choice": ("choices",), "number": ("least", "most")}


class TrackRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("name", "code")

    name = StringField(WORDS["track.name"], [Length(max=60)], description=_l("예: 신속지급"))
    code = CodeNameField(WORDS["track.code"], description=_l("영문 소문자. 예: fast"))
    legal = StringField(WORDS["track.legal"], [Length(max=200)])
    note = StringField(WORDS["track.note"], [Length(max=200)])
    opens = DateField(WORDS["track.opens"], description=_l("비워 두면 신청 시작일부터 받습니다."))
    short = BooleanField(WORDS["track.short"])
    past_costs = BooleanField(WORDS["track.past_costs"])
    association = BooleanField(
        WORDS["track.association"],
        description=_l("표시하면 상인회만 이 방법으로, 구성원의 명단과 동의를 받아 신청합니다."),
    )
    platforms = CheckboxesField(
        WORDS["track.platforms"], description=_l("고르면 그 가운데 한 곳에 가입한 가게만 이 방법으로 신청합니다.")
    )
    documents = CheckboxesField(WORDS["track.documents"])
    own_delivery = WonField(
        WORDS["track.own_delivery"],
        description=_l("적으면 배달 대장의 배달 한 건을 이 금액으로 인정합니다. 예: 5,000"),
    )

    def table(self) -> dict[str, Any]:
        """What is not ticked is not said."""
        ticks = ("short", "past_costs", "association")
        return {key: value for key, value in super().table().items() if key not in ticks or value}


class TracksForm(PartForm):
    """`known`: the platforms of the catalogue, `papers`: those of the draft, code -> name."""

    rows: ClassVar[Mapping[str, str]] = {"tracks": "track"}

    tracks = FieldList(FormField(TrackRow))

    def __init__(self, *arguments: Any, known: Mapping[str, object], papers: Mapping[str, object], **more: Any) -> None:
        super().__init__(*arguments, **more)
        for row in self.rows_of("tracks"):
            for name, named in (("platforms", known), ("documents", papers)):
                chosen = row[name].data or []
                row[name].choices = choices({**named, **{code: code for code in chosen if code not in named}})

    def needed(self, row: RowForm) -> Iterable[str]:
        return ("name", "code", "legal")


class QuestionRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("text", "code")

    text = StringField(WORDS["question.text"], [Length(max=200)])
    code = CodeNameField(WORDS["question.code"], description=_l("영문 소문자. 예: how_delivered"))
    kind = SelectField(WORDS["question.kind"], choices=choices(QUESTION_KINDS))
    required = BooleanField(WORDS["question.required"])
    choices = WordsField(WORDS["question.choices"], description=_l("쉼표로 나누어 적습니다. 예: 배달대행사, 직접 배달"))
    least = WholeField(WORDS["question.least"])
    most = WholeField(WORDS["question.most"])
    note = StringField(WORDS["question.note"], [Length(max=200)])
    when_question = CodeNameField(WORDS["question.when.question"])
    when_chosen = WordsField(WORDS["question.when.chosen"])
    when_least = WholeField(WORDS["question.when.least"])
    when_most = WholeField(WORDS["question.when.most"])

    def table(self) -> dict[str, Any]:
        """The row with its condition as a table of its own, without what belongs to other ways of answering."""
        given = super().table()
        when = {key: given.pop(f"when_{key}") for key in _WHEN if f"when_{key}" in given}
        foreign = {key for kind, keys in _OF_KIND.items() if kind != given.get("kind") for key in keys}
        kept = {key: value for key, value in given.items() if key not in foreign}
        return {**kept, "when": when} if when else kept


class QuestionsForm(PartForm):
    rows: ClassVar[Mapping[str, str]] = {"questions": "question"}

    questions = FieldList(FormField(QuestionRow))

    @classmethod
    def shown(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {**values, "questions": [_flat(row) for row in values.get("questions", ())]}

    @classmethod
    def box_of(cls, path: str) -> str:
        return super().box_of(path.replace(".when.", ".when_"))

    def needed(self, row: RowForm) -> Iterable[str]:
        return ("text", "code", "kind")


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    when = {f"when_{key}": value for key, value in row.get("when", {}).items()}
    return {"required": True, **{key: value for key, value in row.items() if key != "when"}, **when}
