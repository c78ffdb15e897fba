"""Makes somebody of every audience, with something on each of their pages, for tests that walk through the portal."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.absences import EnterAbsence
from portal.domain.actors import Role
from portal.domain.bank_orders import Outcome, Word
from portal.domain.errors import FileRefused, Problem
from portal.domain.grant_changes import ChangeGrant
from portal.domain.layout_matching import ComparedColumn, Comparison, LayoutUnknown, Verdict
from portal.domain.payments import Channel
from portal.domain.recovery_rates import Cause
from portal.domain.settlements import DeliverSettlement, FileFault
from portal.domain.snapshots import Heard, SnapshotAnswer, TaxAnswer
from portal.domain.statements import StateMonth
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.payments import PaymentRun
from portal.services import (
    absences,
    account_changes,
    applications,
    bank_orders,
    claims,
    decisions,
    drawings,
    evidence,
    grant_changes,
    links,
    payments,
    receipts,
    recoveries,
    reviews,
    snapshots,
    statements,
)
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests import (
    approved_claims,
    arranged,
    asked,
    cases,
    choosing,
    first_come,
    in_kind,
    objecting,
    planned,
    recovered,
    rosters,
    signalled,
    simulated,
    waiting,
    written,
)
from tests.bank_words import word
from tests.distributed import FORMS, in_every_stage
from tests.evidenced import Desk, own_log, read_off
from tests.factories import AT, actor, make_merchant_user, make_official, make_platform_person
from tests.settled import Office, Shop, csv_of, line
from tests.simulated import ask, compute, with_rate
from tests.standing_in import clerk_owner_and_agent

_SHOPS = (("S1", "섬진강 국밥"), ("S2", "산수유 분식"))
_OTHERS = (Role.AUDITOR, Role.POLICYMAKER, Role.MANAGER, Role.ADMINISTRATOR)


class County:
    """`people`: the users to walk with; `after_a_form`: the addresses of pages that only a form leads to."""

    people: list[User]
    after_a_form: tuple[str, ...]

    def __init__(self, session: Session, stores: Stores, lines: LineStore) -> None:
        self._session, self._stores, self._lines = session, stores, lines
        self._office = Office(session, stores, lines)
        self._by, self._approver = actor(self._office.reviewer), actor(self._office.approver)
        payer, releaser = (make_official(session, Role.PAYER, name=name) for name in ("지출담당", "지출책임"))
        first, second = (self._office.shop(number, trade_name=name) for number, name in _SHOPS)
        self._pay(payer, releaser)
        merchant = second.merchant
        before = merchant.bank_code, merchant.account_number
        account_changes.record(session, merchant, before, by=actor(second.owner), at=AT - timedelta(hours=1))
        whom = [(merchant.id, merchant.business_number)]
        shut = TaxAnswer(SnapshotAnswer.SUSPENDED)
        snapshots.keep_tax_status(session, whom, Heard({merchant.business_number: shut}, "0" * 64), at=AT)
        link = links.LinkProposal("yogiyo", "Y2", date(2026, 3, 1))
        links.propose(session, second.merchant.id, link, by=actor(second.owner), at=AT)
        owners = [first.owner, second.owner, self._honest, *self._applicants()]
        owners.append(make_merchant_user(session, name="새 사람"))
        officials = [self._office.reviewer, self._office.approver, self._decider, payer, releaser]
        others = [make_official(session, role) for role in _OTHERS]
        self.people = [*owners, *officials, *others, self._clerk(second)]
        self._away(self._office.approver)
        arranged.bands(session, others[_OTHERS.index(Role.ADMINISTRATOR)])
        arranged.clients(session, others[_OTHERS.index(Role.ADMINISTRATOR)])
        for fee in (3_000, 2_000):
            self._office.deliver([line("S9", "2026-05-09 12:00", fee=fee, order_no="A9")], "2026-05")
        self._hand_in(first)
        self._receive()
        self._simulate(others[_OTHERS.index(Role.MANAGER)])
        arranged.vouchers_and_stops(session, stores, payer, releaser)
        self.after_a_form += tuple(f"/office/ledger/years/1/{s}" for s in ("closing", "confirmation", "objection"))
        self._change_a_grant(second)
        self.people += objecting.in_every_stage(session, stores, self._office.programme)
        choosers, steps = choosing.in_every_stage(session, stores)
        self.people += choosers
        self.after_a_form += steps
        signalled.in_every_stage(session, lines, self._by)
        people, unsigned = clerk_owner_and_agent(session, stores, self._office.programme)
        self.people, self.after_a_form = [*self.people, *people], (*self.after_a_form, unsigned)
        planned.in_every_stage(session, stores)
        self.people.append(in_every_stage(session, stores, self._office.programme))
        self.after_a_form += FORMS
        self.people += [*rosters.in_every_stage(session, stores), asked.begun_on_one_page(session)]
        ministry, resolving = in_kind.in_every_stage(session, stores)
        self.people += ministry
        self.after_a_form += resolving

    def _change_a_grant(self, shop: Shop) -> None:
        """One that waits for the approver."""
        command = ChangeGrant(450_000, "배달 품목이 줄어 사업비를 낮추었습니다.")
        mine = Application.merchant_id == shop.merchant.id
        application_id = self._session.scalars(select(Application.id).where(mine)).one()
        grant_changes.propose(self._session, application_id, command, by=self._by, at=AT)

    def _receive(self) -> None:
        """A file that waits to be read, one of an unknown layout, and one that asks for a password."""
        session, stores, by = self._session, self._stores, self._by
        command = DeliverSettlement("baemin", "2026-05", "may.csv", io.BytesIO(b"x"))
        receipts.receive(session, stores, command, by=by, at=AT)
        compared = Comparison(
            "layout", (ComparedColumn("A", "", Verdict.MISSING), ComparedColumn("", "B", Verdict.UNKNOWN))
        )
        asking = FileRefused(problems=[Problem(FileFault.PASSWORD_NEEDED, "password")])
        for refusal in (LayoutUnknown(compared), asking):
            receipts.keep_refused(session, stores, command, refusal, by=by, at=AT)

    def _hand_in(self, shop: Shop) -> None:
        """One document for each thing that can become of it, the last two of them the same."""
        desk = Desk(self._office)
        waiting, refused, confirmed, told = (desk.submit(shop) for _ in range(4))
        desk.submit(shop, **own_log(document_number="7"))
        desk.submit(shop, **own_log(document_number="7"))
        desk.write(waiting, read_off(5, origin_key="baemin:T1"))
        evidence.refuse(self._session, refused.id, note="날짜가 보이지 않습니다.", by=self._by, at=AT)
        lines = read_off(3), read_off(3), read_off(4, not_accepted="포장 주문입니다.")
        desk.confirm(desk.put_up(confirmed, *lines))
        desk.put_up(told, read_off(3))

    def _clerk(self, shop: Shop) -> User:
        """A platform's person, with a file that waits, one that could not be read, a link to look at and totals."""
        session, user = self._session, make_platform_person(self._session, "baemin")
        by, (waits, wrong) = (
            actor(user),
            (DeliverSettlement("baemin", "2026-05", "may.csv", io.BytesIO(x)) for x in (b"a", b"b")),
        )
        receipts.receive(session, self._stores, waits, by=by, at=AT)
        refusal = FileRefused(problems=[Problem(FileFault.NO_ROWS.value, "file")])
        receipts.keep_refused(session, self._stores, wrong, refusal, by=by, at=AT)
        links.propose(
            session, shop.merchant.id, links.LinkProposal("baemin", "B2", date(2026, 3, 1)), by=actor(shop.owner), at=AT
        )
        statements.state(session, self._lines, "baemin", StateMonth("2026-05", {"orders": 3}), by=by, at=AT)
        return user

    def _away(self, approver: User) -> None:
        """An approver who will be away, and in whose place somebody approved when they were."""
        stand_in = make_official(self._session, Role.APPROVER)
        for start in (AT, AT + timedelta(days=30)):
            day = start.date()
            command = EnterAbsence(approver.id, stand_in.id, day, day, "연가")
            absence = absences.enter(self._session, command, by=actor(approver), at=AT)
            if start == AT:
                case = cases.apply(self._session, self._stores, self._office.programme)
                cases.recommend(self._session, case.application, self._by)
                decisions.approve(self._session, self._stores, case.id, by=actor(stand_in), at=AT)
                absences.end(self._session, absence.id, by=actor(approver), at=AT)
                self.after_a_form += (f"/office/applications/{case.id}/change",)

    def _pay(self, payer: User, releaser: User) -> None:
        """Paid to one shop and refused to another; at the bank; sent by the portal; waiting for release."""
        rows = [line("S1", "2026-05-03 12:00"), line("S1", "2026-05-04 12:00"), line("S2", "2026-05-03 12:00")]
        rows += [line("S9", "2026-05-03 12:00"), line("S1", "2026-05-32 12:00")]
        run = self._run("2026-05", rows, payer)
        payments.release(self._session, self._stores, run.id, by=actor(releaser), at=AT)
        answer = approved_claims.answer(run, (0, "done"), (1, "refused"))
        payments.settle(self._session, self._stores, run.id, answer, by=actor(payer), at=AT)
        asked_back = [f"R{number}" for number in range(7)]
        for number in asked_back:
            self._office.shop(number, trade_name=f"지리산 {number}")
        self._honest = self._office.shop("R7", trade_name="지리산 R7").owner  # paid, and nobody asked for it back
        later = self._run("2026-06", [line(number, "2026-06-03 12:00") for number in ("S1", *asked_back, "R7")], payer)
        payments.release(self._session, self._stores, later.id, by=actor(releaser), at=AT)
        paid = approved_claims.all_done(later)
        payments.settle(self._session, self._stores, later.id, paid, by=actor(payer), at=AT)
        self._recover([run, later], payer, releaser)
        run = self._run("2026-03", [line("S1", "2026-03-03 12:00")], payer)
        payments.release(self._session, self._stores, run.id, by=actor(releaser), at=AT)
        run = self._run("2026-05", [line("S1", "2026-05-20 12:00", order_no="more")], payer)
        payments.release(self._session, self._stores, run.id, channel=Channel.API, by=actor(releaser), at=AT)
        self._never_heard()
        self._run("2026-04", [line(shop, "2026-04-03 12:00") for shop, _ in _SHOPS], payer)

    def _never_heard(self) -> None:
        """A payment of which the bank says that it never came, after a call about another amount."""
        session, at = self._session, AT
        for outcome in (Outcome.NO_ANSWER, Outcome.NEVER_HEARD):
            order = bank_orders.take_up(session, at=at)
            assert order is not None
            said = Word(outcome, order.reference)
            bank_orders.settle(session, self._stores, order, said, safe=timedelta(0), at=at)
            at += timedelta(minutes=1)
        bank_orders.hear(session, word(order, Outcome.DONE, amount=1), "t=1", at=AT)

    def _recover(self, runs: list[PaymentRun], payer: User, releaser: User) -> None:
        """Of what was paid: a case that was dropped, and an order of which some came in."""
        self._decider = make_official(self._session, Role.APPROVER, name="환수결재")
        of = self._office
        office = approved_claims.Office(of.programme, of.reviewer, of.approver, payer, releaser)
        claims = [runs[0].payments[0].claim, *(payment.claim for payment in runs[1].payments)]
        desk = recovered.Desk(self._session, self._stores, office, self._decider, claims)
        reasons = "정정이 잘못되었습니다."
        dropped = desk.open(1_000)
        recoveries.drop(self._session, self._stores, dropped.id, reasons, by=actor(self._decider), at=AT)
        desk.pay(desk.ordered(1_000, cause=Cause.FALSE), 100, "N1")
        recovered.in_every_stage(replace(desk, claims=claims[2:]))
        desk.told(1_000, 1)

    def _simulate(self, manager: User) -> None:
        """One simulation computed, with another rate and pools that run out, and one that waits; two drafts."""
        written.drafts(self._session, self._office.programme.version.id, by=actor(manager))
        draft = with_rate(self._office.programme.terms, "0.60").replace("120_000_000", "2_000")
        compute(self._office, ask(self._office, simulated.draft(draft), manager))
        ask(self._office, simulated.draft(draft), manager)

    def _run(self, month: str, rows: list[list[object]], payer: User) -> PaymentRun:
        session, code = self._session, self._office.code
        self._office.deliver(csv_of(rows), month)
        claims.draw_up(session, self._stores, self._lines, code, month, by=self._by, at=AT)
        claims.approve(session, code, month, by=self._approver, at=AT)
        return payments.prepare(session, code, by=actor(payer), at=AT)

    def _applicants(self) -> list[User]:
        """One for each thing that can become of an application."""
        session, stores, by = self._session, self._stores, self._by
        fresh, taken, asked, put_up, lost, back = (
            cases.apply(session, stores, self._office.programme) for _ in range(6)
        )
        for each in (taken, asked):
            reviews.take_up(session, each.id, by=by, at=AT)
        reviews.request_supplement(session, stores, asked.id, waiting.ASK, by=by, at=AT)
        cases.recommend(session, put_up.application, by)
        cases.recommend(session, lost.application, by, outcome="reject")
        reasons = "지원 제외 업종에 해당합니다."
        decisions.reject(session, stores, lost.id, reasons=reasons, by=self._approver, at=AT)
        owner = actor(back.owner)
        applications.withdraw(session, back.id, by=owner, at=AT)
        draft = applications.start(session, self._office.code, back.application.merchant_id, by=owner, at=AT)
        drawing = drawings.ask(session, self._lines, self._office.code, "2026-05", by=by, at=AT)
        returning = waiting.take_long(session, stores, taken.id, asked, by=by)
        drawn = f"/office/claims/drawings/{drawing.id}"
        self.after_a_form = (f"/my/applications/{draft.id}/documents", drawn, returning)
        call = first_come.programme(session, won=first_come.GRANT)
        kept, waits = (cases.apply(session, stores, call) for _ in range(2))
        return [each.owner for each in (fresh, taken, asked, lost, back, kept, waits)]
