"""Steps 8 and 9 of the pandas yardstick: caps and pools, with running totals only where one of them ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from portal.domain.kinds import CapPer, PoolOrder, PoolPer
from portal.domain.money import E4
from portal.domain.terms import Cap, Terms

Numbers = np.ndarray[Any, Any]

NO_LIMIT = 2**62
_CALENDAR = (CapPer.PROGRAMME, CapPer.YEAR, CapPer.HALF_YEAR, CapPer.MONTH, CapPer.DAY)
_PERIODS = 100_000  # more than there are days, months or years


def capped(granted: pd.DataFrame, lines: pd.DataFrame, terms: Sequence[Terms]) -> pd.DataFrame:
    """Step 8, for merchants only who have more than the smallest cap."""
    caps = [[_running(one, code) for code in item_codes(terms)] for one in terms]
    least = np.array([[min((cap.amount * E4 for cap in some), default=NO_LIMIT) for some in row] for row in caps])
    whose = _whose(granted, len(caps[0]))
    pressed = granted["e4"].groupby(whose, sort=False).transform("sum").to_numpy()
    rows = _in_turn(granted[pressed > least[granted["programme"], granted["item"]]], lines)
    whose, left = _whose(rows, len(caps[0])), rows["e4"]
    for step in range(max(len(some) for row in caps for some in row)):
        now = [[some[step] if step < len(some) else None for some in row] for row in caps]
        per = np.array([[_CALENDAR.index(cap.per if cap else CapPer.PROGRAMME) for cap in row] for row in now])
        most = np.array([[cap.amount * E4 if cap else NO_LIMIT for cap in row] for row in now])
        place = rows["programme"].to_numpy(), rows["item"].to_numpy()
        group = whose * _PERIODS + _period(rows["at"], per[place])
        left = _clamped(left, group, most[place])
    granted.loc[rows.index, "e4"] = left
    return granted[(granted["e4"] > 0).to_numpy()]


def pooled(granted: pd.DataFrame, lines: pd.DataFrame, terms: Sequence[Terms]) -> pd.DataFrame:
    """Step 9: sums by day say when a pool ends, and only that day is added up line by line."""
    for step in range(max(len(one.pools) for one in terms)):
        pools = [one.pools[step] if step < len(one.pools) else None for one in terms]
        if any(pool and pool.order_by is not PoolOrder.ORDERED_AT for pool in pools):
            raise ValueError("this nation's pools are spent in the order of orders")
        per = np.array([_CALENDAR.index(pool.per if pool else PoolPer.PROGRAMME) for pool in pools])
        most = np.array([pool.amount * E4 if pool else NO_LIMIT for pool in pools])
        spent = granted["programme"].to_numpy().astype(np.int64) * _PERIODS + days(granted["at"], 0)
        daily = granted["e4"].groupby(spent).sum()
        programme, day = np.divmod(daily.index.to_numpy(), _PERIODS)
        period = programme * _PERIODS + _period(pd.Series(day.astype("datetime64[D]")), per[programme])
        room = most[programme] - daily.groupby(period).cumsum().to_numpy() + daily.to_numpy()
        dense = np.zeros(len(terms) * _PERIODS, np.int64)
        dense[daily.index] = np.where(room >= daily, NO_LIMIT, np.maximum(room, 0))
        left = dense[spent]
        last = _in_turn(granted[(left > 0) & (left < NO_LIMIT)], lines)
        where = last["programme"].to_numpy().astype(np.int64) * _PERIODS + days(last["at"], 0)
        last = last.assign(e4=_clamped(last["e4"], where, dense[where]))
        granted = pd.concat([granted[left == NO_LIMIT], last[(last["e4"] > 0).to_numpy()]])
    return granted


def item_codes(terms: Sequence[Terms]) -> list[str]:
    """An item's number is its place here."""
    return sorted({item.code for one in terms for item in one.items})


def _running(one: Terms, code: str) -> tuple[Cap, ...]:
    return next((item.running_caps for item in one.items if item.code == code), ())


def days(column: pd.Series | pa.ChunkedArray, empty: int) -> Numbers:
    """Days since 1970, `empty` where there is none."""
    found = column.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(found), empty, found.astype(np.int64))


def _period(at: pd.Series, per: Numbers) -> Numbers:
    """The number of the period in which `at` lies; `per` is a place in _CALENDAR."""
    month = at.to_numpy().astype("datetime64[M]").astype(np.int64)
    return np.choose(per, (np.zeros_like(month), month // 12, month // 6, month, days(at, 0)))


def _whose(rows: pd.DataFrame, items: int) -> Numbers:
    """A number for each merchant and item of a programme."""
    merchant, programme = rows["merchant"].to_numpy().astype(np.int64), rows["programme"].to_numpy()
    return (merchant * 1_000 + programme) * items + rows["item"].to_numpy()


def _in_turn(rows: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """By moment, platform, order and item; texts are looked at only where moments are the same."""
    rows = rows.sort_values("at", kind="stable")
    same = rows["at"].duplicated(keep=False).to_numpy()
    tied = rows.loc[same, ["at", "item", "line"]].join(lines, on="line")
    index = rows.index.to_numpy(copy=True)
    index[same] = tied.sort_values(["at", "platform", "order_no", "item"]).index
    return rows.loc[index]


def _clamped(e4: pd.Series, group: Numbers, most: Numbers) -> pd.Series:
    """What running totals leave of each amount."""
    earlier = e4.groupby(group, sort=False).cumsum() - e4
    return e4.clip(upper=pd.Series(most, e4.index) - earlier).clip(lower=0)
