"""Pages of policymakers."""

from __future__ import annotations

from portal.domain.permissions import Permission as P
from portal.web.policy import plan_reports, plan_versions, plans, statistics
from portal.web.routing import Route

ROUTES: tuple[Route, ...] = (
    # statistics
    Route("GET", "/statistics", statistics.show, P.STATISTICS_READ),
    Route("GET", "/statistics/<code>/<kind>", statistics.download, P.STATISTICS_READ),
    # plans
    Route("GET", "/plans", plans.index, P.PLAN_READ),
    Route("GET", "/plans/<code>", plans.show, P.PLAN_READ),
    Route("GET", "/plans/<code>/files/<kind>", plans.download, P.PLAN_READ),
    Route("GET", "/plans/<code>/nodes/<node>", plans.node, P.PLAN_READ),
    # loaded versions that wait for a second person
    Route("GET", "/plan-versions/<int:id>", plan_versions.show, P.PLAN_READ),
    Route("POST", "/plan-versions/<int:id>/confirmation", plan_versions.confirm, P.PLAN_CONFIRM),
    Route("GET POST", "/plan-versions/<int:id>/refusal", plan_versions.refuse, P.PLAN_CONFIRM),
    # reports of what a sub-project spent and reached
    Route("GET POST", "/plans/<code>/nodes/<node>/report", plan_reports.new, P.PLAN_REPORT),
    Route("GET", "/plan-reports/<int:id>", plan_reports.show, P.PLAN_READ),
    Route("GET", "/plan-reports/<int:id>/document", plan_reports.document, P.PLAN_READ),
    Route("POST", "/plan-reports/<int:id>/confirmation", plan_reports.confirm, P.PLAN_CONFIRM),
    Route("GET POST", "/plan-reports/<int:id>/refusal", plan_reports.refuse, P.PLAN_CONFIRM),
)
