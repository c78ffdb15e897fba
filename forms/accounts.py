"""Forms for signing up, signing in and changing a password."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import AnyOf, EqualTo, InputRequired, Length, Regexp

from forms.base import Form
from portal.domain.accounts import MIN_PASSWORD, PasswordChange, SignIn, SignUp
from portal.domain.actors import OF_PEOPLE, Role

_EMAIL = Regexp(
    r"^[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s]{2,}$", message=_("전자우편 주소를 name@example.kr 모양으로 적어 주세요.")
)


class SignInForm(Form):
    login = StringField(
        _("아이디(전자우편)"), [InputRequired(), Length(max=254)], render_kw={"autocomplete": "username"}
    )
    password = PasswordField(
        _("비밀번호"), [InputRequired(), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )

    def to_command(self) -> SignIn:
        return SignIn(login=self.login.data or "", password=self.password.data or "")


class SignUpForm(Form):
    name = StringField(_("이름"), [InputRequired(), Length(max=50)], render_kw={"autocomplete": "name"})
    login = StringField(
        _("전자우편"), [InputRequired(), _EMAIL], render_kw={"autocomplete": "email", "inputmode": "email"}
    )
    password = PasswordField(
        _("비밀번호"),
        [InputRequired(), Length(min=MIN_PASSWORD, max=200)],
        description=_("10자 이상"),
        render_kw={"autocomplete": "new-password"},
    )
    repeat = PasswordField(
        _("비밀번호 한 번 더"),
        [InputRequired(), EqualTo("password", message=_("두 비밀번호가 같지 않습니다."))],
        render_kw={"autocomplete": "new-password"},
    )

    def to_command(self) -> SignUp:
        return SignUp(login=self.login.data or "", name=self.name.data or "", password=self.password.data or "")


class PasswordForm(Form):
    current = PasswordField(_("지금 비밀번호"), [InputRequired()], render_kw={"autocomplete": "current-password"})
    new = PasswordField(
        _("새 비밀번호"),
        [InputRequired(), Length(min=MIN_PASSWORD, max=200)],
        description=_("10자 이상"),
        render_kw={"autocomplete": "new-password"},
    )
    repeat = PasswordField(
        _("새 비밀번호 한 번 더"),
        [InputRequired(), EqualTo("new", message=_("두 비밀번호가 같지 않습니다."))],
        render_kw={"autocomplete": "new-password"},
    )

    def to_command(self) -> PasswordChange:
        return PasswordChange(current=self.current.data or "", new=self.new.data or "")


class RoleForm(Form):
    """Which role is given or taken away; `offer` those that may be given."""

    role = SelectField(
        _("줄 권한"),
        [InputRequired(), AnyOf([role.value for role in OF_PEOPLE], message=_("목록에 있는 권한을 골라 주세요."))],
        validate_choice=False,
    )

    def offer(self, roles: Iterable[tuple[str, object]]) -> None:
        self.role.choices = [(code, str(label)) for code, label in roles]

    def to_role(self) -> Role:
        return Role(self.role.data)
