"""The bulk-transfer file as ISO 20022 pain.001.001.09, CustomerCreditTransferInitiationV09 (docs/reference/).

One message, one payment instruction, one transaction for each transfer. Element order and lengths are the standard's.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.etree import ElementTree

from portal.domain.periods import korean_time
from reports.bank_file import Transfer, TransferFile, check

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CLEARING = "KFTC"  # proprietary name of the three-digit bank codes (금융결제원): the standard lists no code for them
_REFERENCE, _NAME, _TEXT, _ACCOUNT = 35, 140, 140, 34  # Max35Text, Max140Text, Max140Text, Max34Text


@dataclass(frozen=True, slots=True)
class Debtor:
    """Whose account is debited."""

    name: str
    bank_code: str
    account_number: str = field(repr=False)


def render(file: TransferFile, debtor: Debtor, *, at: datetime) -> bytes:
    """UTF-8 with an XML declaration; the same file gives the same bytes.

    ValueError for what `bank_file.check` refuses, or a reference longer than the standard allows.
    """
    check(file)
    long = [name for name in (file.reference, *(t.payment_id for t in file.transfers)) if len(name) > _REFERENCE]
    if long:
        raise ValueError(f"references of at most {_REFERENCE} characters, not {long[0]}")
    document = ElementTree.Element("Document", {"xmlns": NAMESPACE})
    message = _sub(document, "CstmrCdtTrfInitn")
    header = _sub(message, "GrpHdr")
    _sub(header, "MsgId", file.reference)
    _sub(header, "CreDtTm", korean_time(at).isoformat(timespec="seconds"))
    _totals(header, file)
    _sub(_sub(header, "InitgPty"), "Nm", _cut(debtor.name, _NAME))
    _instruction(_sub(message, "PmtInf"), file, debtor, on=file.created_on)
    ElementTree.indent(document)
    out = io.BytesIO()
    ElementTree.ElementTree(document).write(out, encoding="UTF-8", xml_declaration=True)
    return out.getvalue() + b"\n"


def _instruction(into: ElementTree.Element, file: TransferFile, debtor: Debtor, *, on: date) -> None:
    _sub(into, "PmtInfId", file.reference)
    _sub(into, "PmtMtd", "TRF")
    _sub(into, "BtchBookg", "false")  # each payment is booked by itself: it may come back by itself
    _totals(into, file)
    _sub(_sub(into, "ReqdExctnDt"), "Dt", on.isoformat())
    _sub(_sub(into, "Dbtr"), "Nm", _cut(debtor.name, _NAME))
    _account(_sub(into, "DbtrAcct"), debtor.account_number, currency="KRW")
    _agent(_sub(into, "DbtrAgt"), debtor.bank_code)
    _sub(into, "ChrgBr", "DEBT")
    for transfer in file.transfers:
        _transaction(_sub(into, "CdtTrfTxInf"), transfer)


def _transaction(into: ElementTree.Element, transfer: Transfer) -> None:
    names = _sub(into, "PmtId")
    _sub(names, "InstrId", transfer.payment_id)
    _sub(names, "EndToEndId", transfer.payment_id)
    _sub(_sub(into, "Amt"), "InstdAmt", str(transfer.amount)).set("Ccy", "KRW")
    _agent(_sub(into, "CdtrAgt"), transfer.bank_code)
    _sub(_sub(into, "Cdtr"), "Nm", _cut(transfer.holder, _NAME))
    _account(_sub(into, "CdtrAcct"), transfer.account_number)
    _sub(_sub(into, "RmtInf"), "Ustrd", _cut(transfer.memo, _TEXT))


def _totals(into: ElementTree.Element, file: TransferFile) -> None:
    _sub(into, "NbOfTxs", str(len(file.transfers)))
    _sub(into, "CtrlSum", str(file.total))


def _agent(into: ElementTree.Element, bank_code: str) -> None:
    member = _sub(_sub(into, "FinInstnId"), "ClrSysMmbId")
    _sub(_sub(member, "ClrSysId"), "Prtry", CLEARING)
    _sub(member, "MmbId", bank_code)


def _account(into: ElementTree.Element, number: str, *, currency: str = "") -> None:
    if len(number) > _ACCOUNT:
        raise ValueError(f"an account number of at most {_ACCOUNT} digits")
    _sub(_sub(_sub(into, "Id"), "Othr"), "Id", number)
    if currency:
        _sub(into, "Ccy", currency)


def _sub(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, name)
    made.text = text
    return made


def _cut(text: str, most: int) -> str:
    """One line without what XML cannot carry; "-" for nothing, because the standard allows no empty text."""
    plain = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return plain[:most].rstrip() or "-"
