"""Fields whose value is a code of a dated table: a plain select with groups, to which a script may add a search box."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from forms.messages import MESSAGES


def grouped(groups: Mapping[str, Iterable[tuple[str, str]]]) -> list[SelectChoice]:
    """`{"전남광주통합특별시": [("12730", "구례군"), ...], ...}` -> choices under group headings, an empty one first."""
    rows = [(code, name, group) for group, members in groups.items() for code, name in members]
    return [_nothing(), *(SelectChoice(value=code, label=name, optgroup=group) for code, name, group in rows)]


def listed(members: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """`[("011", "농협은행"), ...]` -> choices without groups, an empty one first."""
    return [_nothing(), *(SelectChoice(value=code, label=name) for code, name in members)]


def _nothing() -> SelectChoice:
    return SelectChoice(value="", label=str(_l("선택해 주세요")))


class CodeField(SelectField):
    """One code, or None where nothing is chosen. The view sets `choices` with `grouped` or `listed`."""

    search_label: Any = None

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        more.setdefault("choices", [_nothing()])
        more.setdefault("invalid_choice_message", MESSAGES["unknown_choice"])
        super().__init__(label, validators, coerce=_code, **more)


class RegionField(CodeField):
    """A region code that is valid on the day."""

    search_label = _l("지역 이름으로 찾기")


class IndustryField(CodeField):
    """A KSIC code of one edition."""

    search_label = _l("업종 이름이나 번호로 찾기")


class CheckboxesField(SelectMultipleField):
    """Several codes as check boxes (`data`: list of str). `choices`: SelectChoice objects, without an empty one."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _code(value: Any) -> str | None:
    return str(value) if value not in (None, "") else None
