"""Routes are rows of a table: methods, URL, view, permission. A row without a permission cannot be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from portal.domain.actors import Permission

View = Callable[..., ResponseReturnValue]


class Door(StrEnum):
    """For routes that need no role: open to all, or to nobody in particular but a health probe."""

    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Route:
    """One row. `methods`: "GET", "POST" or "GET POST". The endpoint is `<audience>.<module>_<function>`."""

    methods: str
    url: str
    view: View
    permission: Permission | Door

    @property
    def name(self) -> str:
        return f"{self.view.__module__.rsplit('.', 1)[-1]}_{getattr(self.view, '__name__', '')}"


def mount(app: Flask, audience: str, routes: Iterable[Route], *, prefix: str = "") -> None:
    """Registers an audience's table as one blueprint and remembers each row for access.py and for the tests."""
    blueprint = Blueprint(audience, __name__, url_prefix=prefix)
    table: dict[str, Route] = app.extensions.setdefault("ieum_routes", {})
    for route in routes:
        endpoint = f"{audience}.{route.name}"
        if endpoint in table:
            raise ValueError(f"two rows for {endpoint}")
        table[endpoint] = route
        blueprint.add_url_rule(route.url, route.name, route.view, methods=route.methods.split())
    app.register_blueprint(blueprint)


def table_of(app: Flask) -> dict[str, Route]:
    return app.extensions["ieum_routes"]
