"""The page of the programme editor that says how it is chosen where not all can be: by score, by lot, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.fields import TypedField
from forms.programme_fields import CodeNameField, PartForm, RowForm, WholeField, choices
from forms.programme_words import SELECTION_BASES, WORDS
from portal.domain.errors import Problem
from portal.domain.selection_rules import FULL_MARKS, LEAST_ASSESSORS, Basis

ALL = "all"  # nobody is chosen: the document has no such table
_OF_BOTH = ("selection.basis", "selection.legal", "selection.places", "selection.reserve")


class CodesInOrderField(TypedField):
    """Codes of criteria with commas between them."""

    attributes: Mapping[str, str] = {"autocomplete": "off", "spellcheck": "false"}

    def parse(self, text: str) -> list[str]:
        codes = [code for code in re.split(r"[\s,]+", text) if code]
        if not all(re.fullmatch(r"[a-z][a-z0-9_-]{0,59}", code) for code in codes):
            raise ValueError("code_not_a_code")
        return codes

    def show(self, value: Sequence[str]) -> str:
        return ", ".join(value)


class CriterionRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("name", "description")

    name = StringField(WORDS["selection.criterion.name"], [Length(max=100)])
    code = CodeNameField(WORDS["selection.criterion.code"], description=_l("영문 소문자. 예: need"))
    points = WholeField(WORDS["selection.criterion.points"])
    description = TextAreaField(WORDS["selection.criterion.description"], [Length(max=500)], render_kw={"rows": 2})


class SelectionForm(PartForm):
    paths: ClassVar[Mapping[str, str]] = {
        "basis": "selection.basis",
        "legal": "selection.legal",
        "places": "selection.places",
        "reserve": "selection.reserve",
        "assessors": "selection.assessors",
        "pass_mark": "selection.pass_mark",
        "drop_extremes": "selection.drop_extremes",
        "ties": "selection.ties",
    }
    rows: ClassVar[Mapping[str, str]] = {"criteria": "selection.criterion"}

    basis = RadioField(
        WORDS["selection.basis"],
        [InputRequired()],
        choices=choices(SELECTION_BASES),
        description=_l("접수 순서로 예산을 확보하는 사업은 ‘고르지 않음’이어야 합니다."),
    )
    legal = StringField(WORDS["selection.legal"], [Length(max=300)], description=_l("예: 공고 제7조"))
    places = WholeField(WORDS["selection.places"], description=_l("비워 두면 예산이 되는 데까지 선정합니다."))
    reserve = WholeField(WORDS["selection.reserve"], description=_l("빠지는 곳이 있으면 순위대로 올라올 곳의 수"))
    assessors = WholeField(
        WORDS["selection.assessors"], description=_l("두 사람 이상. 이해관계가 없는 사람이 따로 평가합니다.")
    )
    pass_mark = WholeField(
        WORDS["selection.pass_mark"], description=_l("100점 가운데 이 점수보다 낮으면 예산이 남아도 선정하지 않습니다.")
    )
    drop_extremes = BooleanField(WORDS["selection.drop_extremes"])
    ties = CodesInOrderField(
        WORDS["selection.ties"], description=_l("기준 코드를 쉼표로. 그래도 같으면 접수 순번이 앞선 쪽이 위입니다.")
    )
    criteria = FieldList(FormField(CriterionRow))

    @classmethod
    def shown(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {"basis": ALL, "reserve": 0, "assessors": LEAST_ASSESSORS, "pass_mark": 0, **values}

    def needed(self, row: RowForm) -> Iterable[str]:
        return ("name", "code", "points", "description")

    def contradictions(self) -> Iterator[Problem]:
        if self.basis.data in tuple(Basis) and not self.legal.data:
            yield Problem("required", "legal")
        if self.basis.data == Basis.SCORED:
            rows = self.filled_rows("criteria")
            total = sum(row["points"].data or 0 for row in rows)
            if total != FULL_MARKS:
                yield Problem("points_not_100", "criteria-0-points", f"{total}")

    def values(self) -> dict[str, Any]:
        """Nothing where nobody is chosen; of a lottery no more than a lottery has."""
        found = super().values()
        found["selection.drop_extremes"] = found["selection.drop_extremes"] or None
        if self.basis.data == ALL:
            return dict.fromkeys(found)
        if self.basis.data == Basis.LOTTERY:
            return {path: value if path in _OF_BOTH else None for path, value in found.items()}
        return found
