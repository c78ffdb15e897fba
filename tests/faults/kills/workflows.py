"""The first steps of the story, from an application to the bank's results: each as a view takes it, one service, one
commit. A world is told between processes as a cast: names -> ids.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.applications import Recommendation
from portal.domain.claims import ClaimStatus
from portal.domain.documents import EvidenceUpload
from portal.domain.links import LinkProposal
from portal.domain.payments import RunStatus
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.claims import Claim
from portal.models.payments import PaymentRun
from portal.services import (
    applications,
    claims,
    decisions,
    declarations,
    documents,
    links,
    payments,
    programmes,
    reviews,
    webhooks,
)
from portal.services.reconcile import Files
from tests import api, cases, settled
from tests.approved_claims import answer
from tests.factories import AT, GURYE, actor, make_official

PERIOD = "2026-05"
Cast = dict[str, int]
Do = Callable[[Session, Files, Cast], object]


@dataclass(frozen=True, slots=True)
class Step:
    """`before`: what must have happened and is no step of its own. `aside`: the story goes on as if it had not been.

    `again_in`: tables in which doing a finished step once more leaves a trace, though it changes no money.
    `threads`: it computes with threads, so it is never done in the process that forks.
    `later`: what the portal does by itself after a restart, for a step that speaks to the bank between its commits.
    `taken_over`: what another worker does with what a killed one left of a job that commits on its way.
    """

    name: str
    do: Do
    before: Do | None = None
    aside: bool = False
    again_in: tuple[str, ...] = ()
    threads: bool = False
    later: Do | None = None
    taken_over: Do | None = None


def build(session: Session, files: Files, listener: str, shops: int) -> Cast:
    """Shops with a grant and orders, an application half made and one to be rejected, a platform that is told."""
    office = settled.Office(session, files.stores, files.lines)
    payer, releaser, manager = (
        make_official(session, role, name=name)
        for role, name in ((Role.PAYER, "지출"), (Role.PAYER, "확인"), (Role.MANAGER, "공고"))
    )
    decider = make_official(session, Role.APPROVER, name="환수결재")
    admin = make_official(session, Role.ADMINISTRATOR)
    client = api.register(session, by=admin).client
    webhooks.register(session, client.id, listener, loopback=True, by=actor(admin), at=AT)
    made = [office.shop(f"S{number}", requested=500_000 - 10 * number) for number in range(shops)]
    if made:
        orders = [settled.line(shop.store_id, f"2026-05-0{day} 12:00") for shop in made for day in (2, 3, 4)]
        office.deliver(orders, PERIOD)
    draft, owner = cases.draft(session, files.stores, office.programme, requested=333_330)
    merchant = session.get_one(Application, draft).merchant_id
    link = links.propose(session, merchant, LinkProposal("baemin", "S9", AT.date()), by=actor(owner), at=AT)
    refused = cases.apply(session, files.stores, office.programme)
    cases.recommend(session, refused.application, actor(office.reviewer), outcome="reject")
    version = programmes.propose(session, _next_year(), by=actor(office.approver), at=AT)
    return {
        "reviewer": office.reviewer.id, "approver": office.approver.id, "payer": payer.id, "releaser": releaser.id,
        "decider": decider.id, "owner": owner.id, "manager": manager.id, "draft": draft, "refused": refused.id,
        "link": link.id, "version": version.id, "programme": office.programme.programme.id,
    }  # fmt: skip


def _next_year() -> str:
    """Another programme, whose publication opens budget lines."""
    return GURYE.replace('code = "gurye-2020-o2o"', 'code = "second"')


def person(session: Session, cast: Cast, who: str) -> Actor:
    return actor(session.get_one(User, cast[who]))


def owner_of(session: Session, of: Application | Claim) -> Actor:
    return actor(session.get_one(User, of.merchant.owner_id))


def attach(session: Session, files: Files, cast: Cast) -> object:
    upload = EvidenceUpload("bankbook", "more.pdf", "application/pdf", cases.PDF + b"once more" * 200)
    by = person(session, cast, "owner")
    return documents.attach(session, files.stores.evidence, cast["draft"], upload, by=by, at=AT)


def submit(session: Session, _files: Files, cast: Cast) -> object:
    return applications.submit(session, cast["draft"], by=person(session, cast, "owner"), at=AT)


def confirm_link(session: Session, _files: Files, cast: Cast) -> object:
    return links.confirm(session, cast["link"], by=person(session, cast, "reviewer"), at=AT)


def take_up(session: Session, _files: Files, cast: Cast) -> object:
    by, other = (person(session, cast, who) for who in ("reviewer", "approver"))
    declarations.declare_none(session, [cast["draft"]], by=by, at=AT)
    declarations.declare_none(session, [cast["draft"]], by=other, at=AT)
    return reviews.take_up(session, cast["draft"], by=by, at=AT)


def recommend(session: Session, _files: Files, cast: Cast) -> object:
    ticked = cases.all_ticked(session, session.get_one(Application, cast["draft"]))
    command = Recommendation("approve", "요건을 갖추었습니다.", ticked)
    return reviews.recommend(session, cast["draft"], command, by=person(session, cast, "reviewer"), at=AT)


def approve(session: Session, files: Files, cast: Cast) -> object:
    return decisions.approve(session, files.stores, cast["draft"], by=person(session, cast, "approver"), at=AT)


def reject(session: Session, files: Files, cast: Cast) -> object:
    by, reasons = person(session, cast, "approver"), "지원 제외 업종에 해당합니다."
    return decisions.reject(session, files.stores, cast["refused"], reasons=reasons, by=by, at=AT)


def publish(session: Session, _files: Files, cast: Cast) -> object:
    return programmes.publish(session, cast["version"], by=person(session, cast, "manager"), at=AT)


def draw_up(session: Session, files: Files, cast: Cast) -> object:
    by, code = person(session, cast, "reviewer"), "gurye-2020-o2o"
    return claims.draw_up(session, files.stores, files.lines, code, PERIOD, by=by, at=AT)


def approve_claims(session: Session, _files: Files, cast: Cast) -> object:
    return claims.approve(session, "gurye-2020-o2o", PERIOD, by=person(session, cast, "approver"), at=AT)


def prepare(session: Session, _files: Files, cast: Cast) -> object:
    return payments.prepare(session, "gurye-2020-o2o", by=person(session, cast, "payer"), at=AT)


def _run(session: Session, *statuses: RunStatus) -> PaymentRun:
    return session.scalars(select(PaymentRun).where(PaymentRun.status.in_(statuses or tuple(RunStatus)))).one()


def cancel(session: Session, _files: Files, cast: Cast) -> object:
    return payments.cancel(session, _run(session).id, by=person(session, cast, "payer"), at=AT)


def release(session: Session, files: Files, cast: Cast) -> object:
    run = _run(session)
    return payments.release(session, files.stores, run.id, by=person(session, cast, "releaser"), at=AT)


def bank_result(session: Session, files: Files, cast: Cast) -> object:
    run = _run(session)
    told = answer(run, (0, "done"), (1, "refused"), (2, "unknown"))
    at = AT + timedelta(hours=1)
    return payments.settle(session, files.stores, run.id, told, by=person(session, cast, "payer"), at=at)


def bank_result_of_unknown(session: Session, files: Files, cast: Cast) -> object:
    run = _run(session)
    at = AT + timedelta(hours=2)
    by = person(session, cast, "payer")
    return payments.settle(session, files.stores, run.id, answer(run, (2, "done")), by=by, at=at)


def reopen(session: Session, _files: Files, cast: Cast) -> object:
    failed = session.scalars(select(Claim).order_by(Claim.id)).all()[1]
    assert failed.status in (ClaimStatus.PAYMENT_FAILED, ClaimStatus.APPROVED)
    return payments.reopen(session, failed.id, by=person(session, cast, "payer"), at=AT + timedelta(hours=3))
