"""Makes routes and their OpenAPI 3.1 description out of the same rows: neither can say what the other does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import flask
from apispec import APISpec
from flask import Flask, request
from flask_babel import lazy_gettext as _
from flask_smorest import Api, Blueprint
from webargs import core
from webargs.flaskparser import FlaskParser, abort

from portal.domain import errors
from portal.domain.api_clients import Scope
from portal.web.bearer import AUDIENCE
from portal.web.errors import Busy, status_of
from portal.web.once import HEADER, PATTERN, once
from portal.web.partner.answers import ProblemSchema
from portal.web.partner.operations import Operation
from portal.web.problems import MEDIA_TYPE
from portal.web.received import GZIP
from portal.web.routing import Door, Route, View, enter, name_of

_ID = {"id": "$response.body#/id"}
_TOO_OFTEN, _TOO_LARGE, _WRONG_TYPE, _MALFORMED = 429, 413, 415, 400


class _Parser(FlaskParser):
    """Reads JSON bodies, and says 400 to whatever is no JSON, however it is broken."""

    def _raw_load_json(self, req: flask.Request) -> Any:
        if req.mimetype != "application/json":
            abort(_WRONG_TYPE)
        try:
            return core.parse_json(req.get_data(cache=True))
        except (ValueError, RecursionError) as error:  # also numbers of 5,000 digits, and brackets without end
            abort(_MALFORMED, exc=error if isinstance(error, Exception) else None)


class _Blueprint(Blueprint):
    ARGUMENTS_PARSER = _Parser()


class _Api(Api):
    """Describes, and leaves errors to web/errors.py. Without a default answer: what is not written is not promised."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass

    @property
    def described(self) -> APISpec:
        if self.spec is None:
            raise RuntimeError("described before it belongs to an application")
        return self.spec


def mount_api(app: Flask, routes: Iterable[Route], *, prefix: str) -> flask.Blueprint:
    """Registers the partner API: its operations with their description, and the pages about them without."""
    api = _Api(
        app,
        spec_kwargs={
            "title": "이음 파트너 API",
            "version": "1",
            "openapi_version": "3.1.0",
            "info": {"description": _("플랫폼의 프로그램이 매장 연결을 확인하고 정산자료를 보내는 API입니다.")},
        },
    )
    flows = {"clientCredentials": {"tokenUrl": f"{prefix}/token", "scopes": {s.value: s.value for s in Scope}}}
    api.described.components.security_scheme("oauth2", {"type": "oauth2", "flows": flows})
    blueprint = _Blueprint(AUDIENCE, __name__, url_prefix=prefix)
    for route in routes:
        enter(app, AUDIENCE, route)
        methods = route.methods.split()
        if isinstance(route, Operation):
            blueprint.add_url_rule(route.url, route.name, _described(blueprint, route), methods=methods)
        else:
            flask.Blueprint.add_url_rule(blueprint, route.url, route.name, route.view, methods=methods)
    api.register_blueprint(blueprint)
    app.extensions["ieum_api"] = api
    return blueprint


def statuses(operation: Operation) -> list[int]:
    """Every status but the successful one that this operation may answer with."""
    found = {_TOO_OFTEN, status_of(Busy), *map(status_of, operation.refuses)}
    if operation.permission is not Door.PUBLIC:
        found |= {status_of(errors.TokenInvalid), status_of(errors.ScopeMissing)}
    if operation.query or operation.body:
        found.add(status_of(errors.Incomplete))
    if operation.body or operation.media or operation.form:
        found.add(_TOO_LARGE)
    if operation.body or operation.media:
        found |= {_MALFORMED, _WRONG_TYPE}
    if operation.changes:
        found |= {status_of(kind) for kind in (errors.KeyMissing, errors.KeyReused, errors.InFlight)}
    return sorted(found - operation.also.keys())


def _described(blueprint: _Blueprint, operation: Operation) -> View:
    """The view with what it reads, answers and refuses."""
    view: Callable[..., Any] = blueprint.response(operation.success, operation.answer)(operation.view)
    if operation.query:
        view = blueprint.arguments(operation.query, location="query")(view)
    if operation.body:
        view = blueprint.arguments(operation.body)(view)
    if operation.media:
        view = _typed(view, operation.media)
    for status in statuses(operation):
        view = blueprint.alt_response(status, schema=ProblemSchema, content_type=MEDIA_TYPE)(view)
    for status, schema in operation.also.items():
        view = blueprint.alt_response(status, schema=schema)(view)
    if operation.changes:
        view = _with_key(once(view, needed=operation.once), needed=operation.once)
    return blueprint.doc(**_more(operation))(view)


def _typed(view: Callable[..., Any], media: tuple[str, ...]) -> Callable[..., Any]:
    """The view behind a look at the type and the packing of the body."""

    @wraps(view)
    def typed(*given: Any, **arguments: Any) -> Any:
        if request.mimetype not in media or request.headers.get("Content-Encoding", GZIP) not in (GZIP, "identity"):
            abort(_WRONG_TYPE)
        return view(*given, **arguments)

    return typed


def _with_key(view: Callable[..., Any], *, needed: bool) -> Callable[..., Any]:
    """The description of the header that `once` reads, beside the parameters of the query."""
    key = {"in": "header", "name": HEADER, "required": needed, "schema": {"type": "string", "pattern": PATTERN}}
    described = getattr(view, "_apidoc", {}).setdefault("arguments", {})
    described.setdefault("parameters", []).append(key)
    return view


def _more(operation: Operation) -> dict[str, Any]:
    more: dict[str, Any] = {"summary": operation.summary, "operationId": operation.name}
    scopes = [operation.permission.value] if isinstance(operation.permission, Scope) else []
    more["security"] = [] if operation.permission is Door.PUBLIC else [{"oauth2": scopes}]
    if operation.leads_to:
        links = {(name := name_of(view)): {"operationId": name, "parameters": _ID} for view in operation.leads_to}
        more["responses"] = {operation.success: {"links": links}}
    if operation.media:
        stream = {"schema": {"type": "string"}}
        more["requestBody"] = {"required": True, "content": dict.fromkeys(operation.media, stream)}
    if operation.form:
        content = {"application/x-www-form-urlencoded": {"schema": operation.form}}
        more["requestBody"] = {"required": True, "content": content}
    return more
