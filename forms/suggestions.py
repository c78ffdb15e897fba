"""The button beside a suggestion: whose the official says the store is."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import InputRequired, Regexp

from forms.base import Form
from portal.domain.suggestions import LinkSuggested


class SuggestionForm(Form):
    platform = HiddenField(validators=[InputRequired()])
    store_id = HiddenField(validators=[InputRequired()])
    merchant = HiddenField(validators=[InputRequired(), Regexp(r"[0-9]{1,18}\Z")])

    def to_command(self) -> LinkSuggested:
        return LinkSuggested(self.platform.data or "", self.store_id.data or "", int(self.merchant.data or 0))
