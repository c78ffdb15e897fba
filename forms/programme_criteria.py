"""The page of one test of eligibility: a form for each kind that the rule set knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.code_fields import CheckboxesField, RegionField
from forms.fields import DateField, WonField
from forms.programme_fields import (
    CodeNameField,
    CodeNamesField,
    CodesField,
    PartForm,
    RowForm,
    WholeField,
    YearsField,
    choices,
)
from forms.programme_words import KINDS, LISTS, MODES, OPERATORS, TAXES, WORDS
from portal.domain.errors import Problem
from portal.domain.programme_drafts import Document, fingerprint

_USUAL: Mapping[str, str] = {"name": "name", "legal": "legal", "code": "code"}


class CriterionForm(PartForm):
    """What every test has: its words, its article, its code. `kind`: which it is."""

    kind: ClassVar[str] = ""
    paths: ClassVar[Mapping[str, str]] = _USUAL

    name = StringField(
        WORDS["eligibility.name"],
        [InputRequired(), Length(max=200)],
        description=_l("신청인이 읽는 말입니다. 예: 사업장이 구례군에 있을 것"),
    )
    legal = StringField(
        WORDS["eligibility.legal"], [InputRequired(), Length(max=200)], description=_l("예: 공고 제3조제1항제1호")
    )
    code = CodeNameField(
        WORDS["eligibility.code"],
        [InputRequired()],
        description=_l("다른 요건과 겹치지 않는 영문 이름입니다. 그대로 두어도 됩니다."),
    )

    @classmethod
    def mark(cls, document: Document) -> str:
        return fingerprint(document)

    def values(self) -> dict[str, Any]:
        given = super().values()
        return {"code": given.pop("code"), "kind": self.kind, **given}


class RegionRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("code",)

    code = RegionField(WORDS["eligibility.regions"])
    valid_from = DateField(WORDS["eligibility.regions.valid_from"])
    valid_to = DateField(WORDS["eligibility.regions.valid_to"])


class RegionForm(CriterionForm):
    """`places`: the regions that there are and were, under their province."""

    kind: ClassVar[str] = "region"
    rows: ClassVar[Mapping[str, str]] = {"regions": "regions"}

    regions = FieldList(FormField(RegionRow))

    def __init__(self, *arguments: Any, places: Sequence[SelectChoice], **more: Any) -> None:
        super().__init__(*arguments, **more)
        for row in self.rows_of("regions"):
            row["code"].choices = list(places)

    def contradictions(self) -> Iterator[Problem]:
        if not self.filled_rows("regions"):
            yield Problem("required", "regions-0-code")


class EditionRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("codes",)

    edition = WholeField(_l("표준산업분류 차수"))
    codes = CodesField(_l("업종 코드"))


class IndustryForm(CriterionForm):
    kind: ClassVar[str] = "industry"
    paths: ClassVar[Mapping[str, str]] = {**_USUAL, "exclude_lists": "exclude_lists"}
    rows: ClassVar[Mapping[str, str]] = {"include": "include", "exclude": "exclude"}

    exclude_lists = CheckboxesField(WORDS["eligibility.exclude_lists"], choices=choices(LISTS))
    include = FieldList(FormField(EditionRow))
    exclude = FieldList(FormField(EditionRow))

    def needed(self, row: RowForm) -> Iterable[str]:
        return ("edition", "codes")

    def contradictions(self) -> Iterator[Problem]:
        if not (self.exclude_lists.data or self.filled_rows("include") or self.filled_rows("exclude")):
            yield Problem("required", "exclude_lists")


class SalesForm(CriterionForm):
    kind: ClassVar[str] = "sales"
    paths: ClassVar[Mapping[str, str]] = {
        **_USUAL,
        **{name: name for name in ("years", "mode", "op", "amount", "allow_zero", "annualise")},
    }
    years = YearsField(WORDS["eligibility.years"], [InputRequired()], description=_l("예: 2024, 2025"))
    mode = RadioField(WORDS["eligibility.mode"], [InputRequired()], choices=choices(MODES))
    amount = WonField(WORDS["eligibility.amount"], [InputRequired()])
    op = RadioField(WORDS["eligibility.op"], [InputRequired()], choices=choices(OPERATORS))
    allow_zero = BooleanField(WORDS["eligibility.allow_zero"])
    annualise = BooleanField(
        WORDS["eligibility.annualise"],
        description=_l("개업한 달부터 12월까지의 월평균에 12를 곱해 견줍니다. 개업하기 전의 해는 보지 않습니다."),
    )

    @classmethod
    def shown(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {"mode": "any", "allow_zero": True, **values}

    def values(self) -> dict[str, Any]:
        given = super().values()
        return given if given["annualise"] else {**given, "annualise": None}

    def contradictions(self) -> Iterator[Problem]:
        if self.amount.data == 0:
            yield Problem("too_small", "amount", "0")


class WorkersRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("below", "divisions")

    below = WholeField(WORDS["eligibility.limits.below"])
    divisions = CodesField(WORDS["eligibility.limits.divisions"])


class WorkersForm(CriterionForm):
    kind: ClassVar[str] = "regular_workers"
    paths: ClassVar[Mapping[str, str]] = {**_USUAL, "below": "below"}
    rows: ClassVar[Mapping[str, str]] = {"limits": "limits"}

    below = WholeField(
        WORDS["eligibility.below"],
        [InputRequired()],
        description=_l("소상공인은 5. 소상공인확인서가 있으면 이 수와 관계없이 맞는 것으로 봅니다."),
    )
    limits = FieldList(FormField(WorkersRow))

    def needed(self, row: RowForm) -> Iterable[str]:
        return ("below", "divisions")


class OpenedForm(CriterionForm):
    kind: ClassVar[str] = "opened_before"
    paths: ClassVar[Mapping[str, str]] = {**_USUAL, "before": "before"}

    before = DateField(WORDS["eligibility.before"], [InputRequired()], description=_l("이날 개업한 곳은 안 됩니다."))


class NotClosedForm(CriterionForm):
    kind: ClassVar[str] = "not_closed"
    paths: ClassVar[Mapping[str, str]] = {**_USUAL, "allow_suspended": "allow_suspended"}

    allow_suspended = BooleanField(WORDS["eligibility.allow_suspended"])


class OwnerForm(CriterionForm):
    kind: ClassVar[str] = "one_per_owner"
    paths: ClassVar[Mapping[str, str]] = {**_USUAL, "limit": "limit"}

    limit = WholeField(
        WORDS["eligibility.limit"], [InputRequired()], description=_l("한 사람이 여러 곳을 가졌을 때 신청할 수 있는 수")
    )


class PlatformForm(CriterionForm):
    kind: ClassVar[str] = "platform"
    paths: ClassVar[Mapping[str, str]] = {**_USUAL, "platforms": "platforms"}

    platforms = CheckboxesField(WORDS["eligibility.platforms"])

    def __init__(self, *arguments: Any, known: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        chosen = self.platforms.data or []
        self.platforms.choices = choices({**known, **{code: code for code in chosen if code not in known}})

    def contradictions(self) -> Iterator[Problem]:
        if not self.platforms.data:
            yield Problem("required", "platforms")


class FormerSupportForm(CriterionForm):
    kind: ClassVar[str] = "former_support"
    paths: ClassVar[Mapping[str, str]] = {**_USUAL, "programmes": "programmes", "since": "since"}

    programmes = CodeNamesField(
        WORDS["eligibility.programmes"],
        [InputRequired()],
        description=_l("쉼표로 나누어 적습니다. 이 포털에서 결정된 지원을 기관에 관계없이 찾습니다."),
    )
    since = DateField(WORDS["eligibility.since"], description=_l("비워 두면 언제 받았든 봅니다."))


class ExclusiveForm(CriterionForm):
    kind: ClassVar[str] = "exclusive"
    paths: ClassVar[Mapping[str, str]] = {**_USUAL, "group": "group"}

    group = CodeNameField(
        WORDS["eligibility.group"],
        [InputRequired()],
        description=_l("함께 받을 수 없는 사업마다 같은 이름을 적습니다. 한 사업장은 그 가운데 하나만 신청합니다."),
    )


class ArrearsForm(CriterionForm):
    kind: ClassVar[str] = "no_arrears"
    paths: ClassVar[Mapping[str, str]] = {**_USUAL, "taxes": "taxes"}

    taxes = CheckboxesField(
        WORDS["eligibility.taxes"],
        choices=choices(TAXES),
        description=_l("납세증명서를 ‘낼 서류’에 넣으면 담당자가 보고 확인합니다. 근거 조문이 있어야 합니다."),
    )

    def contradictions(self) -> Iterator[Problem]:
        if not self.taxes.data:
            yield Problem("required", "taxes")


class NewCriterionForm(Form):
    """Which kind of test is added."""

    kind = RadioField(WORDS["eligibility.kind"], [InputRequired()], choices=choices(KINDS))


FORMS: Mapping[str, type[CriterionForm]] = {
    form.kind: form
    for form in (
        RegionForm,
        IndustryForm,
        SalesForm,
        WorkersForm,
        OpenedForm,
        NotClosedForm,
        OwnerForm,
        PlatformForm,
        FormerSupportForm,
        ExclusiveForm,
        ArrearsForm,
    )
}
