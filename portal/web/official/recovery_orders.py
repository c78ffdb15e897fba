"""What becomes of an order: money received, instalments, giving it up."""

from __future__ import annotations

from datetime import datetime

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.recoveries import ConfirmForm, NoteForm, ReceiptForm
from forms.recovery_endings import InstalmentsForm, WriteOffForm, even
from portal.clock import today
from portal.domain.errors import NotFound
from portal.domain.periods import last_day, month_of, months
from portal.models.base import db
from portal.queries import recoveries as look_up
from portal.services import recovery_endings, recovery_receipts
from portal.web.access import actor
from portal.web.files import attachment, stores
from portal.web.official.recoveries import about, step


def receive(id: int) -> ResponseReturnValue:
    def act(form: ReceiptForm, at: datetime) -> object:
        return recovery_receipts.receive(db.session(), stores(), id, form.to_command(), by=actor(), at=at)

    return step(id, ReceiptForm, "receive", act, _("받은 금액을 적었습니다."), {"received_on": today()})


def instalments(id: int) -> ResponseReturnValue:
    def act(form: InstalmentsForm, at: datetime) -> object:
        return recovery_endings.propose_instalments(db.session(), id, form.to_command(), by=actor(), at=at)

    return step(
        id, InstalmentsForm, "propose_instalments", act, _("분할 납부안을 올렸습니다. 다른 사람이 승인합니다."),
        {"lines": _suggested(id)},
    )  # fmt: skip


def approve_instalments(id: int) -> ResponseReturnValue:
    def act(_form: ConfirmForm, at: datetime) -> object:
        return recovery_endings.approve_instalments(db.session(), stores(), id, by=actor(), at=at)

    return step(id, ConfirmForm, "approve_instalments", act, _("분할 납부를 승인하고 문서를 보냈습니다."))


def refuse_instalments(id: int) -> ResponseReturnValue:
    def act(form: NoteForm, at: datetime) -> object:
        return recovery_endings.refuse_instalments(db.session(), id, form.note.data or "", by=actor(), at=at)

    return step(
        id, NoteForm, "refuse_instalments", act, _("분할 납부를 승인하지 않았습니다. 처음 기한이 그대로입니다.")
    )


def propose_write_off(id: int) -> ResponseReturnValue:
    def act(form: WriteOffForm, at: datetime) -> object:
        return recovery_endings.propose_write_off(db.session(), stores(), id, form.to_command(), by=actor(), at=at)

    return step(id, WriteOffForm, "propose_write_off", act, _("결손 처분안을 올렸습니다. 다른 사람이 결정합니다."))


def write_off(id: int) -> ResponseReturnValue:
    def act(_form: ConfirmForm, at: datetime) -> object:
        return recovery_endings.write_off(db.session(), stores(), id, by=actor(), at=at)

    return step(id, ConfirmForm, "write_off", act, _("결손 처분을 결정하고 문서를 보냈습니다."))


def withdraw(id: int) -> ResponseReturnValue:
    def act(form: NoteForm, at: datetime) -> object:
        return recovery_endings.withdraw(db.session(), stores(), id, form.note.data or "", by=actor(), at=at)

    return step(id, NoteForm, "withdraw", act, _("환수 명령을 거두고 문서를 보냈습니다."))


def keep(id: int) -> ResponseReturnValue:
    def act(form: NoteForm, at: datetime) -> object:
        return recovery_endings.keep(db.session(), id, form.note.data or "", by=actor(), at=at)

    return step(id, NoteForm, "keep", act, _("결손 처분하지 않고 계속 받기로 했습니다."))


def document(id: int) -> ResponseReturnValue:
    """The document behind a write-off, as it was handed in."""
    found = look_up.of_organisation(db.session(), id, actor())
    if found.document_sha256 is None:
        raise NotFound(f"document of recovery {id}")
    return attachment(
        stores().evidence.read(found.document_sha256), found.document_name or "", found.document_type or ""
    )


def _suggested(id: int) -> str:
    """Three months of equal amounts, to be changed as agreed."""
    start = month_of(today())
    days = [last_day(month) for month in months(start, f"{int(start[:4]) + 1}-12")[1:4]]
    return even(about(id)["page"].owes.total, days)
