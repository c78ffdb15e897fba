"""The form every form is made from: Korean messages, trimmed text, one way to show a service's problems on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, PasswordField, StringField
from wtforms.meta import DefaultMeta

from forms.messages import located, sentence
from portal.domain.errors import Problem


def trimmed(text: Any) -> Any:
    """Text without the blanks around it; anything else as it is."""
    return text.strip() if isinstance(text, str) else text


class Form(FlaskForm):
    """Takes the request's form by itself, like FlaskForm; nouns add `to_command()` -> a frozen dataclass."""

    class Meta(FlaskForm.Meta):
        # Flask-WTF's own translations turn English where there is no request; WTForms' follow this list everywhere.
        get_translations = DefaultMeta.get_translations

        @property
        def locales(self) -> list[str]:
            return [str(get_locale() or "ko")]

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Trims typed text, but never a password: its blanks are part of it."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options["filters"] = [trimmed, *unbound_field.kwargs.get("filters", ())]
            return super().bind_field(form, unbound_field, options)

    def add_problems(self, problems: Sequence[Problem]) -> None:
        """Puts each problem on the field it names (also `lines-0-amount`), or on the form where there is none."""
        by_name = {field.name: field for field in _leaves(self)}
        for problem in problems:
            field = by_name.get(problem.field)
            if field is None:
                self.form_errors.append(located(problem))
            else:
                field.errors = [*field.errors, sentence(problem)]

    def summary(self) -> list[tuple[str | None, str]]:
        """What is wrong, in page order: (id of the field or None, sentence with the field's label in front)."""
        lines: list[tuple[str | None, str]] = [(None, str(error)) for error in self.form_errors]
        for field in _leaves(self):
            if field.type == "CSRFTokenField":  # no place on the page to go to, and words that mean nothing to a reader
                lines += [(None, sentence(Problem("form_expired"))) for _ in field.errors]
            else:
                label = str(field.label.text).rstrip(".")
                lines += [(field.id, f"{label}: {error}") for error in field.errors]
        return lines


def _leaves(fields: Iterable[Field]) -> Iterator[Any]:
    for field in fields:
        if isinstance(field, FormField):
            yield from _leaves(field.form)
        elif isinstance(field, FieldList):
            yield from _leaves(field.entries)
        else:
            yield field
