"""Forms of an association's application: itself, a member by hand or a table of them, signatures, handing in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.code_fields import CheckboxesField, CodeField, IndustryField, RegionField
from forms.fields import BusinessNumberField, DateField, PhoneField
from forms.file_fields import CSV, EVIDENCE, MEBIBYTE, XLSX, FileField
from forms.merchants import AccountNumberField, WorkersField
from forms.messages import MESSAGES
from forms.uploads import check_upload
from portal.domain.errors import FileRefused
from portal.domain.mandates import Paper
from portal.domain.rosters import LONGEST, Entry, OpenRoster

_MAX_PAPER, _MAX_TABLE = 20 * MEBIBYTE, 5 * MEBIBYTE


class OpenRosterForm(Form):
    """What an association says of itself."""

    programme = RadioField(_("신청할 사업"), [InputRequired()])
    association = StringField(
        _("상인회 이름"), [InputRequired(), Length(max=LONGEST)], description=_("예: 자갈치시장 상인회")
    )
    number = StringField(
        _("상인회 등록번호"),
        [InputRequired(), Length(max=LONGEST)],
        description=_("시·군·구에 등록한 번호입니다. 등록증에 적힌 그대로 적어 주세요."),
    )
    market = StringField(_("시장 이름"), [InputRequired(), Length(max=LONGEST)])
    region_code = RegionField(
        _("시장이 있는 시·군·구"), [InputRequired()], description=_("구성원의 사업장도 이곳에 있는 것으로 봅니다.")
    )
    phone = PhoneField(_("상인회 전화번호"), [InputRequired()], description=_("예: 051-123-4567"))

    def __init__(
        self,
        *arguments: Any,
        programmes: Iterable[tuple[str, str]] = (),
        regions: Sequence[SelectChoice] = (),
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.programme.choices = [SelectChoice(value=code, label=name) for code, name in programmes]
        self.region_code.choices = list(regions)

    def to_command(self) -> OpenRoster:
        return OpenRoster(
            programme=str(self.programme.data),
            association=self.association.data or "",
            number=self.number.data or "",
            market=self.market.data or "",
            region_code=self.region_code.data or "",
            phone=self.phone.data or "",
        )


class EntryForm(Form):
    """One member. What lies behind the name is needed of those who have no account alone, so nothing is required."""

    business_number = BusinessNumberField(
        _("사업자등록번호"),
        [InputRequired()],
        description=_("이미 이음에 가입한 구성원은 사업자등록번호와 상호만 적어도 됩니다. 본인에게 동의를 묻습니다."),
    )
    trade_name = StringField(_("상호"), [InputRequired(), Length(max=LONGEST)])
    representative = StringField(_("대표자 이름"), [Length(max=LONGEST)])
    born_on = DateField(
        _("대표자 생년월일"),
        description=_("한 사람이 두 번 지원받지 않는지 보는 데만 씁니다. 주민등록번호는 받지 않습니다."),
    )
    phone = PhoneField(_("전화번호"))
    address = StringField(_("사업장 주소"), [Length(max=LONGEST)])
    industry_code = IndustryField(_("업종"))
    opened_on = DateField(_("개업일"))
    regular_workers = WorkersField(_("상시 근로자 수"))
    bank_code = CodeField(_("은행"))
    account_number = AccountNumberField(_("계좌번호"))
    account_holder = StringField(_("예금주"), [Length(max=LONGEST)])
    store_id = StringField(
        _("매장 번호"),
        [Length(max=LONGEST)],
        description=_("공공 모바일 마켓이 매장에 준 번호입니다. 아직 없으면 비워 둡니다."),
    )

    def __init__(
        self,
        *arguments: Any,
        industries: Sequence[SelectChoice] = (),
        banks: Sequence[SelectChoice] = (),
        edition: int = 0,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.industry_code.choices, self.bank_code.choices, self._edition = list(industries), list(banks), edition

    def to_command(self) -> Entry:
        workers: Decimal | None = self.regular_workers.data
        return Entry(
            business_number=self.business_number.data or "",
            trade_name=self.trade_name.data or "",
            representative=self.representative.data or "",
            born_on=self.born_on.data,
            phone=self.phone.data or "",
            address=self.address.data or "",
            industry_edition=self._edition,
            industry_code=self.industry_code.data or "",
            opened_on=self.opened_on.data,
            regular_workers=workers,
            bank_code=self.bank_code.data or "",
            account_number=self.account_number.data or "",
            account_holder=self.account_holder.data or "",
            store_id=self.store_id.data or "",
        )


class RosterFileForm(Form):
    """A table of members."""

    file = FileField(
        _("구성원 명단"),
        [InputRequired()],
        kinds=(XLSX, CSV),
        max_bytes=_MAX_TABLE,
        description=_("내려받은 양식에 적은 파일입니다. 열의 차례가 달라도 됩니다."),
    )

    def to_command(self) -> tuple[bytes, str]:
        """The bytes and the name. Raises FileRefused, pointing at the box."""
        checked = _checked(self.file, (XLSX, CSV), _MAX_TABLE)
        return checked.content, checked.name


class SignedForm(Form):
    """A scanned list of signatures. `people`: (id, name) of the members that need one."""

    signed = CheckboxesField(_("연명부에 서명한 구성원"))
    paper = FileField(
        _("서명한 동의 연명부"),
        [InputRequired()],
        kinds=EVIDENCE,
        max_bytes=_MAX_PAPER,
        description=_("구성원이 신청 위임과 개인정보 이용에 동의하고 서명한 명단을 스캔하거나 찍어 올려 주세요."),
    )

    def __init__(self, *arguments: Any, people: Iterable[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.signed.choices = [SelectChoice(str(key), name) for key, name in people]

    def to_command(self) -> tuple[frozenset[int], Paper]:
        checked = _checked(self.paper, EVIDENCE, _MAX_PAPER)
        ids = frozenset(int(each) for each in self.signed.data or ())
        return ids, Paper(checked.name, checked.media_type, checked.content)


class HandInForm(Form):
    sure = BooleanField(
        _("구성원에게 신청과 동의의 내용을 설명했고, 명단과 서명이 사실입니다. 거짓이면 지원금을 돌려줍니다."),
        [InputRequired(message=MESSAGES["confirmation_required"])],
    )


def _checked(box: Any, kinds: Any, most: int) -> Any:
    sent = box.data
    try:
        return check_upload(sent.filename or "", sent.stream, sent.mimetype, kinds, most)
    except FileRefused as refused:
        raise FileRefused(problems=[replace(problem, field=box.name) for problem in refused.problems]) from None
