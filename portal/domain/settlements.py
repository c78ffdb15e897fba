"""Settlement lines as partners deliver them: the columns, what each may hold, and how a delivery turned out.

The columns are those of the assessment's contract; `received_seq` is ours to give, never the partner's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO

from portal.domain.money import Won

CHANNELS = (
    "delivery",
    "preorder",
    "coupon",
    "booking",
    "ride",
    "listing",
    "fresh",
    "reorder",
    "market",
    "service",
)
STATUSES = ("completed", "cancelled")
PAYMENT_METHODS = ("card", "local_currency", "easy_pay", "cash", "other")

MAX_TEXT = 100  # characters in a store id, an order number or an origin key
MAX_WON = 1_000_000_000  # more than this in one cell of one order is a slipped digit
ROWS_PER_DELIVERY = 2**24  # room for `row` inside received_seq

_PLATFORM = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_PERIOD = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


class ColumnKind(StrEnum):
    """`text` is free up to MAX_TEXT characters, `choice` one of a list, `time` Korean time without zone, `won` won."""

    TEXT = "text"
    CHOICE = "choice"
    TIME = "time"
    WON = "won"


class LineFault(StrEnum):
    """Why one row was refused. The sentence for people is made from the code in web/labels.py."""

    BAD_ENCODING = "bad_encoding"
    CONTROL_CHARACTER = "control_character"
    LINE_TOO_LONG = "line_too_long"
    BAD_QUOTES = "bad_quotes"
    TOO_FEW_FIELDS = "too_few_fields"
    TOO_MANY_FIELDS = "too_many_fields"
    MISSING_VALUE = "missing_value"
    TOO_LONG = "too_long"
    WRONG_PLATFORM = "wrong_platform"
    BAD_ORIGIN_KEY = "bad_origin_key"
    UNKNOWN_CHANNEL = "unknown_channel"
    UNKNOWN_STATUS = "unknown_status"
    UNKNOWN_PAYMENT_METHOD = "unknown_payment_method"
    NOT_A_TIMESTAMP = "not_a_timestamp"
    HAS_ZONE = "has_zone"
    OUTSIDE_MONTH = "outside_month"
    NOT_AN_INTEGER = "not_an_integer"
    NEGATIVE = "negative"
    OUT_OF_RANGE = "out_of_range"
    NUMBER_NOT_EXACT = "number_not_exact"  # a number of a workbook beyond the digits that workbooks keep
    DUPLICATE_IN_FILE = "duplicate_in_file"  # the same order with the same content: the first row stands
    SAME_KEY_OTHER_CONTENT = "same_key_other_content"  # the same order told twice differently: neither stands


class FileFault(StrEnum):
    """Why a whole file was refused, before or instead of its rows."""

    EMPTY_FILE = "empty_file"
    NO_ROWS = "no_rows"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_COSTLY = "too_costly"  # the reader ran out of the time or memory it is given
    WRONG_TYPE = "wrong_type"
    OTHER_ENDING = "other_ending"  # the bytes are of another kind than the name says
    BROKEN_FILE = "broken_file"  # begins like a workbook or an archive, but cannot be opened
    PASSWORD_NEEDED = "file_password_needed"  # noqa: S105 (a code)
    PASSWORD_WRONG = "file_password_wrong"  # noqa: S105 (a code)
    UNKNOWN_LAYOUT = "unknown_layout"
    BAD_ENCODING = "bad_encoding"
    LINE_TOO_LONG = "line_too_long"
    BAD_QUOTES = "bad_quotes"
    WRONG_DELIMITER = "wrong_delimiter"
    MISSING_COLUMN = "missing_column"
    UNKNOWN_COLUMN = "unknown_column"
    REPEATED_COLUMN = "repeated_column"


@dataclass(frozen=True, slots=True)
class LineColumn:
    """One column of a delivery. `required`: it must be in the header; `filled`: its cells must not be empty."""

    name: str
    kind: ColumnKind
    meaning: str
    required: bool = True
    filled: bool = True
    choices: tuple[str, ...] = ()
    unknown: LineFault | None = None


K = ColumnKind
COLUMNS = (
    LineColumn("platform", K.TEXT, "플랫폼 코드(제출하는 플랫폼과 같아야 합니다)", required=False, filled=False),
    LineColumn("store_id", K.TEXT, "플랫폼이 부여한 매장 번호"),
    LineColumn("order_no", K.TEXT, "주문번호(플랫폼 안에서 하나뿐이어야 합니다)"),
    LineColumn("origin_key", K.TEXT, "배달대행 주문의 원주문(플랫폼:주문번호), 없으면 빈칸", filled=False),
    LineColumn("channel", K.CHOICE, "서비스 종류", choices=CHANNELS, unknown=LineFault.UNKNOWN_CHANNEL),
    LineColumn("ordered_at", K.TIME, "주문 일시(한국 시각, 시간대 표시 없음)"),
    LineColumn("status", K.CHOICE, "주문 상태", choices=STATUSES, unknown=LineFault.UNKNOWN_STATUS),
    LineColumn(
        "payment_method", K.CHOICE, "결제수단", choices=PAYMENT_METHODS, unknown=LineFault.UNKNOWN_PAYMENT_METHOD
    ),
    LineColumn("order_amount", K.WON, "주문금액(취소 후)"),
    LineColumn("delivery_fee", K.WON, "배달비(공급가액)"),
    LineColumn("delivery_support", K.WON, "배달비 중 플랫폼·정부 부담액"),
    LineColumn("promotion_cost", K.WON, "쿠폰·할인·광고비(공급가액)"),
    LineColumn("promotion_support", K.WON, "쿠폰·할인·광고비 중 플랫폼·정부 부담액"),
    LineColumn("brokerage_fee", K.WON, "중개이용료(공급가액)"),
    LineColumn("payment_fee", K.WON, "결제수수료(공급가액)"),
)
WON_COLUMNS = tuple(column.name for column in COLUMNS if column.kind is ColumnKind.WON)
STORED_COLUMNS = ("received_seq", *(column.name for column in COLUMNS))


def received_seq(delivery_number: int, row: int) -> int:
    """The order of receipt over all deliveries: a later delivery is greater, and inside one the later row.

    `delivery_number` from 1, `row` from 1 (first data row) below ROWS_PER_DELIVERY; otherwise ValueError.
    """
    if delivery_number < 1 or not 1 <= row < ROWS_PER_DELIVERY:
        raise ValueError("deliveries and rows are numbered from 1, rows below 2 ** 24")
    return delivery_number * ROWS_PER_DELIVERY + row


def delivery_and_row(seq: int) -> tuple[int, int]:
    """The delivery number and row that `received_seq` was made of."""
    return divmod(seq, ROWS_PER_DELIVERY)


def is_platform_code(text: str) -> bool:
    """Lower-case letters, digits, `-` and `_`, at most 32: safe as a folder name."""
    return _PLATFORM.fullmatch(text) is not None


def is_period(text: str) -> bool:
    """`YYYY-MM`, from 2000 to 2099."""
    return _PERIOD.fullmatch(text) is not None


def month_bounds(period: str) -> tuple[date, date]:
    """First day of the month and first day of the next one. ValueError unless `period` is `YYYY-MM`."""
    if not is_period(period):
        raise ValueError(f"not a month: {period!r}")
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class DeliverSettlement:
    """One platform's file for one month (`YYYY-MM`). `stream` stands at the first byte; it is read once.

    `password` opens a protected workbook; it is kept nowhere longer than until the file was read.
    `rows`: what a program sent, as cells in the order of COLUMNS (one cell: no row of these columns); then they are
    judged, and `stream` is kept as what came.
    """

    platform: str
    period: str
    filename: str
    stream: BinaryIO
    password: str = field(default="", repr=False)
    rows: Sequence[Sequence[str]] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One stored line. Amounts in won, `ordered_at` naive Korean time, as the platform wrote it."""

    received_seq: int
    platform: str
    store_id: str
    order_no: str
    origin_key: str
    channel: str
    ordered_at: datetime
    status: str
    payment_method: str
    order_amount: Won
    delivery_fee: Won
    delivery_support: Won
    promotion_cost: Won
    promotion_support: Won
    brokerage_fee: Won
    payment_fee: Won


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """What became of a file. `rows` = `accepted` + `refused`: there is no third outcome (invariant I8).

    `problems_by_code` counts every problem of every refused row, so it may exceed `refused`. `totals` are sums in won
    over the accepted rows, by column; `period_from` and `period_to` the first and last order dates among them.
    `no_orders`: lines of a platform's own file that its layout knows to be no rows of data, such as totals.
    """

    rows: int
    accepted: int
    refused: int
    problems_by_code: Mapping[str, int] = field(default_factory=dict)
    stores: int = 0
    cancelled: int = 0
    period_from: date | None = None
    period_to: date | None = None
    totals: Mapping[str, Won] = field(default_factory=dict)
    no_orders: int = 0

    def __post_init__(self) -> None:
        if self.accepted < 0 or self.refused < 0 or self.accepted + self.refused != self.rows:
            raise ValueError("accepted and refused rows must add up to the rows of the file")

    @property
    def total_order_amount(self) -> Won:
        return self.totals.get("order_amount", 0)
