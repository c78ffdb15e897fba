"""The demo county's second programme: a welcome grant, first come first served, with more applicants than money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from portal import data
from portal.demo import papers
from portal.demo.people import Cast
from portal.demo.shops import Shop
from portal.domain.actors import Actor
from portal.domain.applications import ApplicationDraft, Consent, Recommendation
from portal.domain.documents import EvidenceUpload
from portal.domain.periods import KOREA
from portal.models.applications import Application
from portal.queries import cases
from portal.services import applications, decisions, declarations, documents, programmes, reviews
from portal.storage.objects import Stores

CODE = "gurye-2026-welcome"
PROPOSED, PUBLISHED, APPLIED = date(2026, 10, 5), date(2026, 10, 6), date(2026, 11, 20)
QUICK, DECIDED = date(2026, 11, 13), 6
APPLICANTS = 8  # on one evening; the budget holds five grants more
PAPERS = ("business_registration", "bankbook")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A shop that has just signed up, with its place, its owner and the day."""

    shop: Shop
    merchant_id: int
    owner: Actor
    since: date


def tell(session: Session, stores: Stores, cast: Cast, newcomers: Sequence[Newcomer]) -> None:
    """The call, six who were quick and have their decision, eight who came on one evening, and one of them who thinks
    better of it, so that the next moves up.

    The first of the newcomers is a shop that visitors may sign in as: it comes last, so that it waits.
    """
    text = (data.FOLDER / "programmes" / f"{CODE}.toml").read_text(encoding="utf-8")
    version = programmes.propose(session, text, by=cast.managers[0], at=_at(PROPOSED, 10))
    programmes.publish(session, version.id, by=cast.managers[1], at=_at(PUBLISHED, 10))
    session.flush()
    quick = sorted((each for each in newcomers[1:] if each.since <= QUICK), key=lambda each: each.since)[:DECIDED]
    for place, newcomer in enumerate(quick):
        _decide(session, stores, cast, newcomer, days=4 + place % 3)
    evening = _at(APPLIED, 18)
    chosen = [each for each in newcomers if each not in quick][:APPLICANTS]
    in_order = [*chosen[1:], *chosen[:1]]
    numbers = [
        _apply(session, stores, newcomer, at=evening + timedelta(minutes=3 * place))
        for place, newcomer in enumerate(in_order)
    ]
    if len(in_order) > 1:
        note, later = "배달앱 가입을 미루기로 했습니다.", _at(APPLIED + timedelta(days=1), 11)
        applications.withdraw(session, numbers[1], note=note, by=in_order[1].owner, at=later)


def _decide(session: Session, stores: Stores, cast: Cast, newcomer: Newcomer, *, days: int) -> None:
    """Applied on the evening of the day on which the shop signed up, decided so many days later."""
    at = _at(newcomer.since, 19)
    number, last = _apply(session, stores, newcomer, at=at), at + timedelta(days=days, hours=-4)
    reviewer, approver = cast.reviewers[0], cast.approvers[0]
    looked = at + timedelta(days=1, hours=-9)
    for official in (reviewer, approver):
        declarations.declare_none(session, [number], by=official, at=looked)
    reviews.take_up(session, number, by=reviewer, at=looked)
    ticked = frozenset(item.code for item in cases.checklist_of(session, session.get_one(Application, number)))
    favour = Recommendation("approve", "가입한 앱과 제출 서류를 확인했습니다.", ticked)
    reviews.recommend(session, number, favour, by=reviewer, at=last - timedelta(hours=2))
    decisions.approve(session, stores, number, by=approver, at=last)


def _apply(session: Session, stores: Stores, newcomer: Newcomer, *, at: datetime) -> int:
    owner, shop = newcomer.owner, newcomer.shop
    application = applications.start(session, CODE, newcomer.merchant_id, by=owner, at=at)
    draft = ApplicationDraft(
        plan="공공배달앱 먹깨비에 새로 가입했습니다.",
        total_cost=100_000,
        requested_amount=100_000,
        contact_phone=shop.registration.phone,
        consents=frozenset(Consent),
    )
    applications.save_draft(session, application.id, draft, by=owner, at=at)
    for code in PAPERS:
        upload = EvidenceUpload(code, f"{code}.png", "image/png", papers.picture(shop.number, code))
        documents.attach(session, stores.evidence, application.id, upload, by=owner, at=at)
    applications.submit(session, application.id, by=owner, at=at + timedelta(minutes=2))
    return application.id


def _at(on: date, hour: int) -> datetime:
    """That hour of the Korean day."""
    return datetime.combine(on, time(hour), KOREA).astimezone(UTC)
