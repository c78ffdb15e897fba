"""The boxes and the frame of the pages of the programme editor: a form is a part of the document, box by box.

A form names for each box the path of its value; reading the form gives the values by path, and a problem that a reader
found at a path is shown beside the box that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField
from wtforms.fields import SelectChoice

from forms.base import Form
from forms.fields import TypedField
from portal.domain.errors import Problem
from portal.domain.programme_drafts import Document, fingerprint, value_at, with_values

BLANK = 2  # rows to write in below those that are there
_ROW = re.compile(r"(.+?)\[(\d+)\](?:\.(.+))?")


class WholeField(TypedField):
    """A whole number from 0, such as days or people."""

    most = 10**9

    def parse(self, text: str) -> int:
        plain = text.replace(",", "")
        if not re.fullmatch(r"[0-9]{1,10}", plain) or int(plain) > self.most:
            raise ValueError("number_not_a_number")
        return int(plain)


class YearsField(TypedField):
    """Calendar years with commas between them."""

    def parse(self, text: str) -> list[int]:
        if not re.fullmatch(r"20\d\d(\s*,\s*20\d\d)*", text):
            raise ValueError("years_not_years")
        return [int(year) for year in re.findall(r"\d{4}", text)]

    def show(self, value: Sequence[int]) -> str:
        return ", ".join(map(str, value))


class CodesField(TypedField):
    """Codes of digits with commas or blanks between them."""

    def parse(self, text: str) -> list[str]:
        codes = [code for code in re.split(r"[\s,]+", text) if code]
        if not all(re.fullmatch(r"[0-9]{2,10}", code) for code in codes):
            raise ValueError("codes_not_codes")
        return codes

    def show(self, value: Sequence[str]) -> str:
        return ", ".join(value)


class CodeNameField(TypedField):
    """What a programme, test or paper is called by the portal: `delivery-2026`."""

    attributes: Mapping[str, str] = {"autocomplete": "off", "spellcheck": "false"}

    def parse(self, text: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,59}", text):
            raise ValueError("code_not_a_code")
        return text


class CodeNamesField(TypedField):
    """Several such names with commas or blanks between them."""

    attributes: Mapping[str, str] = {"autocomplete": "off", "spellcheck": "false"}

    def parse(self, text: str) -> list[str]:
        names = [name for name in re.split(r"[\s,]+", text) if name]
        if not all(re.fullmatch(r"[a-z][a-z0-9_-]{0,59}", name) for name in names):
            raise ValueError("code_not_a_code")
        return names

    def show(self, value: Sequence[str]) -> str:
        return ", ".join(value)


class WordsField(TypedField):
    """Words of ours or of a programme's with commas between them, such as the choices of a question."""

    attributes: Mapping[str, str] = {"autocomplete": "off"}

    def parse(self, text: str) -> list[str]:
        return [word.strip() for word in text.split(",") if word.strip()]

    def show(self, value: Sequence[str]) -> str:
        return ", ".join(value)


def choices(named: Mapping[Any, Any], *, empty: Any = None) -> list[SelectChoice]:
    """Choices of a select from code -> name; `empty`: what stands first and chooses nothing."""
    first = [] if empty is None else [SelectChoice(value="", label=empty)]
    return [*first, *(SelectChoice(value=str(code), label=name) for code, name in named.items())]


class RowForm(Form):
    """One row of a list. A row in which none of `typed` is filled is none. `paths`: box -> key, where they differ."""

    class Meta(Form.Meta):
        csrf = False

    typed: ClassVar[tuple[str, ...]] = ()

    @property
    def filled(self) -> bool:
        return any((self[name].raw_data or [""])[0].strip() for name in self.typed)

    def table(self) -> dict[str, Any]:
        """The row as a table of the document; an empty box is a value that is not there."""
        found = ((field.name.rsplit("-", 1)[-1], plain(field)) for field in self)
        return {name: value for name, value in found if value is not None}


class PartForm(Form):
    """A page of the editor. `paths`: box -> path of its value; `rows`: list of rows -> path of the list.

    `was`: what the page was opened with, so that nobody saves over what another saved meanwhile; `current`: what stands
    there now. Who is told of the other's change may press again.
    """

    paths: ClassVar[Mapping[str, str]] = {}
    rows: ClassVar[Mapping[str, str]] = {}

    was = HiddenField()

    def __init__(self, *arguments: Any, current: str = "", **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._current = current
        if not self.is_submitted():
            for name in self.rows:
                field: Any = self[name]
                for _ in range(BLANK):
                    field.append_entry()

    @classmethod
    def start(cls, document: Document) -> dict[str, Any]:
        """What stands in the boxes at first: the document's values."""
        everywhere = {**cls.paths, **cls.rows}
        values = {name: found for name, path in everywhere.items() if (found := value_at(document, path)) is not None}
        return cls.shown(values) | {"was": cls.mark(document)}

    @classmethod
    def shown(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Values of the document as the boxes hold them."""
        return values

    @classmethod
    def first_box(cls, name: str, number: int) -> str:
        """The box with which a row of a list begins, rows counted from 0."""
        row: type[RowForm] = getattr(cls, name).args[0].args[0]
        return f"{name}-{number}-{row.typed[0]}"

    @classmethod
    def mark(cls, document: Document) -> str:
        """The fingerprint of all that this page saves."""
        owned = [*cls.paths.values(), *cls.rows.values()]
        return fingerprint({path: found for path in owned if (found := value_at(document, path)) is not None})

    def values(self) -> dict[str, Any]:
        """Every value by its path, None for one that is not there."""
        found = {path: plain(self[name]) for name, path in self.paths.items()}
        for name, path in self.rows.items():
            found[path] = [row.table() for row in self.filled_rows(name)] or None
        return found

    def table(self) -> dict[str, Any]:
        """The same as a table: what a part of a list is."""
        return with_values({}, self.values())

    def filled_rows(self, name: str) -> list[RowForm]:
        return [row for row in self.rows_of(name) if row.filled]

    def rows_of(self, name: str) -> list[RowForm]:
        field: Any = self[name]
        return [entry.form for entry in field.entries]

    def add_problems(self, problems: Sequence[Problem]) -> None:
        """Problems may name a path of the document: they are shown beside its box."""
        super().add_problems([replace(each, field=self.box_of(each.field)) for each in problems])

    def show_problems(self, found: Iterable[tuple[Problem, str]]) -> None:
        """What a stored text says wrong, beside its box; the path is that within this page."""
        self.add_problems([replace(problem, field=path) for problem, path in found])

    @classmethod
    def box_of(cls, path: str) -> str:
        """The box that holds the value at a path; for a list as a whole its first box; else the path itself."""
        for name, own in cls.paths.items():
            if path == own or path.startswith((f"{own}.", f"{own}[")):
                return name
        for name, own in cls.rows.items():
            if path == own:
                return cls.first_box(name, 0)
            if path.startswith(own) and (found := _ROW.fullmatch(path)):
                number, key = int(found[2]) - 1, (found[3] or "").split(".")[0].split("[")[0]
                return f"{name}-{number}-{key}" if key else cls.first_box(name, number)
        return path

    def validate(self, extra_validators: Any = None) -> bool:
        """Each box by itself, then the rows that were begun and not finished."""
        fine = super().validate(extra_validators)
        wrong = [problem for name in self.rows for problem in self._unfinished(name)]
        wrong += self.contradictions()
        if self._current and self.was.data != self._current:
            wrong.append(Problem("saved_by_another"))
            self.was.data = self._current
        self.add_problems(wrong)
        return fine and not wrong

    def contradictions(self) -> Iterable[Problem]:
        """What the boxes of this page say against each other; `field` is the name of a box."""
        return ()

    def needed(self, row: RowForm) -> Iterable[str]:
        """The boxes that a row needs once it is begun."""
        return ()

    def _unfinished(self, name: str) -> Iterator[Problem]:
        for number, row in enumerate(self.rows_of(name)):
            if row.filled:
                for box in self.needed(row):
                    if plain(row[box]) is None and not row[box].errors:
                        yield Problem("row_unfinished", f"{name}-{number}-{box}")


def plain(field: Any) -> Any:
    """What a box holds as a value of the document; None where it holds nothing."""
    value = field.data
    if isinstance(field, BooleanField):
        return bool(value)
    if isinstance(value, Decimal):
        return f"{max(value.normalize(), value.quantize(Decimal('0.01')), key=_decimals):f}"  # "0.50", "0.1234"
    if isinstance(value, date | int):
        return value
    return value or None


def _decimals(value: Decimal) -> int:
    return -int(value.as_tuple().exponent)
