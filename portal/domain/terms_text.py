"""Terms written as TOML, one value a line: what a form made of them, and what two sets of terms are compared by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from portal.domain.kinds import AmountKind
from portal.domain.money import Won
from portal.domain.terms import Amount, Cap, Item, Pool, Terms


def as_toml(terms: Terms) -> str:
    """The text that `parse_terms` reads as these terms."""
    return "\n".join([*_head(terms), *_items(terms.items), *_pools(terms.pools)]) + "\n"


def _head(terms: Terms) -> Iterator[str]:
    yield f"code = {_text(terms.code)}"
    yield f"name = {_text(terms.name)}"
    yield f"version = {terms.version}"
    yield f"priority = {terms.priority}"
    if terms.legal_basis:
        yield f"legal_basis = {_text(terms.legal_basis)}"
    yield f"cost_window = {{ from = {terms.cost_from}, to = {terms.cost_to} }}"
    if terms.platforms is not None:
        yield f"platforms = {_texts(terms.platforms)}"
    yield f"round_down_to = {_won(terms.round_down_to)}"
    if terms.funding:
        shares = ", ".join(f'{_text(source)} = "{share.normalize():f}"' for source, share in terms.funding.items())
        yield f"funding = {{ {shares} }}"


def _items(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        yield from ("", "[[item]]", f"code = {_text(item.code)}", f"basis = {_text(item.basis)}")
        if item.channels is not None:
            yield f"channels = {_texts(item.channels)}"
        if item.min_order_amount:
            yield f"min_order_amount = {_won(item.min_order_amount)}"
        yield f"amount = {_amount(item.amount)}"
        if item.caps:
            yield from ("caps = [", *(f"  {_cap(cap)}," for cap in item.caps), "]")


def _pools(pools: Iterable[Pool]) -> Iterator[str]:
    for pool in pools:
        yield from ("", "[[pool]]", f"per = {_text(pool.per)}", f"amount = {_won(pool.amount)}")
        yield f"order_by = {_text(pool.order_by)}"
        if pool.legal:
            yield f"legal = {_text(pool.legal)}"


def _amount(amount: Amount) -> str:
    parts = [f"kind = {_text(amount.kind)}"]
    if amount.kind is AmountKind.COST_SHARE:
        parts.append(f'rate = "{amount.rate.normalize():f}"')
    elif amount.kind is AmountKind.FLAT_BY:
        amounts = ", ".join(f"{_text(value)} = {_won(won)}" for value, won in amount.amounts.items())
        parts += [f"attribute = {_text(amount.attribute or '')}", f"amounts = {{ {amounts} }}"]
        parts.append(f"default = {_won(amount.default)}")
    else:
        parts.append(f"amount = {_won(amount.amount)}")
    return _inline(parts, amount.legal)


def _cap(cap: Cap) -> str:
    return _inline([f"per = {_text(cap.per)}", f"amount = {_won(cap.amount)}"], cap.legal)


def _inline(parts: list[str], legal: str) -> str:
    return "{ " + ", ".join([*parts, f"legal = {_text(legal)}"] if legal else parts) + " }"


def _won(amount: Won) -> str:
    return f"{amount:_}"


def _texts(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    # terms hold printable text alone; of that, JSON and TOML quote the same
    return json.dumps(str(value), ensure_ascii=False)
