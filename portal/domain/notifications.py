"""What people are told: one table of occasions (what happened, whom it is told, where it leads, by when), and topics.

An occasion is told in the inbox, in the transaction of what happened; mail and messages only say that something waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.letters import LetterKind


class Topic(StrEnum):
    """What a person may switch off in the inbox, apart from LEGAL: what an Act has somebody told stays."""

    LEGAL = "legal"
    PROGRESS = "progress"
    REMINDER = "reminder"
    WORK = "work"


class Whom(StrEnum):
    """Whom of a case. Groups are told without whoever did it."""

    OWNER = "owner"  # of the business
    REVIEWER = "reviewer"  # who took the case up
    AUTHOR = "author"  # who put it before others
    STAND_IN = "stand_in"
    OFFICER = "officer"  # who was put in charge
    REVIEWERS = "reviewers"  # of the office
    APPROVERS = "approvers"
    PAYERS = "payers"
    MANAGERS = "managers"
    CLERKS = "clerks"  # where whoever stood in is there no longer
    FIRM = "firm"  # the people of the platform whose proposal, service or invoice it is


GROUPS = (Whom.REVIEWERS, Whom.APPROVERS, Whom.PAYERS, Whom.MANAGERS, Whom.CLERKS)


class Page(StrEnum):
    """Where an occasion leads; portal/web knows the addresses."""

    APPLICATION = "application"
    SUPPLEMENT = "supplement"
    LETTERS = "letters"
    CLAIM = "claim"
    ACCOUNT = "account"
    MERCHANTS = "merchants"
    LINKS = "links"
    EVIDENCE = "evidence"
    SERVICE = "service"
    PROPOSAL = "proposal"
    SUPPLY = "supply"  # a service as its platform sees it
    BILL = "bill"  # an invoice as its platform sees it
    CASE_SERVICE = "case_service"
    CASE_INVOICE = "case_invoice"
    RECOVERY = "recovery"
    OBJECTIONS = "objections"
    PROXY_ENTRY = "proxy_entry"
    PROXY_ENTRIES = "proxy_entries"  # for whom an official entered
    CASE = "case"  # an application as officials see it
    CASE_RECOVERY = "case_recovery"
    CASE_OBJECTION = "case_objection"
    CASE_SIGNAL = "case_signal"
    RUN = "run"
    ABSENCES = "absences"
    PLAN_REPORT = "plan_report"
    PLAN_VERSION = "plan_version"
    ROSTER = "roster"
    MEMBERSHIPS = "memberships"
    QUEUE = "queue"
    MINE = "mine"  # the cases in one's charge


class Kind(StrEnum):
    RECEIVED = "received"
    SUPPLEMENT_ASKED = "supplement_asked"
    DECIDED = "decided"
    DECISION_CHANGED = "decision_changed"
    REJECTED = "rejected"
    RESERVED = "reserved"
    SELECTED = "selected"
    ON_RESERVE = "on_reserve"
    LEFT_OUT = "left_out"
    CLAIM_APPROVED = "claim_approved"
    PAID = "paid"
    PAYMENT_REFUSED = "payment_refused"
    PAYMENT_RETURNED = "payment_returned"
    ACCOUNT_CHANGED = "account_changed"
    LINK_CONFIRMED = "link_confirmed"
    LINK_MATCHED = "link_matched"
    LINK_REFUSED = "link_refused"
    LINK_ENDED = "link_ended"
    EVIDENCE_CONFIRMED = "evidence_confirmed"
    EVIDENCE_REFUSED = "evidence_refused"
    SERVICE_REPORTED = "service_reported"
    SERVICE_UPHELD = "service_upheld"
    SERVICE_ENDED = "service_ended"
    SERVICE_CHOSEN = "service_chosen"
    SERVICE_DISPUTED = "service_disputed"
    FIRM_UPHELD = "firm_upheld"
    FIRM_ENDED = "firm_ended"
    FIRM_SELECTED = "firm_selected"
    FIRM_LEFT_OUT = "firm_left_out"
    AGREEMENT_WAITS = "agreement_waits"
    AGREEMENT_SIGNED = "agreement_signed"
    INVOICE_ACCEPTED = "invoice_accepted"
    INVOICE_REFUSED = "invoice_refused"
    INVOICE_PAID = "invoice_paid"
    INVOICE_TAKEN_BACK = "invoice_taken_back"
    INVOICE_CORRECTED = "invoice_corrected"
    RECOVERY_NOTICE = "recovery_notice"
    RECOVERY_ORDER = "recovery_order"
    RECOVERY_INSTALMENTS = "recovery_instalments"
    RECOVERY_CLOSED = "recovery_closed"
    EXTENDED = "extended"
    EXTENSION_ASKED = "extension_asked"
    SUPPLEMENT_EXTENDED = "supplement_extended"
    STATUS_NOTICE = "status_notice"
    RETURNED = "returned"
    OBJECTION_EXTENDED = "objection_extended"
    OBJECTION_ANSWERED = "objection_answered"
    SUPPLEMENT_ANSWERED = "supplement_answered"
    WITHDRAWN = "withdrawn"
    DECISION_WAITS = "decision_waits"
    SENT_BACK = "sent_back"
    CHANGE_WAITS = "change_waits"
    CHANGE_APPROVED = "change_approved"
    CHANGE_REFUSED = "change_refused"
    OPINION_GIVEN = "opinion_given"
    ORDER_WAITS = "order_waits"
    ORDER_SENT_BACK = "order_sent_back"
    OBJECTION_RAISED = "objection_raised"
    OBJECTION_WAITS = "objection_waits"
    SIGNAL_CONFIRMED = "signal_confirmed"
    SIGNAL_OTHERWISE = "signal_otherwise"
    RUN_WAITS = "run_waits"
    RULING_WAITS = "ruling_waits"
    INVOICE_FILED = "invoice_filed"
    TAKING_BACK_WAITS = "taking_back_waits"
    STANDING_IN = "standing_in"
    ENTRY_WAITS = "entry_waits"
    ENTRY_REFUSED = "entry_refused"
    PLAN_REPORT_WAITS = "plan_report_waits"
    PLAN_REPORT_REFUSED = "plan_report_refused"
    PLAN_VERSION_WAITS = "plan_version_waits"
    PLAN_VERSION_REFUSED = "plan_version_refused"
    MEMBERSHIP_ASKED = "membership_asked"
    MEMBERSHIP_ANSWERED = "membership_answered"
    MEMBER_REFUSED = "member_refused"
    SUPPLEMENT_DUE = "supplement_due"
    CALL_CLOSES = "call_closes"
    OPINION_DUE = "opinion_due"
    REPAYMENT_DUE = "repayment_due"
    SERVICE_DUE = "service_due"
    CASES_DUE = "cases_due"
    CASE_ASSIGNED = "case_assigned"
    CASES_ASSIGNED = "cases_assigned"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One row: what is told (`kind`) to whom when one of `after`, (noun, action) of the audit trail, has happened.

    `due`: whether the record has a day by which the person must act. Rows without `after` are reminders.
    """

    kind: Kind
    whom: Whom
    topic: Topic
    page: Page
    after: tuple[tuple[str, str], ...] = ()
    due: bool = False


def _letter(kind: LetterKind) -> tuple[tuple[str, str], ...]:
    return (("letter", f"issue_{kind.value}"),)


K, W, T, P, L = Kind, Whom, Topic, Page, LetterKind
OCCASIONS: tuple[Occasion, ...] = (
    # what a merchant is told by letter: the Acts want it delivered, so the inbox always says it
    Occasion(K.SUPPLEMENT_ASKED, W.OWNER, T.LEGAL, P.SUPPLEMENT, _letter(L.SUPPLEMENT), due=True),
    Occasion(K.DECIDED, W.OWNER, T.LEGAL, P.APPLICATION, _letter(L.DECISION)),
    Occasion(K.DECISION_CHANGED, W.OWNER, T.LEGAL, P.APPLICATION, _letter(L.DECISION_CHANGED)),
    Occasion(K.REJECTED, W.OWNER, T.LEGAL, P.APPLICATION, _letter(L.REJECTION)),
    Occasion(K.RESERVED, W.OWNER, T.LEGAL, P.APPLICATION, _letter(L.RESERVED)),
    Occasion(K.PAID, W.OWNER, T.LEGAL, P.LETTERS, _letter(L.PAYMENT)),
    Occasion(K.PAYMENT_RETURNED, W.OWNER, T.LEGAL, P.LETTERS, _letter(L.PAYMENT_RETURNED)),
    Occasion(K.ACCOUNT_CHANGED, W.OWNER, T.LEGAL, P.MERCHANTS, _letter(L.ACCOUNT_CHANGE)),
    Occasion(K.RECOVERY_NOTICE, W.OWNER, T.LEGAL, P.RECOVERY, _letter(L.RECOVERY_NOTICE), due=True),
    Occasion(K.RECOVERY_ORDER, W.OWNER, T.LEGAL, P.RECOVERY, _letter(L.RECOVERY_ORDER), due=True),
    Occasion(K.RECOVERY_INSTALMENTS, W.OWNER, T.LEGAL, P.RECOVERY, _letter(L.RECOVERY_INSTALMENTS)),
    Occasion(K.RECOVERY_CLOSED, W.OWNER, T.LEGAL, P.RECOVERY, _letter(L.RECOVERY_CLOSED)),
    Occasion(K.EXTENDED, W.OWNER, T.LEGAL, P.APPLICATION, _letter(L.EXTENSION)),
    Occasion(K.EXTENSION_ASKED, W.OWNER, T.LEGAL, P.APPLICATION, _letter(L.EXTENSION_ASKED)),
    Occasion(K.SUPPLEMENT_EXTENDED, W.OWNER, T.LEGAL, P.SUPPLEMENT, _letter(L.SUPPLEMENT_EXTENDED), due=True),
    Occasion(K.STATUS_NOTICE, W.OWNER, T.LEGAL, P.APPLICATION, _letter(L.STATUS_NOTICE)),
    Occasion(K.RETURNED, W.OWNER, T.LEGAL, P.APPLICATION, _letter(L.RETURNED)),
    Occasion(K.OBJECTION_EXTENDED, W.OWNER, T.LEGAL, P.OBJECTIONS, _letter(L.OBJECTION_EXTENDED)),
    Occasion(K.OBJECTION_ANSWERED, W.OWNER, T.LEGAL, P.OBJECTIONS, _letter(L.OBJECTION_RESULT)),
    # how a merchant's affairs go on
    Occasion(K.RECEIVED, W.OWNER, T.PROGRESS, P.APPLICATION, (("application", "submit"),)),
    Occasion(K.SELECTED, W.OWNER, T.PROGRESS, P.APPLICATION, (("application", "select"),)),
    Occasion(K.ON_RESERVE, W.OWNER, T.PROGRESS, P.APPLICATION, (("application", "put_on_reserve"),)),
    Occasion(K.LEFT_OUT, W.OWNER, T.PROGRESS, P.APPLICATION, (("application", "leave_out"),)),
    Occasion(K.CLAIM_APPROVED, W.OWNER, T.PROGRESS, P.CLAIM, (("claim", "approve"),)),
    Occasion(K.PAYMENT_REFUSED, W.OWNER, T.LEGAL, P.ACCOUNT, (("claim", "fail"),)),
    Occasion(K.LINK_CONFIRMED, W.OWNER, T.PROGRESS, P.LINKS, (("link", "confirm"), ("link", "vouch"))),
    Occasion(K.LINK_MATCHED, W.OWNER, T.PROGRESS, P.LINKS, (("link", "match"),)),
    Occasion(K.LINK_REFUSED, W.OWNER, T.PROGRESS, P.LINKS, (("link", "refuse"), ("link", "deny"))),
    Occasion(K.LINK_ENDED, W.OWNER, T.PROGRESS, P.LINKS, (("link", "end"),)),
    Occasion(K.EVIDENCE_CONFIRMED, W.OWNER, T.PROGRESS, P.EVIDENCE, (("evidence", "confirm"),)),
    Occasion(K.EVIDENCE_REFUSED, W.OWNER, T.PROGRESS, P.EVIDENCE, (("evidence", "refuse"),)),
    Occasion(K.MEMBERSHIP_ASKED, W.OWNER, T.PROGRESS, P.MEMBERSHIPS, (("roster_member", "ask"),)),
    Occasion(
        K.MEMBERSHIP_ANSWERED,
        W.AUTHOR,
        T.PROGRESS,
        P.ROSTER,
        (("roster_member", "confirm"), ("roster_member", "decline")),
    ),
    Occasion(K.MEMBER_REFUSED, W.AUTHOR, T.PROGRESS, P.ROSTER, (("roster_member", "find_wrong"),)),
    Occasion(K.SERVICE_REPORTED, W.OWNER, T.PROGRESS, P.SERVICE, (("service_pass", "report"),), due=True),
    Occasion(K.SERVICE_UPHELD, W.OWNER, T.LEGAL, P.SERVICE, (("service_pass", "uphold"),)),
    Occasion(K.SERVICE_ENDED, W.OWNER, T.LEGAL, P.SERVICE, (("service_pass", "end"),)),
    # what a platform that gives services is told
    Occasion(K.FIRM_SELECTED, W.FIRM, T.LEGAL, P.PROPOSAL, (("proposal", "select"),)),
    Occasion(K.FIRM_LEFT_OUT, W.FIRM, T.LEGAL, P.PROPOSAL, (("proposal", "leave_out"),)),
    Occasion(K.AGREEMENT_WAITS, W.FIRM, T.PROGRESS, P.PROPOSAL, (("proposal", "verify"),)),
    Occasion(K.AGREEMENT_SIGNED, W.FIRM, T.PROGRESS, P.PROPOSAL, (("proposal", "agree"),)),
    Occasion(K.SERVICE_CHOSEN, W.FIRM, T.PROGRESS, P.SUPPLY, (("service_pass", "choose"),), due=True),
    Occasion(K.SERVICE_DISPUTED, W.FIRM, T.PROGRESS, P.SUPPLY, (("service_pass", "dispute"),), due=True),
    Occasion(K.FIRM_UPHELD, W.FIRM, T.LEGAL, P.SUPPLY, (("service_pass", "uphold"),)),
    Occasion(K.FIRM_ENDED, W.FIRM, T.LEGAL, P.SUPPLY, (("service_pass", "end"),)),
    Occasion(K.INVOICE_ACCEPTED, W.FIRM, T.PROGRESS, P.BILL, (("vendor_invoice", "accept"),)),
    Occasion(K.INVOICE_REFUSED, W.FIRM, T.LEGAL, P.BILL, (("vendor_invoice", "refuse"),)),
    Occasion(K.INVOICE_PAID, W.FIRM, T.LEGAL, P.BILL, (("vendor_invoice", "pay"),)),
    Occasion(K.INVOICE_TAKEN_BACK, W.FIRM, T.LEGAL, P.BILL, (("vendor_invoice", "take_back"),)),
    Occasion(K.INVOICE_CORRECTED, W.FIRM, T.LEGAL, P.BILL, (("vendor_invoice", "correct"),)),
    # what comes to an official's desk
    Occasion(K.SUPPLEMENT_ANSWERED, W.REVIEWER, T.WORK, P.CASE, (("application", "answer_supplement"),)),
    Occasion(K.WITHDRAWN, W.REVIEWER, T.WORK, P.CASE, (("application", "withdraw"),)),
    Occasion(K.DECISION_WAITS, W.APPROVERS, T.WORK, P.CASE, (("application", "recommend"),)),
    Occasion(K.SENT_BACK, W.REVIEWER, T.WORK, P.CASE, (("application", "send_back"),)),
    Occasion(K.CHANGE_WAITS, W.APPROVERS, T.WORK, P.CASE, (("grant_change", "propose"),)),
    Occasion(K.CHANGE_APPROVED, W.AUTHOR, T.WORK, P.CASE, (("grant_change", "approve"),)),
    Occasion(K.CHANGE_REFUSED, W.AUTHOR, T.WORK, P.CASE, (("grant_change", "refuse"),)),
    Occasion(K.OPINION_GIVEN, W.REVIEWER, T.WORK, P.CASE_RECOVERY, (("recovery", "answer"),)),
    Occasion(
        K.ORDER_WAITS, W.APPROVERS, T.WORK, P.CASE_RECOVERY, (("recovery", "draft"), ("recovery", "draft_credit"))
    ),
    Occasion(K.ORDER_SENT_BACK, W.AUTHOR, T.WORK, P.CASE_RECOVERY, (("recovery", "send_back"),)),
    Occasion(K.OBJECTION_RAISED, W.REVIEWERS, T.WORK, P.CASE_OBJECTION, (("objection", "file"),)),
    Occasion(K.OBJECTION_WAITS, W.APPROVERS, T.WORK, P.CASE_OBJECTION, (("objection", "draft"),)),
    Occasion(K.SIGNAL_CONFIRMED, W.APPROVERS, T.WORK, P.CASE_SIGNAL, (("signal", "confirm"),)),
    Occasion(K.SIGNAL_OTHERWISE, W.AUTHOR, T.WORK, P.CASE_SIGNAL, (("signal", "see_anew"),)),
    Occasion(K.RUN_WAITS, W.PAYERS, T.WORK, P.RUN, (("payment_run", "prepare"),)),
    Occasion(K.RULING_WAITS, W.APPROVERS, T.WORK, P.CASE_SERVICE, (("service_pass", "vouch"),)),
    Occasion(K.INVOICE_FILED, W.REVIEWERS, T.WORK, P.CASE_INVOICE, (("vendor_invoice", "file"),)),
    Occasion(K.TAKING_BACK_WAITS, W.APPROVERS, T.WORK, P.CASE_INVOICE, (("vendor_invoice", "propose_taking_back"),)),
    Occasion(K.CASE_ASSIGNED, W.OFFICER, T.WORK, P.CASE, (("assignment", "assign"),)),
    Occasion(K.CASES_ASSIGNED, W.OFFICER, T.WORK, P.MINE, (("assignment", "hand_out"),)),
    Occasion(K.ENTRY_WAITS, W.REVIEWERS, T.WORK, P.PROXY_ENTRY, (("proxy_entry", "enter"),)),
    Occasion(K.ENTRY_REFUSED, W.AUTHOR, T.WORK, P.PROXY_ENTRIES, (("proxy_entry", "refuse"),)),
    Occasion(K.STANDING_IN, W.STAND_IN, T.WORK, P.ABSENCES, (("absence", "enter"),)),
    Occasion(K.PLAN_REPORT_WAITS, W.MANAGERS, T.WORK, P.PLAN_REPORT, (("plan_report", "report"),)),
    Occasion(K.PLAN_REPORT_REFUSED, W.AUTHOR, T.WORK, P.PLAN_REPORT, (("plan_report", "refuse"),)),
    Occasion(K.PLAN_VERSION_WAITS, W.MANAGERS, T.WORK, P.PLAN_VERSION, (("plan_version", "load"),)),
    Occasion(K.PLAN_VERSION_REFUSED, W.AUTHOR, T.WORK, P.PLAN_VERSION, (("plan_version", "refuse"),)),
    # reminders, found by the hourly round
    Occasion(K.SUPPLEMENT_DUE, W.OWNER, T.REMINDER, P.SUPPLEMENT, due=True),
    Occasion(K.CALL_CLOSES, W.OWNER, T.REMINDER, P.APPLICATION, due=True),
    Occasion(K.OPINION_DUE, W.OWNER, T.REMINDER, P.RECOVERY, due=True),
    Occasion(K.REPAYMENT_DUE, W.OWNER, T.REMINDER, P.RECOVERY, due=True),
    Occasion(K.SERVICE_DUE, W.OWNER, T.REMINDER, P.SERVICE, due=True),
    Occasion(K.CASES_DUE, W.REVIEWER, T.REMINDER, P.QUEUE),
)

BY_KIND: Mapping[Kind, Occasion] = {row.kind: row for row in OCCASIONS}
BY_HAPPENING: Mapping[tuple[str, str], tuple[Occasion, ...]] = {
    after: tuple(row for row in OCCASIONS if after in row.after) for each in OCCASIONS for after in each.after
}
# What whoever stands in for a merchant is told beside the merchant, and acts on in their place.
FOR_STAND_INS = frozenset(
    row.kind for row in OCCASIONS if row.whom is W.OWNER and row.page in (P.APPLICATION, P.SUPPLEMENT)
)
OPTIONAL = tuple(topic for topic in Topic if topic is not Topic.LEGAL)
