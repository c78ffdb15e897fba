"""Gurye's programme saying more than it does: ways to apply, questions, tests of what else one has, a first day."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from portal.models.accounts import User
from tests import applying
from tests.factories import GURYE, make_merchant_user, make_programme

FIRST_DAY = date(2026, 6, 20)
TRACKS = """
[[track]]
code = "fast"
name = "신속지급"
legal = "공고 제7조"
short = true
platforms = ["baemin"]

[[track]]
code = "verified"
name = "확인지급"
legal = "공고 제8조"
opens = 2026-06-15
own_delivery = 5_000
documents = ["small_merchant_certificate"]
"""
QUESTIONS = """
[[question]]
code = "how"
kind = "choice"
text = "어떻게 배달하나요?"
choices = ["대행사", "직접"]

[[question]]
code = "times"
kind = "number"
text = "몇 번 배달했나요?"
when = { question = "how", chosen = ["직접"] }

[[question]]
code = "log"
kind = "file"
text = "배달 대장"
when = { question = "how", chosen = ["직접"] }
"""
EITHER = (
    '\n[[eligibility]]\ncode = "either"\nkind = "exclusive"\nname = "함께 받지 않을 것"\nlegal = "제3조"\n'
    'group = "{}"\n'
)
HAD = (
    '\n[[eligibility]]\ncode = "had"\nkind = "former_support"\nname = "받은 적 없을 것"\nlegal = "제3조"\n'
    'programmes = ["gurye-2020-o2o"]\n'
)


def programme(more: str, *, code: str = "gurye-2020-o2o") -> str:
    """Gurye's programme with something more in it."""
    return GURYE.replace('code = "gurye-2020-o2o"', f'code = "{code}"').replace(
        "\n[[budget]]", f"{more}\n[[budget]]", 1
    )


def version_text(number: int, sales: int, first_day: date | None = FIRST_DAY) -> str:
    """Gurye's programme with another limit of sales, and its first day."""
    said = f"effective_from = {first_day}\n" if first_day else ""
    changed = GURYE.replace("version = 1", f"version = {number}").replace("amount = 300_000_000", f"amount = {sales}")
    return changed.replace('receipt_prefix = "GR"', f'{said}receipt_prefix = "GR"')


# One may apply on one page: no paper is asked of everybody.
SHORT = programme(
    TRACKS.replace('platforms = ["baemin"]', "").replace("신속지급", "간편지급"), code="gurye-2026-short"
).replace("required = true", "required = false")


def begun_on_one_page(session: Session) -> User:
    """Whose application by the short way is a draft."""
    owner = make_merchant_user(session, name="한 쪽")
    applying.start(session, make_programme(session, text=SHORT), owner, serial=777)
    return owner
