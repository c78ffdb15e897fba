"""Pages of a merchant."""

from __future__ import annotations

from portal.web.routing import Route

ROUTES: tuple[Route, ...] = ()
