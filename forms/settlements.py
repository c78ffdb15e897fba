"""The form that narrows the list of deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField

from forms.base import Form


class DeliveryFilterForm(Form):
    """Sent by GET. `platforms`: (code, name)."""

    class Meta(Form.Meta):
        csrf = False

    platform = SelectField(_("플랫폼"), default="")

    def __init__(self, *arguments: Any, platforms: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.platform.choices = [("", str(_("전체"))), *platforms]
