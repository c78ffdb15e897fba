"""The `[services]` part of a programme file: services in kind (현물), and the call for the platforms that give them.

A programme with it pays no costs: its merchants choose services of selected platforms within what they were granted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.money import Won
from portal.domain.selection_rules import SelectionRules, read_selection
from portal.domain.tables import Table


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """What may be offered: `mobile_promotion`, in words."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """`proposals_from` to `proposals_to`: when platforms propose, both included. `conditions`: what a firm must declare
    to meet; `selection`: how many are chosen and by which score; `valid_days`: how long a service pass (이용권) waits
    for its service; `answer_days`: how long a merchant has to confirm, or a platform to put a dispute right, before an
    official may decide in their place, where it is not stated as long as `valid_days`; `vat_percent`: value added tax,
    which the merchant bears and no grant pays.
    """

    legal: str
    proposals_from: date
    proposals_to: date
    conditions: tuple[str, ...]
    kinds: tuple[ServiceKind, ...]
    selection: SelectionRules
    valid_days: int
    answer_days: int
    vat_percent: int
    vat_legal: str

    @property
    def names(self) -> Mapping[str, str]:
        """Kind of service by code, in the order of the file."""
        return {kind.code: kind.name for kind in self.kinds}

    def calls(self, on: date) -> bool:
        """Whether platforms may hand in proposals on that day."""
        return self.proposals_from <= on <= self.proposals_to

    def vat_of(self, supply_value: Won, *, taxable: bool) -> Won:
        """Value added tax on a supply value, single won dropped; none on what is exempt (면세)."""
        return supply_value * self.vat_percent // 100 if taxable else 0


def read_services(root: Table, *, grant_kind: str, items: bool) -> ServiceRules | None:
    """The table of the document, None where there is none; what is wrong is noted in the tables' problems.

    Who grants services grants every merchant the same value, and pays no costs (`items`) beside it.
    """
    if not root.has("services"):
        return None
    table = root.table("services")
    if items:
        table.note("services_with_items", "kind")
    if grant_kind == "up_to":
        table.note("services_need_fixed", "kind", grant_kind)
    selection = read_selection(table, first_come=False)
    if selection is None or not selection.scored or selection.places is None:
        table.note("missing", "selection")
    kinds = tuple(_kind(each) for each in table.tables("kind", least=1))
    for code in sorted({kind.code for kind in kinds if [each.code for each in kinds].count(kind.code) > 1}):
        table.note("repeated", "kind", code)
    valid_days = table.integer("valid_days", least=1)
    rules = ServiceRules(
        legal=table.text("legal"),
        proposals_from=table.day("proposals_from"),
        proposals_to=table.day("proposals_to"),
        conditions=table.texts("conditions"),
        kinds=kinds,
        selection=selection,  # ty: ignore[invalid-argument-type]
        valid_days=valid_days,
        answer_days=table.integer("answer_days", default=valid_days, least=1),
        vat_percent=table.integer("vat_percent"),
        vat_legal=table.text("vat_legal"),
    )
    if date.min < rules.proposals_to < rules.proposals_from:
        table.note("ends_before_it_begins", "proposals_to", rules.proposals_to)
    table.finish()
    return rules


def _kind(table: Table) -> ServiceKind:
    kind = ServiceKind(table.text("code"), table.text("name"))
    table.finish()
    return kind
