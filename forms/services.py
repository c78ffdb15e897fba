"""Forms of services in kind: a firm's proposal and its services, what assessors and officials enter, invoices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.code_fields import CheckboxesField, CodeField, listed
from forms.fields import BusinessNumberField, DateField, WonField
from forms.file_fields import EVIDENCE, MEBIBYTE, FileField
from forms.selections import SheetForm, sheet_form
from forms.uploads import check_upload
from portal.domain.errors import FileRefused
from portal.domain.evidence import EvidenceFile
from portal.domain.identifiers import digits_of
from portal.domain.invoices import FileInvoice
from portal.domain.proposals import (
    MAX_NAME,
    MAX_TEXT,
    Account,
    DraftProposal,
    GiveProposalScores,
    OfferService,
    SignAgreement,
)
from portal.domain.selection_rules import ScoreCriterion
from portal.domain.service_passes import MAX_WORDS

_MAX_FILE = 10 * MEBIBYTE
_READ = [InputRequired(_("내용을 읽고 확인란에 표시해 주세요."))]


class FirmAccountForm(Form):
    """Where a firm is paid. `banks`: (code, name)."""

    bank_code = CodeField(_("은행"), [InputRequired()])
    account_number = StringField(
        _("계좌번호"),
        [InputRequired(), Length(max=30)],
        description=_("회사 이름으로 된 계좌. 담당자 두 사람이 통장 사본과 견주어 확인합니다."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    account_holder = StringField(_("예금주"), [InputRequired(), Length(max=MAX_NAME)])

    def __init__(self, *arguments: Any, banks: Iterable[SelectChoice] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.bank_code.choices = list(banks)

    def to_account(self) -> Account:
        number = digits_of(self.account_number.data or "")
        return Account(self.bank_code.data or "", number, self.account_holder.data or "")


class ProposalForm(FirmAccountForm):
    firm = StringField(_("회사 이름"), [InputRequired(), Length(max=MAX_NAME)])
    business_number = BusinessNumberField(_("사업자등록번호"), [InputRequired()])
    representative = StringField(_("대표자"), [InputRequired(), Length(max=MAX_NAME)])
    plan = TextAreaField(
        _("수행 계획"),
        [InputRequired(), Length(max=MAX_TEXT)],
        description=_("누가 어떻게 서비스를 드리고, 회사가 무엇을 더 보태는지 적습니다. 평가위원이 읽습니다."),
        render_kw={"rows": 8},
    )
    conditions = BooleanField(_("위 참여 조건을 모두 갖추었습니다."), _READ)

    def to_command(self) -> DraftProposal:
        return DraftProposal(
            self.firm.data or "",
            self.business_number.data or "",
            self.representative.data or "",
            self.plan.data or "",
            bool(self.conditions.data),
            self.to_account(),
        )


class OfferForm(Form):
    """`kinds`: (code, name) of the call."""

    kind = CodeField(_("서비스의 종류"), [InputRequired()])
    name = StringField(_("서비스 이름"), [InputRequired(), Length(max=MAX_NAME)])
    terms = TextAreaField(
        _("무엇을 언제까지 드리나요?"),
        [InputRequired(), Length(max=MAX_TEXT)],
        description=_("소상공인이 이 글을 읽고 고릅니다. 수량과 기한을 적어 주세요."),
        render_kw={"rows": 4},
    )
    supply_value = WonField(
        _("공급가액"), [InputRequired()], description=_("부가가치세를 뺀 값입니다. 지원금으로 지급합니다.")
    )
    tax = RadioField(
        _("부가가치세"),
        [InputRequired()],
        choices=[("taxable", _("과세: 부가가치세는 소상공인이 냅니다")), ("exempt", _("면세"))],
        default="taxable",
    )

    def __init__(self, *arguments: Any, kinds: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = listed(kinds)

    def to_command(self) -> OfferService:
        said = self.kind.data or "", self.name.data or "", self.terms.data or ""
        return OfferService(*said, self.supply_value.data or 0, self.tax.data == "taxable")


class ProposalSheetForm(SheetForm):
    def to_scores(self) -> GiveProposalScores:
        given = self.to_command()
        return GiveProposalScores(given.points, bool(self["no_interest"].data), given.comment)


def proposal_sheet_form(criteria: Sequence[ScoreCriterion]) -> type[ProposalSheetForm]:
    """The sheet for these criteria: first that the assessor has no interest, last that the proposal was read."""
    said = BooleanField(_("이 회사와 이해관계가 없습니다."), _READ)
    sheet = sheet_form(criteria)
    read = BooleanField(_("제안서를 읽고 점수를 정했습니다. 낸 뒤에는 고칠 수 없습니다."), _READ)
    return type("FirmSheetForm", (ProposalSheetForm, sheet), {"no_interest": said, "confirmed": read})


class ResolveForm(Form):
    opinion = TextAreaField(
        _("심의 의견"),
        [InputRequired(), Length(max=MAX_TEXT)],
        description=_("무엇을 보고 이렇게 정했는지 10자 이상 적습니다. 기록에 남습니다."),
        render_kw={"rows": 4},
    )
    confirmed = BooleanField(_("점수와 순위를 확인했습니다. 선정은 한 번만 합니다."), _READ)


class AgreementForm(Form):
    number = StringField(_("협약 문서번호"), [InputRequired(), Length(max=MAX_NAME)])
    signed_on = DateField(_("협약한 날"), [InputRequired()])
    ends_on = DateField(
        _("협약이 끝나는 날"), [InputRequired()], description=_("이날까지 소상공인이 이 플랫폼의 서비스를 고릅니다.")
    )
    confirmed = BooleanField(_("서명한 협약서를 보았고, 계좌가 협약서와 같습니다."), _READ)

    def to_command(self) -> SignAgreement:
        if self.signed_on.data is None or self.ends_on.data is None:
            raise ValueError("only a valid form becomes a command")
        return SignAgreement(self.number.data or "", self.signed_on.data, self.ends_on.data)


class ReportForm(Form):
    words = TextAreaField(
        _("무엇을 드렸나요?"),
        [InputRequired(), Length(max=MAX_WORDS)],
        description=_("소상공인이 읽고 받았는지 확인합니다. 날짜와 수량을 적어 주세요."),
    )
    file = FileField(
        _("증빙(선택)"),
        kinds=EVIDENCE,
        max_bytes=_MAX_FILE,
        description=_("사진이나 PDF 하나. 소상공인이 답하지 않거나 문제를 알리면 담당자가 이것을 보고 판단합니다."),
    )

    def to_proof(self) -> EvidenceFile | None:
        """The proof, checked. Raises FileRefused, pointing at the file's box."""
        sent = self.file.data
        if not sent:
            return None
        try:
            checked = check_upload(sent.filename or "", sent.stream, sent.mimetype, EVIDENCE, _MAX_FILE)
        except FileRefused as refused:
            raise FileRefused(problems=[replace(problem, field="file") for problem in refused.problems]) from None
        return EvidenceFile(checked.name, checked.media_type, checked.content)


class DisputeForm(Form):
    words = TextAreaField(
        _("무엇이 잘못되었나요?"),
        [InputRequired(), Length(max=MAX_WORDS)],
        description=_("받지 못했거나 약속과 다른 점을 적어 주세요. 플랫폼이 읽고 다시 해 드립니다."),
    )


class ChooseForm(Form):
    confirmed = BooleanField(_("내용과 제가 낼 부가가치세를 확인했습니다."), _READ)


class InvoiceForm(Form):
    """`passes`: (id, what it says) of the confirmed services."""

    number = StringField(
        _("전자세금계산서 승인번호"),
        [InputRequired(), Length(max=40)],
        description=_("24자리. 예: 20260901-41000012-00000001"),
        render_kw={"autocomplete": "off"},
    )
    issued_on = DateField(_("작성일자"), [InputRequired()])
    supply_value = WonField(_("공급가액"), [InputRequired()])
    vat = WonField(_("세액"), [InputRequired()])
    passes = CheckboxesField(_("청구할 서비스"))

    def __init__(self, *arguments: Any, passes: Iterable[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.passes.choices = [(str(number), name) for number, name in passes]

    def to_command(self) -> FileInvoice:
        numbers = tuple(int(number) for number in self.passes.data or ())
        won = self.supply_value.data or 0, self.vat.data or 0
        return FileInvoice(self.number.data or "", self.issued_on.data or date.max, *won, numbers)


class RefuseInvoiceForm(Form):
    reason = TextAreaField(
        _("반려 사유"),
        [InputRequired(), Length(max=MAX_WORDS)],
        description=_("플랫폼이 읽고 고쳐서 다시 청구합니다. 고른 서비스는 다시 청구할 수 있습니다."),
    )
