"""The budget ledger as a text journal for hledger or beancount: written as it is read, the same bytes every time.

Both end with every account's balance, which the program that reads the journal compares with its own sum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from portal.domain.journal import BudgetAccount, Journal, JournalEntry
from portal.domain.ledger import Account

CURRENCY = "KRW"
# Where beancount wants an account to stand. Its five roots are fixed; what matters here is the sum.
_ROOTS: Mapping[Account, str] = {
    Account.SOURCE: "Equity",
    Account.AVAILABLE: "Assets",
    Account.COMMITTED: "Assets",
    Account.PAID: "Expenses",
    Account.REVENUE: "Assets",
    Account.RECEIVABLE: "Assets",
    Account.DEMANDED: "Equity",
}


@dataclass(frozen=True, slots=True)
class Format:
    """How one program wants a journal: the name of an account, and each part of the text."""

    name: Callable[[BudgetAccount], str]
    head: Callable[[Journal, Iterable[str]], str]
    entry: Callable[[JournalEntry, Mapping[BudgetAccount, str]], str]
    foot: Callable[[Journal, Mapping[BudgetAccount, str]], str]


def write(journal: Journal, kind: str) -> Iterator[str]:
    """The journal piece by piece. ValueError where two accounts would get the same name, before anything is written."""
    told = FORMATS[kind]
    names = {account: told.name(account) for account in sorted(journal.balances)}
    if len(set(names.values())) < len(names):
        raise ValueError(f"two accounts of {journal.title} have the same name in {kind}")
    return _written(journal, told, names)


def _written(journal: Journal, told: Format, names: Mapping[BudgetAccount, str]) -> Iterator[str]:
    yield told.head(journal, names.values())
    for entry in journal.entries:
        yield told.entry(entry, names)
    yield told.foot(journal, names)


def _parts(account: BudgetAccount) -> list[str]:
    """organisation, programme, year, source, account."""
    return [
        account.organisation,
        account.programme,
        str(account.fiscal_year),
        account.source,
        account.account.value,
    ]


def _plain(text: str) -> str:
    """What a person wrote, on one line."""
    return " ".join(text.split())


def _key(entry: JournalEntry) -> str:
    """The source key with everything that could mean something to the reader written as %xx."""
    return quote(entry.source_key, safe=":")


# hledger --------------------------------------------------------------------------------------------------------------


def _hledger_name(account: BudgetAccount) -> str:
    return ":".join(quote(part, safe="") for part in _parts(account))


def _hledger_head(journal: Journal, names: Iterable[str]) -> str:
    lines = [
        f"; {_plain(journal.title)}, entries up to {journal.last}",
        "decimal-mark .",
        f"commodity 1000. {CURRENCY}",
    ]
    return "\n".join([*lines, "", *(f"account {name}" for name in names), "", ""])


def _hledger_entry(entry: JournalEntry, names: Mapping[BudgetAccount, str]) -> str:
    lines = [f"{entry.posted_on} * ({_key(entry)}) {entry.kind.value}", f"    ; entry {entry.id}"]
    if entry.note:
        lines.append(f"    ; {_plain(entry.note)}")
    for move in entry.movements:
        lines.append(f"    {names[move.debit]}  {move.amount} {CURRENCY}")
        lines.append(f"    {names[move.credit]}  -{move.amount} {CURRENCY}")
    return "\n".join([*lines, "", ""])


def _hledger_foot(journal: Journal, names: Mapping[BudgetAccount, str]) -> str:
    lines = [f"{journal.until} * balances"]
    for account, name in names.items():
        lines.append(f"    {name}  0 {CURRENCY} = {journal.balances[account]} {CURRENCY}")
    return "\n".join([*lines, ""])


# beancount ------------------------------------------------------------------------------------------------------------


def _beancount_name(account: BudgetAccount) -> str:
    return ":".join([_ROOTS[account.account], *(_component(part) for part in _parts(account))])


def _component(part: str) -> str:
    """Letters, figures and hyphens, the first of them large."""
    said = re.sub(r"[^A-Za-z0-9가-힣]", "-", part)
    return said[0].upper() + said[1:] if said[0].isalnum() and said[0].isascii() else f"X{said}"


def _beancount_head(journal: Journal, names: Iterable[str]) -> str:
    lines = [
        f"; {_plain(journal.title)}, entries up to {journal.last}",
        f'option "title" {_quoted(journal.title)}',
        f'option "operating_currency" "{CURRENCY}"',
        "",
        *(f"{journal.since} open {name} {CURRENCY}" for name in names),
    ]
    return "\n".join([*lines, "", ""])


def _beancount_entry(entry: JournalEntry, names: Mapping[BudgetAccount, str]) -> str:
    lines = [
        f'{entry.posted_on} * "{entry.kind.value}" {_quoted(entry.note)}',
        f"  entry: {entry.id}",
        f'  source-key: "{_key(entry)}"',
    ]
    for move in entry.movements:
        lines.append(f"  {names[move.debit]}  {move.amount} {CURRENCY}")
        lines.append(f"  {names[move.credit]}  -{move.amount} {CURRENCY}")
    return "\n".join([*lines, "", ""])


def _beancount_foot(journal: Journal, names: Mapping[BudgetAccount, str]) -> str:
    """`balance` says what an account holds when the day begins."""
    after = journal.until + timedelta(days=1)
    return "".join(
        f"{after} balance {name}  {journal.balances[account]} {CURRENCY}\n" for account, name in names.items()
    )


def _quoted(text: str) -> str:
    escaped = _plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


FORMATS: Mapping[str, Format] = {
    "hledger": Format(_hledger_name, _hledger_head, _hledger_entry, _hledger_foot),
    "beancount": Format(_beancount_name, _beancount_head, _beancount_entry, _beancount_foot),
}
