"""Vouchers: drafted with reason and document, posted by another person, refused wherever the ledger would be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotFound, NotPermitted, Refusal, SamePerson
from portal.domain.fiscal_years import YearStatus
from portal.domain.ledger import PostingKind
from portal.domain.vouchers import DraftVoucher, VoucherFile, VoucherKind, VoucherStatus
from portal.models.claims import Claim
from portal.models.fiscal_years import FiscalYear
from portal.models.ledger import BudgetLine, LedgerEntry
from portal.models.vouchers import Voucher, VoucherDocument
from portal.queries import ledger as postings
from portal.services import ledger, payments, vouchers
from portal.services.programmes import propose, publish
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import Office
from tests.factories import AT, GURYE, actor, make_official, make_organisation
from tests.payments_made import money_is_in_order

K = VoucherKind
FILE = VoucherFile("추경예산서.pdf", "application/pdf", b"%PDF-1.4 %%EOF")


def line(session: Session, source: str = "county", year: int = 2026) -> BudgetLine:
    query = select(BudgetLine).where(BudgetLine.source == source, BudgetLine.fiscal_year == year)
    return session.scalars(query.order_by(BudgetLine.id).execution_options(populate_existing=True)).first()  # ty: ignore


def drafted(
    session: Session, stores: Stores, office: Office, kind: VoucherKind, amount: int, **more: int | str | None
) -> Voucher:
    command = DraftVoucher(kind, line(session).id, amount, "제1회 추경", FILE)
    command = replace(command, **more)
    return vouchers.draft(session, stores.evidence, command, by=actor(office.payer), at=AT)


def test_a_draft_that_is_sent_again_waits_once(session: Session, stores: Stores, office: Office) -> None:
    first = drafted(session, stores, office, K.APPROPRIATE, 500)
    session.commit()
    with pytest.raises(AlreadyDone) as refused:
        drafted(session, stores, office, K.APPROPRIATE, 500)
    session.rollback()
    assert problems(refused) == [("voucher_waits", "reason", "")]
    drafted(session, stores, office, K.APPROPRIATE, 500, reason="제2회 추경")
    drafted(session, stores, office, K.APPROPRIATE, 501)
    vouchers.withdraw(session, first.id, by=actor(office.payer), at=AT)
    session.commit()
    assert drafted(session, stores, office, K.APPROPRIATE, 500).status is VoucherStatus.DRAFTED


def post(session: Session, voucher: Voucher, by: Actor) -> Voucher:
    return vouchers.post(session, voucher.id, by=by, at=AT)


def problems(
    refused: pytest.ExceptionInfo[Refusal],
) -> list[tuple[str, str, str]]:
    return [(each.code, each.field, each.value) for each in refused.value.problems]


@pytest.mark.parametrize(("kind", "total"), [(K.APPROPRIATE, 42_000_500), (K.REDUCE, 41_999_500)])
def test_a_supplementary_budget_is_posted_by_another_person(
    session: Session, stores: Stores, office: Office, kind: VoucherKind, total: int
) -> None:
    voucher = drafted(session, stores, office, kind, 500)
    assert line(session).total == 42_000_000
    with pytest.raises(SamePerson):
        post(session, voucher, actor(office.payer))
    post(session, voucher, actor(office.approver))
    assert (voucher.status, line(session).total) == (VoucherStatus.POSTED, total)
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.source_key == f"voucher:{voucher.id}")).one()
    assert (entry.kind, entry.note, entry.posted_by) == (kind, "제1회 추경", office.approver.id)
    (document,) = session.scalars(select(VoucherDocument))
    assert stores.evidence.read(document.sha256) == FILE.content
    assert money_is_in_order(session) == []


def second_programme(session: Session) -> BudgetLine:
    first, second = (actor(make_official(session, Role.MANAGER)) for _ in range(2))
    version = propose(session, GURYE.replace("gurye-2020-o2o", "gurye-next"), by=first, at=AT)
    publish(session, version.id, by=second, at=AT)
    query = select(BudgetLine).where(BudgetLine.source == "county").order_by(BudgetLine.id.desc())
    return session.scalars(query).first()  # ty: ignore[invalid-explicit-return]


def test_a_transfer_leaves_one_line_and_reaches_the_other_in_one_transaction(
    session: Session, stores: Stores, office: Office
) -> None:
    to = second_programme(session)
    voucher = drafted(session, stores, office, K.TRANSFER, 2_000_000, to_line_id=to.id)
    post(session, voucher, actor(office.releaser))
    session.refresh(to)
    assert (line(session).total, to.total) == (40_000_000, 44_000_000)
    kinds = select(LedgerEntry.kind, LedgerEntry.source_key).order_by(LedgerEntry.id.desc()).limit(2)
    assert session.execute(kinds).all() == [
        (PostingKind.TRANSFER_IN, f"voucher:in:{voucher.id}"),
        (PostingKind.TRANSFER_OUT, f"voucher:out:{voucher.id}"),
    ]
    assert money_is_in_order(session) == []


def test_a_wrong_transfer_is_refused_with_all_that_is_wrong(session: Session, stores: Stores, office: Office) -> None:
    for to, amount, said in (
        (line(session).id, 1, [("same_line_twice", "to_line", "")]),
        (None, 1, [("transfer_needs_a_line", "to_line", "")]),
        (line(session, "province").id, 42_000_001,
         [("amount_over_left", "amount", "42,000,000"), ("transfer_other_source", "to_line", "")]),
        (line(session, "province").id, 0, [("amount_needed", "amount", ""), ("transfer_other_source", "to_line", "")]),
    ):  # fmt: skip
        with pytest.raises(Incomplete) as refused:
            drafted(session, stores, office, K.TRANSFER, amount, to_line_id=to)
        assert problems(refused) == said
    assert session.scalars(select(Voucher)).all() == []


def test_a_closed_year_takes_no_voucher(session: Session, stores: Stores, office: Office) -> None:
    session.execute(update(FiscalYear).values(closed_upto=1, status=YearStatus.CLOSED))
    with pytest.raises(Incomplete) as refused:
        drafted(session, stores, office, K.APPROPRIATE, 1)
    assert problems(refused) == [("year_closed", "line", "2026")]


def test_a_line_of_another_organisation_is_not_found(session: Session, stores: Stores, office: Office) -> None:
    elsewhere = actor(make_official(session, Role.PAYER, organisation=make_organisation(session, "haenam")))
    command = DraftVoucher(K.REDUCE, line(session).id, 1, "x", FILE)
    with pytest.raises(NotFound):
        vouchers.draft(session, stores.evidence, command, by=elsewhere, at=AT)
    with pytest.raises(NotFound):
        post(session, drafted(session, stores, office, K.REDUCE, 1), elsewhere)


def test_what_was_left_at_the_draft_and_is_gone_at_the_posting_is_refused(
    session: Session, stores: Stores, office: Office
) -> None:
    voucher = drafted(session, stores, office, K.REDUCE, 42_000_000)
    commit = {line(session).id: 1}
    ledger.post(session, PostingKind.COMMIT, commit, source_key="c", by=actor(office.approver), at=AT)
    session.commit()
    with pytest.raises(Incomplete) as refused:
        post(session, voucher, actor(office.releaser))
    assert problems(refused) == [("amount_over_left", "amount", "41,999,999")]
    session.rollback()
    assert session.get_one(Voucher, voucher.id).status == VoucherStatus.DRAFTED


def entry_of(session: Session, kind: PostingKind) -> LedgerEntry:
    query = select(LedgerEntry).where(LedgerEntry.kind == kind).order_by(LedgerEntry.id)
    return session.scalars(query).first()  # ty: ignore[invalid-explicit-return]


def test_a_grant_is_lowered_by_a_correction_that_names_its_entry_and_spares_its_claims(
    session: Session, stores: Stores, claims: list[Claim], office: Office
) -> None:
    commit = entry_of(session, PostingKind.COMMIT)
    claim = next(each for each in claims if each.application_id == commit.application_id)
    moved = {posting.budget_line_id: posting.amount for posting in commit.postings}[line(session).id]
    free = 500_000 - claim.payable
    with pytest.raises(Incomplete) as refused:
        drafted(session, stores, office, K.RELEASE, moved + 1, corrects=commit.id)
    assert problems(refused) == [("amount_over_left", "amount", f"{min(moved, free):,}")]
    post(session, drafted(session, stores, office, K.RELEASE, 1_000, corrects=commit.id), actor(office.approver))
    left = postings.commitment_left(session, [commit.application_id])
    assert left[commit.application_id][line(session).id] == moved - 1_000
    assert money_is_in_order(session) == []
    with pytest.raises(Incomplete):
        drafted(session, stores, office, K.RELEASE, moved - 999, corrects=commit.id)


def test_a_correction_names_an_entry_of_its_own_kind_and_line(
    session: Session, stores: Stores, claims: list[Claim], office: Office
) -> None:
    for kind, corrects in ((K.RELEASE, 1), (K.RETURN, entry_of(session, PostingKind.COMMIT).id), (K.RELEASE, None)):
        with pytest.raises(Incomplete, match="corrects_nothing"):
            drafted(session, stores, office, kind, 1, corrects=corrects)


def test_what_was_paid_out_by_hand_is_returned_by_a_correction_but_no_payment_of_the_bank(
    session: Session, stores: Stores, claims: list[Claim], office: Office
) -> None:
    by, own = actor(office.payer), {line(session).id: 9}
    ledger.post(session, PostingKind.COMMIT, own, source_key="c", by=by, at=AT)
    paid = ledger.post(session, PostingKind.DISBURSE, own, source_key="d", by=by, at=AT)
    post(session, drafted(session, stores, office, K.RETURN, 5, corrects=paid.id), actor(office.approver))
    with pytest.raises(Incomplete, match="amount_over_left"):
        drafted(session, stores, office, K.RETURN, 5, corrects=paid.id)
    run = payments.prepare(session, world.CODE, by=by, at=AT)
    payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)
    payments.settle(session, stores, run.id, world.all_done(run), by=by, at=AT)
    last = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()
    with pytest.raises(Incomplete, match="payment_returned_elsewhere"):
        drafted(session, stores, office, K.RETURN, 1, corrects=last.id if last else 0)


def test_a_voucher_is_taken_back_by_its_drafter_and_refused_by_others(
    session: Session, stores: Stores, office: Office
) -> None:
    first, second = (drafted(session, stores, office, K.REDUCE, won) for won in (1, 2))
    with pytest.raises(NotPermitted):
        vouchers.withdraw(session, first.id, by=actor(office.releaser), at=AT)
    vouchers.withdraw(session, first.id, by=actor(office.payer), at=AT)
    with pytest.raises(Incomplete):
        vouchers.refuse(session, second.id, note=" ", by=actor(office.releaser), at=AT)
    vouchers.refuse(session, second.id, note="근거가 다릅니다.", by=actor(office.releaser), at=AT)
    for ended in (first, second):
        with pytest.raises(InvalidTransition):
            post(session, ended, actor(office.approver))
    assert line(session).total == 42_000_000


def test_a_version_may_follow_although_vouchers_changed_the_budget(
    session: Session, stores: Stores, office: Office
) -> None:
    post(session, drafted(session, stores, office, K.APPROPRIATE, 500), actor(office.releaser))
    first, second = (actor(make_official(session, Role.MANAGER)) for _ in range(2))
    later = datetime(2026, 7, 1, tzinfo=UTC)
    version = propose(session, GURYE + "\n# 수정공고\n", by=first, at=later)
    publish(session, version.id, by=second, at=later)
    assert line(session).total == 42_000_500
