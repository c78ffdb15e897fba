"""A selection that was confirmed and a lottery that was drawn, and what is written around the services about them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.storage.objects import Stores
from tests.choosing import LOTTERY, panel
from tests.factories import AT

# check, what is written around the services, a word of what must be found
BREACHES = [
    (
        "selections_kept",
        ["UPDATE selection_candidate SET score = score + 1 WHERE outcome = 'selected'"],
        "by the sheets 1",
    ),
    ("selections_kept", ["UPDATE selection SET public_value = '1,2,3'"], "drawn again"),
    ("selections_kept", ["UPDATE selection SET seed = replace(seed, 'a', 'b')"], "does not come out again"),
    ("selections_kept", ["UPDATE reservation SET rank = 9 WHERE rank = 1"], "was ranked 1, but stands in line as 9"),
]


def choose(session: Session, stores: Stores) -> None:
    scored = panel(session, stores, code="scored")
    cases = scored.candidates(2)
    selection = scored.fix()
    for case, plan in zip(cases, (50, 40), strict=True):
        scored.score(selection, case, (plan, 30), (plan, 30))
    scored.confirm(scored.ranked(selection), at=AT)
    lots = panel(session, stores, LOTTERY, code="lots")
    lots.candidates(8)
    lots.drawn(lots.announced(lots.fix()))
