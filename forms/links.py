"""Forms for naming a store at a platform, and for officials to refuse or end a link."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.code_fields import CodeField, listed
from forms.fields import DateField
from portal.domain.links import LinkProposal, LinkStatus
from portal.domain.settlements import MAX_TEXT


class LinkForm(Form):
    """`merchants`: (id, trade name) of one's own; `platforms`: (code, name)."""

    merchant = CodeField(_("사업장"), [InputRequired()])
    platform = CodeField(_("플랫폼"), [InputRequired()])
    store_id = StringField(
        _("매장 번호"),
        [InputRequired(), Length(max=MAX_TEXT)],
        description=_("플랫폼이 우리 가게에 준 번호입니다. 아래 ‘매장 번호 찾는 곳’을 보고 그대로 옮겨 적어 주세요."),
        render_kw={"autocomplete": "off"},
    )
    valid_from = DateField(
        _("사용 시작일"),
        [InputRequired()],
        description=_("이 매장 번호로 주문이나 배달을 시작한 날입니다. 이날부터의 거래가 지원금 산정에 들어갑니다."),
    )

    def __init__(
        self,
        *arguments: Any,
        merchants: Iterable[tuple[int, str]] = (),
        platforms: Iterable[tuple[str, str]] = (),
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.merchant.choices = listed((str(number), name) for number, name in merchants)
        self.platform.choices = listed(platforms)

    @property
    def merchant_id(self) -> int:
        return int(self.merchant.data or 0)

    def to_command(self) -> LinkProposal:
        if self.valid_from.data is None:
            raise ValueError("only a valid form becomes a command")
        return LinkProposal(self.platform.data or "", self.store_id.data or "", self.valid_from.data)


class LinkFilterForm(Form):
    """Narrows the officials' list; sent by GET."""

    class Meta(Form.Meta):
        csrf = False

    status = SelectField(_("상태"), default=LinkStatus.PROPOSED.value)
    platform = SelectField(_("플랫폼"), default="")

    def __init__(
        self,
        *arguments: Any,
        statuses: Iterable[tuple[str, object]] = (),
        platforms: Iterable[tuple[str, str]] = (),
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        everything = ("", str(_("전체")))
        self.status.choices = [everything, *((code, str(name)) for code, name in statuses)]
        self.platform.choices = [everything, *platforms]

    @property
    def chosen_status(self) -> LinkStatus | None:
        return LinkStatus(self.status.data) if self.status.data in tuple(LinkStatus) else None


class LinkRefusalForm(Form):
    note = TextAreaField(
        _("거절 사유"),
        [InputRequired(), Length(max=500)],
        description=_("소상공인에게 그대로 보입니다. 무엇을 고치면 되는지도 적어 주세요."),
    )

    def to_command(self) -> str:
        return self.note.data or ""


class LinkEndForm(Form):
    valid_to = DateField(
        _("마지막 날"), [InputRequired()], description=_("이날까지의 거래만 이 사업장의 것으로 봅니다.")
    )

    def to_command(self) -> date:
        if self.valid_to.data is None:
            raise ValueError("only a valid form becomes a command")
        return self.valid_to.data
