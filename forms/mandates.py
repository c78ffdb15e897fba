"""Forms of standing in for a merchant: entry by proxy, an agent, taking an account over, joint representatives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, cast

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from forms.accounts import SignUpForm
from forms.base import Form
from forms.code_fields import CheckboxesField
from forms.fields import BusinessNumberField, DateField, PhoneField
from forms.file_fields import EVIDENCE, MEBIBYTE, FileField
from forms.merchants import NewMerchantForm
from forms.messages import MESSAGES
from forms.uploads import check_upload
from portal.domain.activations import TakeOver
from portal.domain.errors import FileRefused
from portal.domain.mandates import LONGEST_OFFICE, EnterByProxy, GiveMandate, Paper
from portal.domain.proxy_entries import LONGEST_REASON, MIN_REASON, Ground
from portal.domain.representatives import LONGEST_NAME, AddRepresentative

_MAX_FILE = 20 * MEBIBYTE


def _choice(code: str, label: object) -> SelectChoice:
    """The label stays lazy, so that it is said in the reader's language."""
    return SelectChoice(value=code, label=cast(str, label))


def _paper(box: Any) -> Paper:
    """The scanned paper of a box; an empty one where none was sent. Raises FileRefused, pointing at the box."""
    sent = box.data
    if not sent:
        return Paper("", "", b"")
    try:
        checked = check_upload(sent.filename or "", sent.stream, sent.mimetype, EVIDENCE, _MAX_FILE)
    except FileRefused as refused:
        raise FileRefused(problems=[replace(problem, field=box.name) for problem in refused.problems]) from None
    return Paper(checked.name, checked.media_type, checked.content)


class ProxyEntryForm(NewMerchantForm):
    """The business as its merchant states it, with where it is entered and the signed consent."""

    office = StringField(
        _("입력하는 곳"),
        [InputRequired(), Length(max=LONGEST_OFFICE)],
        description=_("예: 구례읍사무소, 소상공인 콜센터. 접수증에 그대로 적힙니다."),
    )
    phone = PhoneField(
        _("연락받을 전화번호"),
        [InputRequired()],
        description=_("사업주에게 전화가 없으면 입력하는 곳의 번호를 적어 주세요. 예: 061-780-2000"),
    )
    born_on = DateField(
        _("대표자 생년월일"),
        [InputRequired()],
        description=_(
            "신분증을 보고 적어 주세요. 본인인지, 두 번 지원받지 않는지 보는 데만 씁니다. 주민등록번호는 받지 않습니다."
        ),
    )
    consent = FileField(
        _("서명한 동의서"),
        [InputRequired()],
        kinds=EVIDENCE,
        max_bytes=_MAX_FILE,
        description=_("사업주가 서명한 대리 입력 동의서를 스캔하거나 찍어 올려 주세요. 없으면 입력할 수 없습니다."),
    )
    programmes = CheckboxesField(
        _("동의서에 적힌 사업"),
        [InputRequired(message=MESSAGES["consent_names_none"])],
        description=_("여기에서 고른 사업만 대신 신청할 수 있습니다. 다른 사업은 동의서를 따로 받습니다."),
    )

    def __init__(self, *args: Any, offered: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.programmes.choices = [SelectChoice(code, name) for code, name in offered]

    def to_entry(self) -> EnterByProxy:
        return EnterByProxy(
            self.to_command(),
            self.office.data or "",
            _paper(self.consent),
            self.born_on.data if self.born_on else None,
            frozenset(self.programmes.data or ()),
        )


class ProxyAgainForm(ProxyEntryForm):
    """The same of a business on record: its account number stays as it is where the box is left empty."""

    def __init__(self, *args: Any, offered: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, offered=offered, **more)
        box: Any = self.account_number
        box.validators = [Optional()]
        box.flags.required = False


class RefuseEntryForm(Form):
    """Why the paper does not carry the entry: who entered reads it."""

    ground = RadioField(
        _("무엇이 틀렸나요?"),
        [InputRequired()],
        choices=[
            _choice(Ground.PAPER, _("서명, 동의서, 계좌 등 (이름과 생년월일은 맞음)")),
            _choice(Ground.IDENTITY, _("이름이나 생년월일이 틀림")),
        ],
        description=_(
            "처음 등록한 사업장의 이름이나 생년월일이 틀렸다고 하면, 다른 담당자가 새 동의서로 바르게 다시 입력할 수 "
            "있습니다. 신분증이나 사업자등록증과 다를 때만 고르세요."
        ),
    )

    reason = TextAreaField(
        _("반려 사유"),
        [InputRequired(), Length(min=MIN_REASON, max=LONGEST_REASON)],
        description=_("입력한 담당자나 상인회에 보입니다. 예: 서명이 없습니다. 동의서의 상호가 다릅니다."),
    )

    def to_command(self) -> tuple[str, Ground]:
        return self.reason.data or "", Ground(str(self.ground.data))


class GiveMandateForm(Form):
    """An owner names an agent. `places`: (id, name) of the owner's businesses."""

    merchant = SelectField(_("사업장"), [InputRequired()])
    agent_login = StringField(
        _("대리인의 아이디(전자우편)"),
        [InputRequired(), Length(max=254)],
        description=_("대리인이 이음에 가입할 때 쓴 전자우편 주소입니다."),
        render_kw={"inputmode": "email", "autocomplete": "off"},
    )
    until = DateField(_("언제까지 맡기나요?"), [InputRequired()], description=_("이날까지 대신할 수 있습니다."))
    paper = FileField(
        _("위임장"),
        [InputRequired()],
        kinds=EVIDENCE,
        max_bytes=_MAX_FILE,
        description=_("서명하거나 도장을 찍은 위임장의 사진이나 PDF입니다."),
    )

    def __init__(self, *arguments: Any, places: Iterable[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.merchant.choices = [SelectChoice(str(key), name) for key, name in places]

    def to_command(self) -> GiveMandate:
        return GiveMandate(
            merchant_id=int(self.merchant.data or 0),
            agent_login=self.agent_login.data or "",
            until=self.until.data or date.min,
            paper=_paper(self.paper),
        )


class ActivationForm(SignUpForm):
    """What stands on the receipt letter, and the login and password that the merchant chooses; the name is known."""

    name: Any = None

    code = StringField(
        _("활성화 코드"),
        [InputRequired(), Length(max=40)],
        description=_("접수증에 적힌 코드입니다. 예: ABCD-EFGH-JKMN-PQRS"),
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )
    business_number = BusinessNumberField(_("사업자등록번호"), [InputRequired()])

    def to_take_over(self) -> TakeOver:
        return TakeOver(
            self.code.data or "", self.business_number.data or "", self.login.data or "", self.password.data or ""
        )


class RepresentativeForm(Form):
    """One joint representative."""

    name = StringField(_("공동대표 이름"), [InputRequired(), Length(max=LONGEST_NAME)])
    born_on = DateField(
        _("생년월일"),
        [InputRequired()],
        description=_("이름이 같은 다른 사람과 구별하는 데만 씁니다. 주민등록번호는 받지 않습니다."),
    )

    def to_command(self) -> AddRepresentative:
        return AddRepresentative(self.name.data or "", self.born_on.data or date.max)


class SignaturesForm(Form):
    """Which of the joint representatives signed. `people`: (id, name)."""

    signed = CheckboxesField(_("서명한 대표자"))

    def __init__(self, *arguments: Any, people: Iterable[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.signed.choices = [SelectChoice(str(key), name) for key, name in people]

    def to_command(self) -> frozenset[int]:
        return frozenset(int(each) for each in self.signed.data or ())
