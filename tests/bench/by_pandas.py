"""Yardstick: the nation's claims by pandas, written with care for speed and memory: few columns, numbers in the place
of texts, no row touched one by one, running totals only where a cap or a pool ends.

It knows what this nation's terms use (shares of costs, caps per merchant, pools in the order of orders) and trusts its
input where the portal checks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from portal.domain.kinds import BASES, AmountKind
from portal.domain.money import E4
from portal.domain.terms import Item, Terms
from tests.bench.nation import Nation
from tests.bench.pandas_limits import NO_LIMIT, Numbers, capped, days, item_codes, pooled

_CODED = ["platform", "channel", "status"]
_MONEY = sorted({column for pair in BASES.values() for column in pair} | {"order_amount"})
_COLUMNS = [*_CODED, "store_id", "order_no", "origin_key", "received_seq", "ordered_at", *_MONEY]
_KEPT = ["platform", "channel", "order_no", "ordered_at", *_MONEY, "merchant", "key"]


def write_claims(nation: Nation, out: Path) -> None:
    """claims.csv into `out`."""
    terms = sorted(nation.terms, key=lambda one: one.code)  # a programme's number is its place here
    seats, merchants = _seats(nation.enrolments, terms)
    lines = _read(nation.lines)
    lines["merchant"] = _linked(lines, nation.links, merchants)
    counts, lines["key"] = _current(lines)
    counts &= (lines["merchant"] >= 0).to_numpy()
    lines = pd.DataFrame({name: lines.pop(name)[counts].array for name in _KEPT}, copy=False)
    granted = _once(_granted(lines, terms, seats), lines)
    lines = lines[["platform", "order_no"]]
    granted = pooled(capped(granted, lines, terms), lines, terms)
    _write(granted, terms, merchants, out)


def _read(folder: Path) -> pd.DataFrame:
    """The columns needed: texts that repeat as categories, other texts left as Arrow has them."""
    texts = {pa.string(): pd.ArrowDtype(pa.string())}
    table = pq.read_table(folder, columns=_COLUMNS, read_dictionary=_CODED)
    lines = table.to_pandas(types_mapper=texts.get, split_blocks=True, self_destruct=True)
    lines["platform"] = lines["platform"].cat.reorder_categories(sorted(lines["platform"].cat.categories))
    return lines


def _current(lines: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """Which lines count, and for each a number of its order where other lines may speak of it too, else -1."""
    doubtful = _doubtful(lines)
    counts = ~doubtful & (lines["status"] == "completed").to_numpy()
    rows = lines.loc[doubtful, ["platform", "order_no", "origin_key", "received_seq", "status"]]
    rows = rows.sort_values("received_seq").drop_duplicates(["platform", "order_no"], keep="last")
    own = rows["platform"].astype(rows["order_no"].dtype) + ":" + rows["order_no"]
    key = rows["origin_key"].where(rows["origin_key"] != "", own)
    key = key[~key.isin(key[rows["status"] == "cancelled"])]
    counts[key.index] = True
    numbers = np.full(len(lines), -1, np.int32)
    numbers[key.index] = pd.factorize(key)[0]
    return counts, numbers


def _doubtful(lines: pd.DataFrame) -> Numbers:
    """Whose order number appears again, here or in an origin. (No platform's code has a colon.)"""
    orders = pd.factorize(lines["order_no"])[0]
    foreign = (lines["origin_key"] != "").to_numpy()
    origins = lines.loc[foreign, "origin_key"].str.replace("^[^:]*:", "", regex=True)
    return (np.bincount(orders)[orders] > 1) | foreign | lines["order_no"].isin(origins).to_numpy()


def _linked(lines: pd.DataFrame, file: Path, merchants: pa.Array) -> Numbers:
    """Each line's merchant by number, -1 for nobody's store and for merchants without an enrolment."""
    links = pq.read_table(file, columns=["platform", "store_id", "merchant_id", "valid_from", "valid_to"])
    platforms, stores = lines["platform"].cat.categories, links["store_id"].unique()
    since, upto = days(links["valid_from"], -1), days(links["valid_to"], NO_LIMIT)
    owner = _codes(links["merchant_id"], merchants)
    at_platform, store = _codes(links["platform"], platforms), _codes(links["store_id"], stores)
    held = np.where((at_platform >= 0) & (owner >= 0), at_platform * len(stores) + store, -1)
    store, day = _codes(lines["store_id"], stores), days(lines["ordered_at"], 0)
    place = np.where(store >= 0, lines["platform"].cat.codes.to_numpy(np.int64) * len(stores) + store, 0)
    found = np.full(len(lines), -1, np.int32)
    for row_of in _ranks(held, len(platforms) * len(stores)):
        row = row_of[place]
        fits = (store >= 0) & (row >= 0) & (since[row] <= day) & (day <= upto[row])
        found[fits] = owner[row[fits]]
    return found


def _seats(file: Path, terms: Sequence[Terms]) -> tuple[pd.DataFrame, pa.Array]:
    """Who takes part in what on which days (first those that take a line first), and the merchants in their order."""
    enrolments = pq.read_table(file, columns=["programme", "merchant_id", "enrolled_from", "enrolled_to"])
    merchants = enrolments["merchant_id"].unique().sort()
    programme = _codes(enrolments["programme"], pa.array([one.code for one in terms]))
    window = np.array([(one.cost_from, one.cost_to) for one in terms], "datetime64[D]").astype(np.int64)
    seats = pd.DataFrame(
        {
            "merchant": _codes(enrolments["merchant_id"], merchants).astype(np.int32),
            "programme": programme.astype(np.int16),
            "since": np.maximum(days(enrolments["enrolled_from"], -1), window[programme, 0]).astype(np.int32),
            "upto": np.minimum(days(enrolments["enrolled_to"], NO_LIMIT), window[programme, 1]).astype(np.int32),
        }
    )
    rank = np.argsort(sorted(range(len(terms)), key=lambda number: terms[number].precedence))
    return seats.iloc[np.argsort(rank[programme], kind="stable")], merchants


def _granted(lines: pd.DataFrame, terms: Sequence[Terms], seats: pd.DataFrame) -> pd.DataFrame:
    """Steps 4, 5 and 7: line (its place in `lines`), item, programme, merchant, at, basis, e4; one row per payment."""
    day, parts = days(lines["ordered_at"], 0).astype(np.int32), []
    platforms, channels = (lines[name].cat.categories for name in ("platform", "channel"))
    for number, code in enumerate(item_codes(terms)):
        offers = [next((item for item in one.items if item.code == code), None) for one in terms]
        here = seats[np.array([offer is not None for offer in offers])[seats["programme"]]]
        since, upto, programme = (here[name].to_numpy() for name in ("since", "upto", "programme"))
        least = np.array([offer.min_order_amount if offer else 0 for offer in offers])
        at_platform = _allowed([one.platforms for one in terms], platforms)
        by_channel = _allowed([offer.channels if offer else () for offer in offers], channels)
        cost, support = _basis(offers)
        basis = (lines[cost] - lines[support]).to_numpy()
        somewhere = np.logical_or.reduce(by_channel)
        line = np.flatnonzero((basis > 0) & somewhere[lines["channel"].cat.codes])
        rows = lines[["merchant", "platform", "channel", "order_amount"]].iloc[line]
        taken = np.full(len(line), -1, np.int16)
        for row_of in _ranks(here["merchant"].to_numpy(), seats["merchant"].max() + 1):
            row = row_of[rows["merchant"]]
            fits = (taken < 0) & (row >= 0) & (since[row] <= day[line]) & (day[line] <= upto[row])
            fits &= at_platform[programme[row], rows["platform"].cat.codes]
            fits &= by_channel[programme[row], rows["channel"].cat.codes]
            fits &= least[programme[row]] <= rows["order_amount"].to_numpy()
            taken[fits] = programme[row[fits]]
        line, taken = line[taken >= 0].astype(np.int32), taken[taken >= 0]
        rate, most = np.array([_price(offer) for offer in offers]).T
        parts.append(
            pd.DataFrame(
                {
                    "line": line,
                    "item": np.int8(number),
                    "programme": taken,
                    "merchant": lines["merchant"].to_numpy()[line],
                    "at": lines["ordered_at"].to_numpy()[line],
                    "basis": basis[line],
                    "e4": np.minimum(basis[line] * rate[taken], most[taken]),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _once(granted: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Step 6: of several payments for one order and item the one with the highest basis."""
    key = lines["key"].to_numpy()[granted["line"]]
    doubted = granted[key >= 0].assign(key=key[key >= 0], basis=-granted["basis"])
    doubted = doubted.join(lines[["platform", "order_no"]], on="line")
    doubted = doubted.sort_values(["basis", "platform", "order_no"]).drop_duplicates(["item", "key"])
    stays = key < 0
    stays[doubted.index] = True
    return granted.drop(columns="basis")[stays].reset_index(drop=True)


def _write(granted: pd.DataFrame, terms: Sequence[Terms], merchants: pa.Array, out: Path) -> None:
    """Step 11."""
    months = granted["at"].to_numpy().astype("datetime64[M]").astype(np.int64)
    claim = (granted["programme"].to_numpy().astype(np.int64) * len(merchants) + granted["merchant"]) * 10_000 + months
    claims = granted["e4"].groupby(claim.to_numpy()).agg(["size", "sum"])
    whose, month = np.divmod(claims.index.to_numpy(), 10_000)
    programme, merchant = np.divmod(whose, len(merchants))
    unit = np.array([one.round_down_to for one in terms])[programme]
    exact = claims["sum"].to_numpy()
    first = month.min()
    texts = pa.array([str(np.datetime64(int(number), "M")) for number in range(first, month.max() + 1)])
    table = pa.table(
        {
            "programme": pa.array([one.code for one in terms]).take(pa.array(programme)),
            "merchant_id": merchants.take(pa.array(merchant)),
            "period": texts.take(pa.array(month - first)),
            "lines": claims["size"].to_numpy(),
            "exact_e4": exact,
            "payable": exact // (E4 * unit) * unit,
        }
    )
    with out.open("wb") as file:
        file.write((",".join(table.column_names) + "\n").encode())
        csv.write_csv(table, file, csv.WriteOptions(include_header=False, quoting_style="none"))


def _codes(texts: pd.Series | pa.ChunkedArray, among: pd.Index | pa.Array) -> Numbers:
    """Texts as places in `among`, -1 for what is not there."""
    options = pc.SetLookupOptions(value_set=pa.array(among))
    places = pc.call_function("index_in", [pa.chunked_array(texts)], options).fill_null(-1)
    return places.to_numpy().astype(np.int64)


def _ranks(groups: Numbers, size: int) -> Iterator[Numbers]:
    """For the first, second, ... row of every group: the row's place by group, -1 where there is none."""
    rows = np.flatnonzero(groups >= 0)
    while len(rows):
        again = pd.Series(groups[rows]).duplicated().to_numpy()
        place = np.full(size, -1, np.int32)
        place[groups[rows[~again]]] = rows[~again]
        yield place
        rows = rows[again]


def _allowed(lists: Sequence[Sequence[str] | None], values: pd.Index) -> Numbers:
    """[programme, value]: whether a list names the value; None names all."""
    return np.array([[some is None or value in some for value in values] for some in lists])


def _basis(offers: Sequence[Item | None]) -> tuple[str, str]:
    (basis,) = {offer.basis for offer in offers if offer}
    return BASES[basis]


def _price(offer: Item | None) -> tuple[int, int]:
    """Rate and the most per order in e4."""
    if offer is None:
        return 0, 0
    if offer.amount.kind is not AmountKind.COST_SHARE:
        raise ValueError("this nation pays shares of costs")
    return offer.amount.rate_e4, min((cap.amount * E4 for cap in offer.order_caps), default=NO_LIMIT)
