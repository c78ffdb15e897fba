"""Routes are rows of a table: methods, URL, view, permission. A row without a permission cannot be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from portal.domain.api_clients import Scope
from portal.domain.permissions import Permission

View = Callable[..., ResponseReturnValue]


class Door(StrEnum):
    """For routes that need no role: open to all; or, in the partner API, to any token that lives."""

    PUBLIC = "public"
    TOKEN = "token"  # noqa: S105 (a door, not a secret)


@dataclass(frozen=True, slots=True)
class Route:
    """One row. `methods`: "GET", "POST" or "GET POST". The endpoint is `<audience>.<module>_<function>`."""

    methods: str
    url: str
    view: View
    permission: Permission | Door | Scope

    @property
    def name(self) -> str:
        return name_of(self.view)


def name_of(view: View) -> str:
    """What a view is called among those of its audience."""
    return f"{view.__module__.rsplit('.', 1)[-1]}_{getattr(view, '__name__', '')}"


def mount(app: Flask, audience: str, routes: Iterable[Route], *, prefix: str = "") -> Blueprint:
    """Registers an audience's table as one blueprint and remembers each row for access.py and for the tests."""
    blueprint = Blueprint(audience, __name__, url_prefix=prefix)
    for route in routes:
        enter(app, audience, route)
        blueprint.add_url_rule(route.url, route.name, route.view, methods=route.methods.split())
    app.register_blueprint(blueprint)
    return blueprint


def enter(app: Flask, audience: str, route: Route) -> None:
    """Puts a row into the table of the portal's routes. ValueError for a second one of the same name."""
    table: dict[str, Route] = app.extensions.setdefault("ieum_routes", {})
    endpoint = f"{audience}.{route.name}"
    if endpoint in table:
        raise ValueError(f"two rows for {endpoint}")
    table[endpoint] = route


def table_of(app: Flask) -> dict[str, Route]:
    return app.extensions["ieum_routes"]
