"""The pages of the programme editor that are one form each: call, law, money, limits, papers, days, marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.code_fields import CheckboxesField
from forms.fields import DateField, RateField, WonField
from forms.programme_fields import CodeNameField, PartForm, RowForm, WholeField, choices
from forms.programme_questions import QuestionsForm, TracksForm
from forms.programme_selection import SelectionForm
from forms.programme_services import ServicesForm
from forms.programme_words import (
    ACTS,
    COMMITMENTS,
    FILE_KINDS,
    GRANT_KINDS,
    LAST_PLACES,
    ORDERS,
    POOL_PERIODS,
    SOURCES,
    WORDS,
)
from portal.domain.errors import Problem
from portal.domain.programme_drafts import Section

_LEGAL = {"description": _l("예: 공고 제4조제1항")}
_NEEDED = InputRequired()


class CallForm(PartForm):
    paths: ClassVar[Mapping[str, str]] = {
        "name": "name",
        "code": "code",
        "title": "call.title",
        "notice_no": "call.notice_no",
        "lead": "call.summary",
        "apply_from": "call.apply_from",
        "apply_to": "call.apply_to",
        "effective": "call.effective_from",
        "window_from": "cost_window.from",
        "window_to": "cost_window.to",
        "cost": "call.cost",
        "unit": "call.contact.unit",
        "contact": "call.contact.name",
        "phone": "call.contact.phone",
        "prefix": "call.receipt_prefix",
    }
    name = StringField(WORDS["name"], [_NEEDED, Length(max=100)])
    title = StringField(WORDS["call.title"], [_NEEDED, Length(max=200)])
    notice_no = StringField(WORDS["call.notice_no"], [_NEEDED, Length(max=100)], description=_l("예: 공고 제2026-12호"))
    lead = TextAreaField(
        WORDS["call.summary"],
        [_NEEDED, Length(max=1000)],
        description=_l("누구의 어떤 비용을 얼마나 지원하는지 두세 문장으로 적습니다. 신청인이 가장 먼저 읽습니다."),
        render_kw={"rows": 3},
    )
    apply_from = DateField(WORDS["call.apply_from"], [_NEEDED])
    apply_to = DateField(WORDS["call.apply_to"], [_NEEDED], description=_l("이날까지 신청할 수 있습니다."))
    effective = DateField(
        WORDS["call.effective_from"],
        description=_l("비워 두면 게시한 날부터입니다. 뒤의 날을 적으면 그날 0시부터 낸 신청을 이 공고로 심사합니다."),
    )
    window_from = DateField(WORDS["cost_window.from"], [_NEEDED], description=_l("이날부터 생긴 주문을 지원합니다."))
    window_to = DateField(WORDS["cost_window.to"], [_NEEDED])
    cost = TextAreaField(
        WORDS["call.cost"],
        [_NEEDED, Length(max=1000)],
        description=_l("공고에 나오는 말입니다. 계산은 ‘지원 항목과 한도’에 적은 대로 합니다."),
        render_kw={"rows": 3},
    )
    unit = StringField(WORDS["call.contact.unit"], [_NEEDED, Length(max=100)])
    contact = StringField(WORDS["call.contact.name"], [_NEEDED, Length(max=100)])
    phone = StringField(WORDS["call.contact.phone"], [_NEEDED, Length(max=40)], render_kw={"inputmode": "tel"})
    prefix = StringField(
        WORDS["call.receipt_prefix"],
        [_NEEDED, Length(max=4)],
        description=_l("접수번호가 이 글자로 시작합니다. 영문 대문자 2~4자."),
    )
    code = CodeNameField(
        WORDS["code"],
        [_NEEDED],
        description=_l("주소와 파일에 쓰는 이름입니다. 영문 소문자, 숫자, -만 씁니다. 게시한 뒤에는 바꿀 수 없습니다."),
    )

    def contradictions(self) -> Iterator[Problem]:
        prefix = self.prefix.data or ""
        if prefix and not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and len(prefix) >= 2):
            yield Problem("not_a_prefix", "prefix", prefix)


class LawForm(PartForm):
    paths: ClassVar[Mapping[str, str]] = {
        "legal_basis": "legal_basis",
        "act": "call.act",
        "commitment": "call.commitment",
        "last_place": "call.last_place",
        "priority": "priority",
    }
    legal_basis = StringField(
        WORDS["legal_basis"], [_NEEDED, Length(max=300)], description=_l("조례, 공고처럼 지원의 바탕이 되는 규정")
    )
    act = RadioField(
        WORDS["call.act"],
        [_NEEDED],
        choices=choices(ACTS),
        description=_l("이의신청 기간과 환수할 때의 가산금이 이에 따라 달라집니다."),
    )
    commitment = RadioField(WORDS["call.commitment"], [_NEEDED], choices=choices(COMMITMENTS))
    last_place = RadioField(
        WORDS["call.last_place"],
        [_NEEDED],
        choices=choices(LAST_PLACES),
        description=_l("선착순일 때, 마지막 사람에게 돌아갈 돈이 모자라면 어떻게 할지 정합니다."),
    )
    priority = WholeField(
        WORDS["priority"],
        [_NEEDED],
        description=_l("같은 주문을 두 사업이 지원할 수 있으면 숫자가 작은 사업이 지원합니다. 보통 10."),
    )

    @classmethod
    def shown(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {"commitment": "decision", "last_place": "none", **values}


class BudgetRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("amount",)

    fiscal_year = WholeField(WORDS["budget.fiscal_year"])
    source = SelectField(WORDS["budget.source"], choices=choices(SOURCES))
    amount = WonField(WORDS["budget.amount"])


class BudgetForm(PartForm):
    """Shares per cent by source, then a line for each fiscal year and source."""

    paths: ClassVar[Mapping[str, str]] = {
        **{source: f"funding.{source}" for source in SOURCES},
        "grant_kind": "grant.kind",
        "grant_amount": "grant.amount",
        "grant_legal": "grant.legal",
    }
    rows: ClassVar[Mapping[str, str]] = {"lines": "budget"}

    national = RateField(WORDS["funding.national"])
    province = RateField(WORDS["funding.province"])
    city = RateField(WORDS["funding.city"])
    county = RateField(WORDS["funding.county"])
    lines = FieldList(FormField(BudgetRow))
    grant_kind = RadioField(WORDS["grant.kind"], [_NEEDED], choices=choices(GRANT_KINDS))
    grant_amount = WonField(
        WORDS["grant.amount"],
        [_NEEDED],
        description=_l("한 사업장에 결정할 때 예산에서 떼어 두는 금액입니다. 지급은 이 금액을 넘지 않습니다."),
    )
    grant_legal = StringField(WORDS["grant.legal"], [_NEEDED, Length(max=200)], **_LEGAL)

    @classmethod
    def shown(cls, values: dict[str, Any]) -> dict[str, Any]:
        return values | {source: share for source in SOURCES if (share := _share(values.get(source))) is not None}

    def needed(self, row: RowForm) -> Iterable[str]:
        return ("fiscal_year", "amount")

    @classmethod
    def box_of(cls, path: str) -> str:
        return "national" if path == "funding" else super().box_of(path)

    def contradictions(self) -> Iterator[Problem]:
        if not any(self[source].data or self[source].errors for source in SOURCES):
            yield Problem("shares_need_sources", "national")


class PoolRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("amount", "legal")

    per = SelectField(WORDS["pool.per"], choices=choices(POOL_PERIODS))
    amount = WonField(WORDS["pool.amount"])
    order_by = SelectField(WORDS["pool.order_by"], choices=choices(ORDERS))
    legal = StringField(WORDS["pool.legal"], [Length(max=200)])


class LimitsForm(PartForm):
    """`known`: code -> name of the platforms of the catalogue. None chosen: all of them."""

    paths: ClassVar[Mapping[str, str]] = {"platforms": "platforms", "round_down_to": "round_down_to"}
    rows: ClassVar[Mapping[str, str]] = {"pools": "pool"}

    platforms = CheckboxesField(
        WORDS["platforms"], description=_l("하나도 고르지 않으면 모든 플랫폼의 주문을 지원합니다.")
    )
    round_down_to = WonField(
        WORDS["round_down_to"], [_NEEDED], description=_l("한 달 지원금에서 이보다 작은 끝수를 버립니다. 보통 10원.")
    )
    pools = FieldList(FormField(PoolRow))

    def __init__(self, *arguments: Any, known: Mapping[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        chosen = self.platforms.data or []
        self.platforms.choices = choices({**known, **{code: code for code in chosen if code not in known}})

    def needed(self, row: RowForm) -> Iterable[str]:
        return ("amount", "legal")


class DocumentRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("name", "note")

    name = StringField(WORDS["document.name"], [Length(max=100)])
    code = CodeNameField(WORDS["document.code"], description=_l("영문 소문자. 예: bankbook"))
    required = BooleanField(WORDS["document.required"])
    kinds = CheckboxesField(WORDS["document.kinds"], choices=choices(FILE_KINDS))
    max_mb = WholeField(WORDS["document.max_mb"])
    note = StringField(WORDS["document.note"], [Length(max=200)], description=_l("예: 대표자 명의"))


class DocumentsForm(PartForm):
    rows: ClassVar[Mapping[str, str]] = {"papers": "document"}

    papers = FieldList(FormField(DocumentRow))

    def needed(self, row: RowForm) -> Iterable[str]:
        return ("name", "code", "kinds", "max_mb")


class DaysForm(PartForm):
    paths: ClassVar[Mapping[str, str]] = {
        "processing_days": "call.processing_days",
        "supplement_days": "call.supplement_days",
    }
    processing_days = WholeField(
        WORDS["call.processing_days"],
        [_NEEDED],
        description=_l("접수한 날부터 결정까지. 5일까지는 시간으로, 6일부터는 토·일·공휴일을 빼고 셉니다."),
    )
    supplement_days = WholeField(
        WORDS["call.supplement_days"],
        [_NEEDED],
        description=_l("서류를 보완해 달라고 할 때 처음 주는 날 수. 이 기간은 처리 기간에 들지 않습니다."),
    )

    def contradictions(self) -> Iterator[Problem]:
        return (Problem("too_small", name, "0") for name in self.paths if self[name].data == 0)


class ExamplesForm(PartForm):
    """`marks`: path -> what it is called, of all the values that may be marked."""

    paths: ClassVar[Mapping[str, str]] = {"note": "example.note", "marked": "example.paths"}

    note = TextAreaField(
        WORDS["example.note"],
        [Length(max=1000)],
        description=_l("왜 예시인지 적습니다. 공고와 신청 화면의 ‘예시 값’을 누르면 나옵니다."),
        render_kw={"rows": 3},
    )
    marked = CheckboxesField(WORDS["example.paths"], description=_l("확정된 값은 표시를 지웁니다."))

    def __init__(self, *arguments: Any, marks: Mapping[str, object], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.marked.choices = choices(marks)

    def contradictions(self) -> Iterator[Problem]:
        if self.marked.data and not self.note.data:
            yield Problem("required", "note")

    def values(self) -> dict[str, Any]:
        return super().values() if self.marked.data else {"example.note": None, "example.paths": None}


FORMS: Mapping[Section, type[PartForm]] = {
    Section.CALL: CallForm,
    Section.LAW: LawForm,
    Section.BUDGET: BudgetForm,
    Section.SELECTION: SelectionForm,
    Section.SERVICES: ServicesForm,
    Section.LIMITS: LimitsForm,
    Section.DOCUMENTS: DocumentsForm,
    Section.TRACKS: TracksForm,
    Section.QUESTIONS: QuestionsForm,
    Section.DAYS: DaysForm,
    Section.EXAMPLES: ExamplesForm,
}


def _share(text: object) -> Decimal | None:
    try:
        return Decimal(str(text)) if text is not None else None
    except InvalidOperation:
        return None
