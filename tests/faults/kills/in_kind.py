"""Services in kind killed on their way: a firm proposes, is chosen and signs, merchants choose, the firm is paid."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.invoices import FileInvoice
from portal.domain.proposals import DraftProposal, SignAgreement
from portal.models.invoices import VendorInvoice
from portal.models.payments import PaymentRun
from portal.models.proposals import Proposal
from portal.models.service_passes import ServicePass
from portal.services import claims, invoices, payments, proposal_choice, proposals, service_passes
from portal.services.reconcile import Files
from tests import approved_claims
from tests import in_kind as made
from tests.cases import business_number
from tests.faults.kills.workflows import Cast, Step, person
from tests.in_kind import AGREED, CALL, CHOICE, CODE, DELIVERED, ENDS, INVOICED, OPEN, OPINION, Ministry

MONTH = "2026-09"
FIRM, OTHER = "syrup", "baemin"
SHOPS = 2


def build(session: Session, files: Files, *_: object) -> Cast:
    """A ministry with its officials, two firms that may propose, and merchants with grants."""
    ministry = Ministry(session, files.stores)
    officials = ("first", "second", "reviewer", "approver", "payer", "releaser")
    cast = {who: getattr(ministry, who).id for who in officials}
    cast |= {firm: ministry.firm(firm).user_id for firm in (FIRM, OTHER)}
    for number in range(SHOPS):
        case = ministry.granted()
        cast |= {f"case{number}": case.id, f"shop{number}": case.owner.id}
    return cast


def draft_proposal(session: Session, _files: Files, cast: Cast) -> object:
    return proposals.draft(session, CODE, _words(1), by=person(session, cast, FIRM), at=CALL)


def offer_services(session: Session, _files: Files, cast: Cast) -> object:
    """What both firms offer; the other one has handed its proposal in."""
    by, other = (person(session, cast, firm) for firm in (FIRM, OTHER))
    proposals.add_offer(session, _proposal(session).id, made.offer(), by=by, at=CALL)
    beside = proposals.draft(session, CODE, _words(2), by=other, at=CALL)
    proposals.add_offer(session, beside.id, made.offer(100_000), by=other, at=CALL)
    return proposals.submit(session, beside.id, by=other, at=CALL)


def submit_proposal(session: Session, _files: Files, cast: Cast) -> object:
    return proposals.submit(session, _proposal(session).id, by=person(session, cast, FIRM), at=CALL)


def others_score(session: Session, _files: Files, cast: Cast) -> object:
    """Every sheet but one."""
    given = [(OTHER, "first"), (OTHER, "second"), (FIRM, "first")]
    return [_score(session, cast, firm, who) for firm, who in given]


def score_proposal(session: Session, _files: Files, cast: Cast) -> object:
    return _score(session, cast, FIRM, "second")


def resolve_on_proposals(session: Session, _files: Files, cast: Cast) -> object:
    return proposal_choice.resolve(session, CODE, OPINION, by=person(session, cast, "approver"), at=CHOICE)


def verify_account(session: Session, _files: Files, cast: Cast) -> object:
    return proposal_choice.verify(session, _proposal(session).id, by=person(session, cast, "reviewer"), at=AGREED)


def sign_agreement(session: Session, _files: Files, cast: Cast) -> object:
    signed, by = SignAgreement("협약 제2026-1호", AGREED.date(), ENDS), person(session, cast, "approver")
    return proposal_choice.agree(session, _proposal(session).id, signed, by=by, at=AGREED)


def choose_service(session: Session, _files: Files, cast: Cast) -> object:
    return _choose(session, cast, 0)


def cancel_service(session: Session, _files: Files, cast: Cast) -> object:
    return service_passes.cancel(session, _pass(session, cast, 0).id, by=person(session, cast, "shop0"), at=OPEN)


def deliver_service(session: Session, _files: Files, cast: Cast) -> object:
    return _report(session, cast, 0)


def confirm_service(session: Session, _files: Files, cast: Cast) -> object:
    return _confirm(session, cast, 0)


def serve_another(session: Session, _files: Files, cast: Cast) -> object:
    return [act(session, cast, 1) for act in (_choose, _report, _confirm)]


def file_invoice(session: Session, _files: Files, cast: Cast) -> object:
    """One invoice for what two merchants confirmed."""
    given = [_pass(session, cast, number) for number in range(SHOPS)]
    won, tax = sum(each.supply_value for each in given), sum(each.vat for each in given)
    command = FileInvoice(made.NUMBER.format(1), INVOICED.date(), won, tax, tuple(each.id for each in given))
    return invoices.file(session, _proposal(session).id, command, by=person(session, cast, FIRM), at=INVOICED)


def refuse_invoice(session: Session, _files: Files, cast: Cast) -> object:
    reason, by = "공급가액을 다시 적어 주십시오.", person(session, cast, "reviewer")
    return invoices.refuse(session, _invoice(session).id, reason, by=by, at=INVOICED)


def accept_invoice(session: Session, _files: Files, cast: Cast) -> object:
    return invoices.accept(session, _invoice(session).id, by=person(session, cast, "reviewer"), at=INVOICED)


def approve_invoiced(session: Session, _files: Files, cast: Cast) -> object:
    return claims.approve(session, CODE, MONTH, by=person(session, cast, "approver"), at=INVOICED)


def prepare_for_firm(session: Session, _files: Files, cast: Cast) -> object:
    return payments.prepare(session, CODE, by=person(session, cast, "payer"), at=INVOICED)


def release_to_firm(session: Session, files: Files, cast: Cast) -> object:
    by = person(session, cast, "releaser")
    return payments.release(session, files.stores, _run(session).id, by=by, at=INVOICED)


def pay_firm(session: Session, files: Files, cast: Cast) -> object:
    """The bank has paid the firm for every merchant."""
    run, by = _run(session), person(session, cast, "payer")
    rows = [(place, "done") for place in range(len(run.payments))]
    said = approved_claims.answer(run, *rows, on=INVOICED.date())
    return payments.settle(session, files.stores, run.id, said, by=by, at=INVOICED)


def _words(serial: int) -> DraftProposal:
    """A firm's proposal, the same however often it is made."""
    return replace(made.proposal(serial), business_number=business_number(99_000 + serial))


def _score(session: Session, cast: Cast, firm: str, who: str) -> object:
    points, by = made.points(40 if firm == FIRM else 35), person(session, cast, who)
    return proposal_choice.score(session, _proposal(session, firm).id, points, by=by, at=CALL)


def _choose(session: Session, cast: Cast, number: int) -> object:
    offered, by = _proposal(session).offers[0], person(session, cast, f"shop{number}")
    return service_passes.choose(session, cast[f"case{number}"], offered.id, by=by, at=OPEN)


def _report(session: Session, cast: Cast, number: int) -> object:
    given = _pass(session, cast, number)
    return service_passes.report(session, given.id, DELIVERED, by=person(session, cast, FIRM), at=OPEN)


def _confirm(session: Session, cast: Cast, number: int) -> object:
    given, by = _pass(session, cast, number), person(session, cast, f"shop{number}")
    return service_passes.confirm(session, given.id, by=by, at=OPEN)


def _proposal(session: Session, firm: str = FIRM) -> Proposal:
    return session.scalars(select(Proposal).where(Proposal.platform == firm)).one()


def _pass(session: Session, cast: Cast, number: int) -> ServicePass:
    mine = ServicePass.application_id == cast[f"case{number}"]
    return session.scalars(select(ServicePass).where(mine).order_by(ServicePass.id)).first()  # ty: ignore


def _invoice(session: Session) -> VendorInvoice:
    return session.scalars(select(VendorInvoice)).one()


def _run(session: Session) -> PaymentRun:
    return session.scalars(select(PaymentRun)).one()


STEPS = (
    Step("draft_proposal", draft_proposal),
    Step("submit_proposal", submit_proposal, before=offer_services),
    Step("score_proposal", score_proposal, before=others_score),
    Step("resolve_on_proposals", resolve_on_proposals),
    Step("verify_account", verify_account),
    Step("sign_agreement", sign_agreement),
    Step("choose_service", choose_service),
    Step("cancel_service", cancel_service, aside=True),
    Step("deliver_service", deliver_service),
    Step("confirm_service", confirm_service),
    Step("file_invoice", file_invoice, before=serve_another),
    Step("refuse_invoice", refuse_invoice, aside=True),
    Step("accept_invoice", accept_invoice),
    Step("prepare_for_firm", prepare_for_firm, before=approve_invoiced),
    Step("release_to_firm", release_to_firm),
    Step("pay_firm", pay_firm),
)
