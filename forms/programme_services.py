"""The page of the programme editor for services in kind: what is given, until when, and how platforms are chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.fields import DateField
from forms.programme_fields import CodeNameField, PartForm, RowForm, WholeField, choices
from forms.programme_selection import CodesInOrderField, CriterionRow
from forms.programme_words import WORDS
from portal.domain.errors import Problem
from portal.domain.programme_drafts import Document, fingerprint, value_at
from portal.domain.selection_rules import FULL_MARKS, LEAST_ASSESSORS, Basis

_GIVES = {"no": _l("돈으로 드립니다"), "yes": _l("플랫폼의 서비스로 드립니다")}
_OPTIONAL = ("reserve", "assessors", "pass_mark", "drop_extremes", "ties", "answer_days")
_BASIS = "services.selection.basis"


class ServiceKindRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("name",)

    name = StringField(WORDS["services.kind.name"], [Length(max=100)])
    code = CodeNameField(WORDS["services.kind.code"], description=_l("영문 소문자. 예: leaflet"))


class ServicesForm(PartForm):
    """`gives`: whether the document has such a table at all."""

    paths: ClassVar[Mapping[str, str]] = {
        "legal": "services.legal",
        "proposals_from": "services.proposals_from",
        "proposals_to": "services.proposals_to",
        "conditions": "services.conditions",
        "valid_days": "services.valid_days",
        "answer_days": "services.answer_days",
        "vat_percent": "services.vat_percent",
        "vat_legal": "services.vat_legal",
        "selection_legal": "services.selection.legal",
        "places": "services.selection.places",
        "reserve": "services.selection.reserve",
        "assessors": "services.selection.assessors",
        "pass_mark": "services.selection.pass_mark",
        "drop_extremes": "services.selection.drop_extremes",
        "ties": "services.selection.ties",
    }
    rows: ClassVar[Mapping[str, str]] = {"kinds": "services.kind", "criteria": "services.selection.criterion"}

    gives = RadioField(_l("무엇으로 드리나"), [InputRequired()], choices=choices(_GIVES))
    legal = StringField(WORDS["services.legal"], [Length(max=300)], description=_l("예: 공고 제5조"))
    proposals_from = DateField(WORDS["services.proposals_from"])
    proposals_to = DateField(WORDS["services.proposals_to"], description=_l("이날까지 플랫폼이 제안서를 냅니다."))
    conditions = TextAreaField(
        WORDS["services.conditions"],
        [Length(max=2000)],
        description=_l("플랫폼이 갖추어야 할 것을 한 줄에 하나씩 적습니다. 제안할 때 읽고 확인합니다."),
        render_kw={"rows": 4},
    )
    kinds = FieldList(FormField(ServiceKindRow))
    valid_days = WholeField(
        WORDS["services.valid_days"], description=_l("고른 날부터 이 날수 안에 드리지 않으면 이용권이 끝납니다.")
    )
    answer_days = WholeField(
        WORDS["services.answer_days"],
        description=_l(
            "받았는지 확인하거나 문제를 바로잡을 날수. 지나면 담당자가 판단합니다. 비워 두면 이용 기한과 같습니다."
        ),
    )
    vat_percent = WholeField(WORDS["services.vat_percent"], description=_l("퍼센트. 소상공인이 냅니다."))
    vat_legal = StringField(WORDS["services.vat_legal"], [Length(max=300)])
    selection_legal = StringField(WORDS["selection.legal"], [Length(max=300)], description=_l("예: 공고 제6조"))
    places = WholeField(WORDS["selection.places"])
    reserve = WholeField(WORDS["selection.reserve"])
    assessors = WholeField(WORDS["selection.assessors"], description=_l("두 사람 이상"))
    pass_mark = WholeField(WORDS["selection.pass_mark"])
    drop_extremes = BooleanField(WORDS["selection.drop_extremes"])
    ties = CodesInOrderField(WORDS["selection.ties"], description=_l("기준 코드를 쉼표로"))
    criteria = FieldList(FormField(CriterionRow))

    @classmethod
    def shown(cls, values: dict[str, Any]) -> dict[str, Any]:
        blank = {"reserve": 0, "assessors": LEAST_ASSESSORS, "pass_mark": 0, "gives": "yes" if values else "no"}
        return {**blank, **values, "conditions": "\n".join(values.get("conditions", ()))}

    @classmethod
    def box_of(cls, path: str) -> str:
        whole = {"services": "gives", "services.selection": "places"}
        return whole.get(path) or super().box_of(path)

    def needed(self, row: RowForm) -> Iterable[str]:
        return ("name", "code") if isinstance(row, ServiceKindRow) else ("name", "code", "points", "description")

    def contradictions(self) -> Iterator[Problem]:
        if self.gives.data != "yes":
            return
        for name in self.paths:
            if name not in _OPTIONAL and self[name].data in (None, "") and not self[name].errors:
                yield Problem("required", name)
        if not self.filled_rows("kinds"):
            yield Problem("required", "kinds-0-name")
        total = sum(row["points"].data or 0 for row in self.filled_rows("criteria"))
        if total != FULL_MARKS:
            yield Problem("points_not_100", "criteria-0-points", f"{total}")

    @classmethod
    def mark(cls, document: Document) -> str:
        """Of the way of choosing too, which has no box: it is always by score."""
        owned = [*cls.paths.values(), *cls.rows.values(), _BASIS]
        return fingerprint({path: found for path in owned if (found := value_at(document, path)) is not None})

    def values(self) -> dict[str, Any]:
        """Nothing at all where money is given."""
        lines = [line.strip() for line in (self.conditions.data or "").splitlines() if line.strip()]
        found = super().values() | {"services.conditions": lines or None, _BASIS: Basis.SCORED.value}
        found["services.selection.drop_extremes"] = found["services.selection.drop_extremes"] or None
        return found if self.gives.data == "yes" else dict.fromkeys(found)
