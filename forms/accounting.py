"""Which year and month a budget execution report is for."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField

from forms.base import Form


class ExecutionForm(Form):
    """Sent by GET, so that the page can be bookmarked."""

    class Meta(Form.Meta):
        csrf = False

    year = SelectField(_("회계연도"), choices=[])
    month = StringField(_("기준 달"), render_kw={"type": "month"})

    def offer(self, years: Iterable[int]) -> None:
        """Sets what may be chosen."""
        self.year.choices = [(str(year), str(year)) for year in years]
