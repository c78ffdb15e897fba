"""Trying a draft on a made-up merchant and month: eligibility and assessment with their reasons; nothing is stored."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from forms.programme_trials import trial_form
from portal.clock import today
from portal.domain import trial_choices
from portal.domain.periods import month_of, next_month
from portal.domain.sales import SalesRule
from portal.models.base import db
from portal.queries import programme_drafts
from portal.queries.programmes import Published
from portal.services import programme_trials as services
from portal.web import codes, line_labels
from portal.web.access import actor
from portal.web.binding import bind
from portal.web.dates import month
from portal.web.official.programme_drafts import about

_PAGE = "official/programme_drafts/trial.html"
_MOST_MONTHS = 36


def new(id: int) -> ResponseReturnValue:
    draft = programme_drafts.of_organisation(db.session(), id, actor())
    found = programme_drafts.specimen(draft)
    if found is None:
        return render_template("official/programme_drafts/unreadable.html", **about(id))
    bound = bind(_form(found), _PAGE, start=_start(found), draft=draft, found=found, tried=None,
                 way=trial_choices.way_of(found.announcement))  # fmt: skip
    if not bound.accepted:
        return bound.page()
    bound.context["tried"] = services.run(draft.text, bound.form.to_command())
    return bound.page(200)


def _form(found: Published) -> Any:
    rules = [criterion.rule for criterion in found.announcement.eligibility]
    years = sorted({year for rule in rules if isinstance(rule, SalesRule) for year in rule.years})
    return partial(
        trial_form(years, codes.INDUSTRY_EDITION, found.announcement),
        regions=codes.region_choices(today()),
        industries=codes.industry_choices(),
        platform_names=dict(codes.platform_choices()),
        channels=line_labels.CHANNELS,
        months={each: month(each) for each in _months(found)},
    )


def _months(found: Published) -> list[str]:
    """The months of the cost window, the last of them where it is very long."""
    months = [month_of(found.terms.cost_from)]
    while months[-1] < month_of(found.terms.cost_to):
        months.append(next_month(months[-1]))
    return months[-_MOST_MONTHS:]


def _start(found: Published) -> dict[str, Any]:
    """A merchant to whom the programme speaks, and an ordinary month."""
    call, terms = found.announcement.call, found.terms
    platform = (terms.platforms or ("baemin",))[0]
    channel = next((item.channels[0] for item in terms.items if item.channels), "delivery")
    orders = {"number": 30, "platform": platform, "channel": channel, "order_amount": 20_000, "delivery_fee": 3_000}
    return {
        "on": min(max(today(), call.apply_from), call.apply_to),
        "tax_status": "01",
        "owner_business_count": 1,
        "platforms": [platform],
        "orders": [orders],
        "rivals": 0,
        "track": next((each.code for each in found.announcement.tracks if each.is_open(call.apply_to)), ""),
    }
