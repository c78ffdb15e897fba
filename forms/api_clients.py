"""The form by which an administrator opens an API client for a partner platform."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.code_fields import CheckboxesField, CodeField, listed
from forms.fields import DateField
from portal.domain.api_clients import MAX_NAME, RegisterClient, Scope
from portal.domain.webhooks import MAX_URL

SCOPES = {
    Scope.LINKS_READ: _("매장 연결 보기"),
    Scope.LINKS_DECIDE: _("매장 연결 확인·거절"),
    Scope.SETTLEMENTS_DELIVER: _("정산자료 보내기"),
    Scope.SETTLEMENTS_READ: _("보낸 정산자료의 결과 보기"),
    Scope.STATEMENTS_DELIVER: _("월 합계 보내 비교하기"),
}


class WebhookForm(Form):
    url = StringField(
        _("알림을 받을 주소"),
        [InputRequired(), Length(max=MAX_URL)],
        description=_("예: https://api.example.kr/ieum. 플랫폼이 문서로 알려 온 주소만 적어 주세요."),
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )

    def to_command(self) -> str:
        return self.url.data or ""


class ApiClientForm(Form):
    """`platforms`: (code, name) of the catalogue."""

    platform = CodeField(_("플랫폼"), [InputRequired()])
    name = StringField(
        _("이름"),
        [InputRequired(), Length(max=MAX_NAME)],
        description=_("예: 정산 서버. 여러 연결을 구별하는 데 씁니다."),
    )
    scopes = CheckboxesField(_("할 수 있는 일"), [InputRequired()])
    expires_on = DateField(_("마지막 날"), [InputRequired()], description=_("오늘부터 366일 안에서 정합니다."))
    sandbox = BooleanField(_("연습용 (연습 자료만 읽고 씁니다)"))
    signed = BooleanField(_("요청마다 서명(HMAC)을 확인합니다"))

    def __init__(self, *arguments: Any, platforms: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.platform.choices = listed(platforms)
        self.scopes.choices = [SelectChoice(scope.value, str(name)) for scope, name in SCOPES.items()]

    def to_command(self) -> RegisterClient:
        return RegisterClient(
            platform=self.platform.data or "",
            name=self.name.data or "",
            scopes=frozenset(map(Scope, self.scopes.data or ())),
            expires_on=self.expires_on.data or date.min,
            sandbox=bool(self.sandbox.data),
            signed=bool(self.signed.data),
        )
