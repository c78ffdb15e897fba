"""A case that an objection reopened is checked again: what was handed in while it was closed goes first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.applications import Recommendation
from portal.domain.errors import NotEligible
from portal.domain.objections import Outcome
from portal.services import applications, decisions, documents, reviews
from portal.storage.objects import Stores
from tests import applying
from tests.asked import EITHER
from tests.asked import programme as said
from tests.cases import Applied, all_ticked, apply
from tests.factories import AT, actor, make_merchant_user, make_programme
from tests.objecting import Chamber, open_chamber

LATER = AT + timedelta(days=3)


def upheld(chamber: Chamber, case: Applied) -> None:
    chamber.answered(chamber.file(case), Outcome.GRANT, at=LATER)


def test_a_reopened_case_is_checked_again_against_what_others_did_meanwhile(session: Session, stores: Stores) -> None:
    chamber = open_chamber(session, stores)
    case = chamber.rejected()
    elsewhere = apply(session, stores, chamber.programme, owner=case.owner)  # another place of the same owner
    upheld(chamber, case)
    reviews.take_up(session, case.id, by=actor(chamber.handler), at=LATER)
    favour = Recommendation("approve", "업종을 다시 확인했습니다.", all_ticked(session, case.application))
    with pytest.raises(NotEligible) as refused:
        reviews.recommend(session, case.id, favour, by=actor(chamber.handler), at=LATER)
    assert [problem.code for problem in refused.value.problems] == ["reopened_condition"]
    applications.withdraw(session, elsewhere.id, by=actor(case.owner), at=LATER)
    reviews.recommend(session, case.id, favour, by=actor(chamber.handler), at=LATER)
    apply(session, stores, chamber.programme, owner=make_merchant_user(session))  # nobody it would have to do with
    decisions.approve(session, stores, case.id, by=actor(chamber.decider), at=LATER)


@pytest.mark.parametrize(
    ("group", "refused"), [("app", ["reopened_condition"]), ("other", [])], ids=["excluding", "another group"]
)
def test_a_reopened_case_does_not_take_part_beside_what_excludes_it(
    session: Session, stores: Stores, group: str, refused: list[str]
) -> None:
    first = make_programme(session, text=said(EITHER.format("app")))
    second = make_programme(session, text=said(EITHER.format(group), code="gurye-joining"))
    chamber = open_chamber(session, stores, first)
    case = chamber.rejected()
    other = applications.start(
        session, second.programme.code, case.application.merchant_id, by=actor(case.owner), at=AT
    )
    applications.save_draft(session, other.id, applying.DRAFT, by=actor(case.owner), at=AT)
    for code in applying.REQUIRED:
        documents.attach(session, stores.evidence, other.id, applying.upload(code), by=actor(case.owner), at=AT)
    applications.submit(session, other.id, by=actor(case.owner), at=AT)
    upheld(chamber, case)
    reviews.take_up(session, case.id, by=actor(chamber.handler), at=LATER)
    favour = Recommendation("approve", "업종을 다시 확인했습니다.", all_ticked(session, case.application))
    try:
        reviews.recommend(session, case.id, favour, by=actor(chamber.handler), at=LATER)
        decisions.approve(session, stores, case.id, by=actor(chamber.decider), at=LATER)
        found = []
    except NotEligible as told:
        found = [problem.code for problem in told.problems]
    assert found == refused
