"""Partner files for the tests of the readers: a good row, and the file that rows make."""

from __future__ import annotations

from pathlib import Path

from portal.domain.settlements import COLUMNS
from portal.storage import delivery_reading, readers
from portal.storage.readers import PLAIN, Limits, ReadResult, Sent, read_delivery

HEADER = [column.name for column in COLUMNS if column.required]
ROOMY = Limits()


def row(number: int = 1, **cells: object) -> str:
    """A good row of baemin in March 2026; `cells` replace columns by name. Written as it stands, without quotes."""
    good: dict[str, object] = {
        "store_id": "S-1",
        "order_no": f"T2FP{number:08d}",
        "origin_key": "",
        "channel": "delivery",
        "ordered_at": "2026-03-14 18:05:09",
        "status": "completed",
        "payment_method": "card",
        "order_amount": 21_100,
        "delivery_fee": 3_300,
        "delivery_support": 500,
        "promotion_cost": 1_000,
        "promotion_support": 0,
        "brokerage_fee": 1_412,
        "payment_fee": 543,
    }
    return ",".join(str(value) for value in (good | cells).values())


def text(*rows: str, header: str = ",".join(HEADER), end: str = "\n") -> str:
    return end.join([header, *rows]) + end


def read(
    folder: Path, content: bytes | str, *, limits: Limits = ROOMY, number: int = 7, sent: Sent = PLAIN
) -> ReadResult:
    """The file as baemin's for March 2026, read by a child in a folder of its own."""
    source, into = _folders(folder, content, number)
    return read_delivery(
        source, platform="baemin", period="2026-03", delivery_number=number, into=into, sent=sent, limits=limits
    )


def read_here(
    folder: Path, content: bytes | str, *, limits: Limits = ROOMY, number: int = 7, sent: Sent = PLAIN
) -> ReadResult:
    """The same by the same code without the child, for the tables: starting a process takes longer than reading."""
    source, into = _folders(folder, content, number)
    about = {"platform": "baemin", "period": "2026-03", "delivery_number": number}
    order = readers.job(source, **about, sent=sent, limits=limits)
    return readers.result(delivery_reading.read(order, into), into)


def _folders(folder: Path, content: bytes | str, number: int) -> tuple[Path, Path]:
    source, into = folder / "delivery.csv", folder / f"into-{number}"
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    into.mkdir()
    return source, into
