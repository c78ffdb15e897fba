"""Pages of policymakers."""

from __future__ import annotations

from portal.domain.actors import Permission as P
from portal.web.policy import statistics
from portal.web.routing import Route

ROUTES: tuple[Route, ...] = (
    # statistics
    Route("GET", "/statistics", statistics.show, P.STATISTICS_READ),
    Route("GET", "/statistics/<code>/<kind>", statistics.download, P.STATISTICS_READ),
)
