"""The door to the sandboxed readers: a foreign file in, accepted lines and refused rows aside, the outcome out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from portal.domain.errors import FileRefused, Problem
from portal.domain.layout_matching import ComparedColumn, Comparison, LayoutUnknown, Verdict
from portal.domain.layouts import Layout, to_plain
from portal.domain.settlements import DeliveryOutcome, FileFault, is_period, is_platform_code, received_seq
from portal.storage import sandbox

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one delivery may be and what reading it may cost; sizes in bytes.

    `memory` is the child's address space, of which the engine may fill `engine_memory` before it spills.
    """

    bytes: int = 2048 * _MIB
    unpacked: int = 2048 * _MIB
    rows: int = 10_000_000
    columns: int = 200
    line_bytes: int = 16_384
    seconds: float = 300
    cpu_seconds: int = 600
    memory: int = 1536 * _MIB
    engine_memory: int = 256 * _MIB
    output: int = 4096 * _MIB
    threads: int = 2


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Sent:
    """How a file came: its name (whose ending has to agree with its bytes), its password, its platform's layouts."""

    filename: str = ""
    password: str = field(default="", repr=False)
    layouts: Sequence[Layout] = ()


PLAIN = Sent()


@dataclass(frozen=True, slots=True)
class ReadResult:
    """`parquet` holds the accepted lines (None when there is none), `refusals` the refused rows; both are in `into`.

    `first_problems` are the first 20 refused rows, one problem each, rows numbered from 1 after the header. `encoding`:
    of a text, else the kind of the file; `layout`: the code of the layout by which it was read.
    """

    outcome: DeliveryOutcome
    parquet: Path | None
    refusals: Path
    first_problems: tuple[Problem, ...]
    encoding: str
    layout: str

    @property
    def rows(self) -> int:
        return self.outcome.rows

    @property
    def accepted(self) -> int:
        return self.outcome.accepted

    @property
    def refused(self) -> int:
        return self.outcome.refused


def read_delivery(
    source: Path,
    *,
    platform: str,
    period: str,
    delivery_number: int,
    into: Path,
    sent: Sent = PLAIN,
    limits: Limits = DEFAULT,
    heard: sandbox.Heard = sandbox.unheard,
) -> ReadResult:
    """Read a partner's file of one platform and month (`YYYY-MM`): CSV or TSV (UTF-8 with or without BOM, CP949), .xlsx
    or .xls, also in gzip; in the contract's own columns or in a layout of the platform.

    Blocks until the child is done, without work of its own; `heard(done, of)` is told now and then how far it is.
    `into` is an empty folder on the file system of the store.
    Raises FileRefused with FileFault codes when the file cannot be taken in (LayoutUnknown where no layout knows its
    columns), ReaderFailed when that is not the file's fault, ValueError for a platform code or month that is none.
    """
    order = job(source, platform=platform, period=period, delivery_number=delivery_number, sent=sent, limits=limits)
    bounds = sandbox.Bounds(limits.seconds, limits.cpu_seconds, limits.memory, limits.output)
    ran = sandbox.run("portal.storage.delivery_reading", order, into=into.resolve(), bounds=bounds, heard=heard)
    if ran.ending is sandbox.Ending.LIMIT:
        raise FileRefused(problems=(Problem(FileFault.TOO_COSTLY.value),))
    if ran.ending is sandbox.Ending.FAILED:
        raise sandbox.ReaderFailed(ran.said)
    return result(ran.answer, into)


def job(
    source: Path, *, platform: str, period: str, delivery_number: int, sent: Sent, limits: Limits
) -> dict[str, Any]:
    """What the child is told. ValueError for a platform code or month that is none."""
    if not is_platform_code(platform) or not is_period(period):
        raise ValueError(f"not a platform and month: {platform!r} {period!r}")
    received_seq(delivery_number, 1)
    return {
        "source": str(source.resolve()),
        "platform": platform,
        "period": period,
        "delivery_number": delivery_number,
        "filename": sent.filename,
        "password": sent.password,
        "layouts": [to_plain(layout) for layout in sent.layouts],
        "bytes": limits.bytes,
        "unpacked": limits.unpacked,
        "rows": limits.rows,
        "columns": limits.columns,
        "line_bytes": limits.line_bytes,
        "engine_memory": limits.engine_memory,
        "threads": limits.threads,
    }


def result(answer: Mapping[str, Any], into: Path) -> ReadResult:
    """The child's answer as a result; FileRefused when it refused the file."""
    if "comparison" in answer:
        raise LayoutUnknown(_comparison(answer["comparison"]), _problems(answer["problems"]))
    if "problems" in answer:
        raise FileRefused(problems=_problems(answer["problems"]))
    outcome = DeliveryOutcome(
        rows=answer["rows"],
        accepted=answer["accepted"],
        refused=answer["refused"],
        problems_by_code=answer["problems_by_code"],
        stores=answer["stores"],
        cancelled=answer["cancelled"],
        period_from=_day(answer["period_from"]),
        period_to=_day(answer["period_to"]),
        totals=answer["totals"],
        no_orders=answer["no_orders"],
    )
    return ReadResult(
        outcome=outcome,
        parquet=into / "accepted.parquet" if outcome.accepted else None,
        refusals=into / "refused.parquet",
        first_problems=_problems(answer["first_problems"]),
        encoding=answer["encoding"],
        layout=answer["layout"],
    )


def _comparison(told: Mapping[str, Any]) -> Comparison:
    columns = (ComparedColumn(c["expected"], c["found"], Verdict(c["verdict"])) for c in told["columns"])
    return Comparison(told["layout"], tuple(columns))


def _problems(listed: list[list[Any]]) -> tuple[Problem, ...]:
    return tuple(Problem(code, field=field, value=value, row=row) for code, field, value, row in listed)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
