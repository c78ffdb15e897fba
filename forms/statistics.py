"""The choice of a programme whose statistics are shown."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import SelectField

from forms.base import Form


class StatisticsForm(Form):
    """Sent by GET, so that the page can be bookmarked."""

    class Meta(Form.Meta):
        csrf = False

    programme = SelectField(_("사업"), choices=[])

    def offer(self, programmes: Iterable[tuple[str, str]]) -> None:
        """Sets what may be chosen: code and name."""
        self.programme.choices = list(programmes)
