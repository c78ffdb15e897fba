"""The ISO 20022 file against the standard: order, occurrence, length and pattern of every element, read from a table.

The table is the part of CustomerCreditTransferInitiationV09 that a domestic credit transfer needs. What it does not
list, the file must not contain; it knows nothing of how the file is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest

from reports.bank_file import Transfer, TransferFile
from reports.payment_initiation import NAMESPACE, Debtor, render

AT = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
FILE = TransferFile(
    "R20260615-0000ABCD",
    date(2026, 6, 15),
    (
        Transfer("R20260615-0000ABCD-00001", "004", "12345678901", "홍길동 & 딸들", 70_010, "2026-05"),
        Transfer("R20260615-0000ABCD-00002", "088", "110123456789", "김 <둘>", 123_450, "2026-05"),
    ),
)
DEBTOR = Debtor("구례군(데모)", "011", "30100001234")

_35, _140, _34 = r".{1,35}", r".{1,140}", r".{1,34}"
_SUM, _COUNT = r"[0-9]{1,18}(\.[0-9]{1,17})?", r"[0-9]{1,15}"
_DATE, _MOMENT = r"\d{4}-\d\d-\d\d", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
# parent -> its children in the standard's order: (name, least, most, pattern or "" for a structure)
RULES: dict[str, list[tuple[str, int, int, str]]] = {
    "Document": [("CstmrCdtTrfInitn", 1, 1, "")],
    "CstmrCdtTrfInitn": [("GrpHdr", 1, 1, ""), ("PmtInf", 1, 99, "")],
    "GrpHdr": [
        ("MsgId", 1, 1, _35), ("CreDtTm", 1, 1, _MOMENT), ("NbOfTxs", 1, 1, _COUNT), ("CtrlSum", 0, 1, _SUM),
        ("InitgPty", 1, 1, ""), ("FwdgAgt", 0, 1, ""),
    ],
    "PmtInf": [
        ("PmtInfId", 1, 1, _35), ("PmtMtd", 1, 1, "CHK|TRF|TRA"), ("BtchBookg", 0, 1, "true|false"),
        ("NbOfTxs", 0, 1, _COUNT), ("CtrlSum", 0, 1, _SUM), ("PmtTpInf", 0, 1, ""), ("ReqdExctnDt", 1, 1, ""),
        ("PoolgAdjstmntDt", 0, 1, _DATE), ("Dbtr", 1, 1, ""), ("DbtrAcct", 1, 1, ""), ("DbtrAgt", 1, 1, ""),
        ("DbtrAgtAcct", 0, 1, ""), ("InstrForDbtrAgt", 0, 1, _140), ("UltmtDbtr", 0, 1, ""),
        ("ChrgBr", 0, 1, "DEBT|CRED|SHAR|SLEV"), ("ChrgsAcct", 0, 1, ""), ("ChrgsAcctAgt", 0, 1, ""),
        ("CdtTrfTxInf", 1, 20_000, ""),
    ],
    "ReqdExctnDt": [("Dt", 1, 1, _DATE)],  # a choice of Dt and DtTm
    "CdtTrfTxInf": [
        ("PmtId", 1, 1, ""), ("PmtTpInf", 0, 1, ""), ("Amt", 1, 1, ""), ("XchgRateInf", 0, 1, ""),
        ("ChrgBr", 0, 1, "DEBT|CRED|SHAR|SLEV"), ("UltmtDbtr", 0, 1, ""), ("CdtrAgt", 0, 1, ""),
        ("CdtrAgtAcct", 0, 1, ""), ("Cdtr", 0, 1, ""), ("CdtrAcct", 0, 1, ""), ("UltmtCdtr", 0, 1, ""),
        ("Purp", 0, 1, ""), ("RmtInf", 0, 1, ""),
    ],
    "PmtId": [("InstrId", 0, 1, _35), ("EndToEndId", 1, 1, _35), ("UETR", 0, 1, r"[0-9a-f-]{36}")],
    "Amt": [("InstdAmt", 1, 1, r"[0-9]{1,18}(\.[0-9]{1,5})?")],
    "RmtInf": [("Ustrd", 0, 99, _140)],
    "Acct": [("Id", 1, 1, ""), ("Tp", 0, 1, ""), ("Ccy", 0, 1, "[A-Z]{3}"), ("Nm", 0, 1, r".{1,70}")],
    "Id": [("Othr", 1, 1, "")],  # a choice of IBAN and Othr
    "Othr": [("Id", 1, 1, _34), ("SchmeNm", 0, 1, ""), ("Issr", 0, 1, _35)],
    "Agt": [("FinInstnId", 1, 1, ""), ("BrnchId", 0, 1, "")],
    "FinInstnId": [
        ("BICFI", 0, 1, "[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?"), ("ClrSysMmbId", 0, 1, ""),
        ("LEI", 0, 1, "[A-Z0-9]{18}[0-9]{2}"), ("Nm", 0, 1, _140), ("PstlAdr", 0, 1, ""), ("Othr", 0, 1, ""),
    ],
    "ClrSysMmbId": [("ClrSysId", 0, 1, ""), ("MmbId", 1, 1, _35)],
    "ClrSysId": [("Prtry", 1, 1, _35)],  # a choice of Cd and Prtry
    "Party": [("Nm", 0, 1, _140), ("PstlAdr", 0, 1, ""), ("Id", 0, 1, ""), ("CtryOfRes", 0, 1, "[A-Z]{2}")],
}  # fmt: skip
KIND = {"DbtrAcct": "Acct", "CdtrAcct": "Acct", "DbtrAgt": "Agt", "CdtrAgt": "Agt"} | dict.fromkeys(
    ("InitgPty", "Dbtr", "Cdtr"), "Party"
)


def name_of(element: ElementTree.Element) -> str:
    assert element.tag.startswith(f"{{{NAMESPACE}}}")
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def faults(element: ElementTree.Element) -> Iterator[str]:
    """Whatever the standard does not allow in this element and below it."""
    name = name_of(element)
    rules = RULES[KIND.get(name, name)]
    order = [rule[0] for rule in rules]
    found = [name_of(child) for child in element]
    if unknown := set(found) - set(order):
        yield f"{name}: {unknown} does not belong here"
        return
    if found != sorted(found, key=order.index):
        yield f"{name}: {found} is not the standard's order"
    for child, least, most, _pattern in rules:
        if not least <= found.count(child) <= most:
            yield f"{name}/{child}: {found.count(child)} times"
    patterns = {rule[0]: rule[3] for rule in rules}
    for child in element:
        pattern = patterns[name_of(child)]
        if not pattern:
            yield from faults(child)
        elif len(child) or not re.fullmatch(pattern, child.text or ""):
            yield f"{name}/{name_of(child)}: {child.text!r}"


def read(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)


def texts(content: bytes, path: str) -> list[str]:
    return [each.text or "" for each in read(content).iterfind(re.sub(r"/(?=[A-Z])", "/p:", path), {"p": NAMESPACE})]


def test_every_element_is_where_and_what_the_standard_says() -> None:
    content = render(FILE, DEBTOR, at=AT)
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert list(faults(read(content))) == []


def test_it_tells_whom_how_much_and_the_totals_twice() -> None:
    content = render(FILE, DEBTOR, at=AT)
    ours = ".//CdtTrfTxInf/"
    assert texts(content, f"{ours}PmtId/EndToEndId") == [transfer.payment_id for transfer in FILE.transfers]
    assert texts(content, f"{ours}Amt/InstdAmt") == ["70010", "123450"]
    assert texts(content, f"{ours}CdtrAcct/Id/Othr/Id") == ["12345678901", "110123456789"]
    assert texts(content, f"{ours}CdtrAgt/FinInstnId/ClrSysMmbId/MmbId") == ["004", "088"]
    assert texts(content, f"{ours}Cdtr/Nm") == ["홍길동 & 딸들", "김 <둘>"]
    assert texts(content, ".//CtrlSum") == ["193460"] * 2
    assert texts(content, ".//NbOfTxs") == ["2"] * 2
    assert texts(content, ".//CreDtTm") == ["2026-06-15T10:00:00+09:00"]
    assert {each.get("Ccy") for each in read(content).iter(f"{{{NAMESPACE}}}InstdAmt")} == {"KRW"}


def test_the_same_run_gives_the_same_bytes() -> None:
    assert render(FILE, DEBTOR, at=AT) == render(FILE, DEBTOR, at=AT)


@pytest.mark.parametrize(
    ("bent", "said"),
    [
        (lambda text: text.replace("<PmtMtd>TRF</PmtMtd>", ""), "PmtInf/PmtMtd: 0 times"),
        (lambda text: text.replace("<Ccy>KRW</Ccy>", "<Ccy>won</Ccy>"), "DbtrAcct/Ccy: 'won'"),
        (lambda text: text.replace("<CtrlSum>193460</CtrlSum>", "<CtrlSum>193,460</CtrlSum>"), "CtrlSum: '193,460'"),
        (lambda text: re.sub(r"(<InstrId>.*?</InstrId>)\s*(<EndToEndId>.*?</EndToEndId>)", r"\2\1", text), "order"),
        (lambda text: text.replace("<Dbtr>", "<Payer/><Dbtr>"), "does not belong"),
        (lambda text: text.replace(DEBTOR.name, "가" * 141), "Nm"),
    ],
)
def test_a_file_that_breaks_the_standard_is_noticed(bent, said: str) -> None:
    whole = render(FILE, DEBTOR, at=AT).decode()
    broken = bent(whole)
    assert broken != whole
    assert any(said in fault for fault in faults(read(broken.encode())))


def test_long_names_and_control_characters_are_cut_and_an_empty_memo_is_no_empty_element() -> None:
    odd = replace(FILE.transfers[0], holder="가" * 200 + "\x00", memo="\n")
    content = render(replace(FILE, transfers=(odd,)), DEBTOR, at=AT)
    assert list(faults(read(content))) == []
    assert texts(content, ".//Cdtr/Nm") == ["가" * 140]


def test_what_no_bank_can_read_is_refused() -> None:
    first = FILE.transfers[0]
    for wrong in (
        replace(FILE, transfers=()),
        replace(FILE, transfers=(first, first)),
        replace(FILE, transfers=(replace(first, amount=0),)),
        replace(FILE, transfers=(replace(first, bank_code="4"),)),
        replace(FILE, transfers=(replace(first, payment_id="R" * 36),)),
        replace(FILE, transfers=(replace(first, account_number="1" * 35),)),
        replace(FILE, reference="R" * 36),
    ):
        with pytest.raises(ValueError, match=r"."):
            render(wrong, DEBTOR, at=AT)
