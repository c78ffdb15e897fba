"""Charts in the reader's language: reports write them in Korean, for paper; the page says the same words in its own."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask_babel import format_date, get_locale, gettext
from flask_babel import lazy_gettext as _

# Words that stand only in charts; named here so that the catalogue has them.
WORDS = (_("실집행"), _("교부결정(지급 전)"), _("구분"), _("달"), _("이름"), _("원"), _("건"))

_MONTH = re.compile(r"(\d{1,2})월")
_COUNTING = {"labelExpr": "format(datum.value, '~s')"}  # 2.5M: English does not count by ten thousands


def translated(spec: Any) -> Any:
    """The same chart with every word that the catalogue knows in the reader's language; names of data stay."""
    if str(get_locale() or "ko") == "ko":
        return spec
    if isinstance(spec, dict):
        return {_word(key): _COUNTING.get(key) or translated(part) for key, part in spec.items()}
    if isinstance(spec, (list, tuple)):
        return [translated(part) for part in spec]
    return _word(spec) if isinstance(spec, str) else spec


def _word(text: str) -> str:
    if month := _MONTH.fullmatch(text):
        return format_date(date(2000, int(month[1]), 1), "MMM")
    return gettext(text).strip() if text else text
