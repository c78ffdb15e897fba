"""Every row that names a file of the stores: the file is there, with the same SHA-256 (invariant I15)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.domain.errors import Refusal
from portal.models.applications import Document
from portal.models.claims import AssessmentRun
from portal.models.evidence import Evidence
from portal.models.jobs import Job
from portal.models.letters import Letter
from portal.models.mandates import Mandate
from portal.models.objections import Objection
from portal.models.payments import BankResultFile, PaymentRun
from portal.models.plans import PlanReport
from portal.models.receipts import Receipt
from portal.models.recoveries import Recovery
from portal.models.selections import Selection
from portal.models.service_passes import ServicePass
from portal.models.settlements import Delivery
from portal.models.vouchers import VoucherDocument
from portal.storage.objects import Store, Stores

# what it is called, the store it lies in, and the rows: id, SHA-256 or nothing
NAMED: tuple[tuple[str, str, Select[int, str] | Select[int, str | None]], ...] = (
    ("document", "evidence", select(Document.id, Document.sha256)),
    ("evidence", "evidence", select(Evidence.id, Evidence.sha256)),
    ("document of a voucher", "evidence", select(VoucherDocument.id, VoucherDocument.sha256)),
    ("letter", "letters", select(Letter.id, Letter.sha256)),
    ("delivery", "deliveries", select(Delivery.id, Delivery.sha256)),
    ("file received", "deliveries", select(Receipt.id, Receipt.sha256).where(Receipt.delivery_id.is_(None))),
    ("refused rows of delivery", "refusals", select(Delivery.id, Delivery.refused_sha256)),
    ("bank file of run", "bank_files", select(PaymentRun.id, PaymentRun.bank_file_sha256)),
    ("bank result file", "bank_results", select(BankResultFile.id, BankResultFile.sha256)),
    ("inputs of run", "reports", select(AssessmentRun.id, AssessmentRun.inputs_sha256)),
    ("explanation of run", "reports", select(AssessmentRun.id, AssessmentRun.explanation_sha256)),
    ("document of recovery", "evidence", select(Recovery.id, Recovery.document_sha256)),
    ("document of objection", "evidence", select(Objection.id, Objection.document_sha256)),
    ("minutes of selection", "letters", select(Selection.id, Selection.minutes_sha256)),
    ("document of a plan's report", "evidence", select(PlanReport.id, PlanReport.document_sha256)),
    ("paper of a mandate", "evidence", select(Mandate.id, Mandate.document_sha256)),
    ("proof of a service", "evidence", select(ServicePass.id, ServicePass.document_sha256)),
    ("result of job", "reports", select(Job.id, Job.result_sha256)),
)


def broken(session: Session, stores: Stores) -> Iterator[str]:
    """What is missing or was changed: `noun id: why`."""
    for noun, name, rows in NAMED:
        store: Store = getattr(stores, name)
        for row_id, sha256 in session.execute(rows):
            if sha256 is None:
                continue
            try:
                store.verify(sha256)
            except Refusal as refusal:
                yield f"{noun} {row_id}: {refusal}"
