"""The filter of the audit trail; sent by GET."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField

from forms.base import Form


class AuditFilterForm(Form):
    """`nouns`: (code, name)."""

    class Meta(Form.Meta):
        csrf = False

    noun = SelectField(_("무엇을"), default="")

    def __init__(self, *arguments: Any, nouns: Iterable[tuple[str, object]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.noun.choices = [("", str(_("전체"))), *((code, str(name)) for code, name in nouns)]

    @property
    def chosen(self) -> str:
        """What is on offer; anything else narrows nothing."""
        offered = [str(choice[0]) for choice in self.noun.choices or ()]
        return self.noun.data if self.noun.data in offered else ""
