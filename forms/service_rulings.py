"""Forms of what officials decide of services in kind and of invoices: each asks for a reason that the others read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.code_fields import CheckboxesField
from portal.domain.service_passes import MAX_WORDS

_READ = [InputRequired(_("내용을 읽고 확인란에 표시해 주세요."))]


def _reason(label: Any, read_by: Any) -> TextAreaField:
    """A reason in words. `read_by`: what belongs into it, and who reads it."""
    words = [InputRequired(), Length(max=MAX_WORDS)]
    return TextAreaField(label, words, description=read_by, render_kw={"rows": 4})


class VouchForm(Form):
    reason = _reason(
        _("드린 것으로 보는 사유"), _("무엇을 보고 그렇게 판단했는지 적습니다. 소상공인과 플랫폼이 읽습니다.")
    )
    confirmed = BooleanField(_("플랫폼이 알린 내용과 증빙을 보았습니다."), _READ)


class EndPassForm(Form):
    reason = _reason(_("끝내는 사유"), _("왜 드린 것으로 볼 수 없는지 적습니다. 소상공인과 플랫폼이 읽습니다."))


class SendBackForm(Form):
    reason = _reason(_("돌려보내는 사유"), _("무엇을 더 살펴야 하는지 적습니다. 검토한 사람이 읽습니다."))


class TakeBackForm(Form):
    reason = _reason(
        _("되돌리는 사유"), _("결재권자와 플랫폼이 읽습니다. 되돌리면 플랫폼이 고쳐서 다시 청구할 수 있습니다.")
    )


class KeepForm(Form):
    reason = _reason(_("되돌리지 않는 사유"), _("올린 사람이 읽습니다."))


class CorrectForm(Form):
    """`passes`: (id, what it says) of the services that were paid for."""

    passes = CheckboxesField(_("정정할 서비스"))
    reason = _reason(_("정정하는 사유"), _("결재권자와 플랫폼이 읽습니다. 결재가 나면 플랫폼의 다음 대금에서 뺍니다."))

    def __init__(self, *arguments: Any, passes: Iterable[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.passes.choices = [(str(number), name) for number, name in passes]

    @property
    def chosen(self) -> list[int]:
        return [int(number) for number in self.passes.data or ()]
