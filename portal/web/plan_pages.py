"""What the pages of a plan show, whoever looks at them."""

from __future__ import annotations

from typing import Any

from flask import request

from forms.plans import PlanViewForm
from portal.domain.plans import may_type, typed_indicators
from portal.queries import plans as known
from portal.queries.plans import Standing
from portal.web import plan_tables


def tree_page(standing: Standing) -> dict[str, Any]:
    """What a page of the whole tree shows, for whoever it is."""
    form = PlanViewForm(request.args)
    form.offer(standing.tree.years, standing.tree.indicators.values())
    chosen = form.chosen_year, form.indicator.data or ""
    return {
        "standing": standing,
        "form": form,
        "rows": plan_tables.tree_rows(standing, form.depth.data or "", *chosen),
        "whole": plan_tables.row(standing, standing.tree.root, *chosen),
        "plan_tables": plan_tables,
    }


def node_page(standing: Standing, code: str) -> dict[str, Any]:
    """What a page of one node shows. Raises NotFound."""
    found = standing.tree.part(code)
    return {
        "standing": standing,
        "node": found,
        "above": standing.tree.above(code),
        "figures": standing.figures[code],
        "rows": plan_tables.child_rows(standing, found, next(iter(standing.tree.indicators))),
        "programme": standing.programmes.get(found.programme),
        "reportable": may_type(found) or bool(typed_indicators(found, standing.tree)),
        "outside": known.outside_of(standing, code),
        "plan_tables": plan_tables,
    }
