"""Refusals for programs: problem+json (RFC 9457) with the stable codes of domain/errors.py, in the partner API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Response, json, request

from portal.domain.errors import Problem
from portal.web import labels

MEDIA_TYPE = "application/problem+json"
HTTP = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    411: "malformed",
    413: "too_large",
    415: "wrong_content_type",
    422: "incomplete",
    429: "too_many_requests",
    500: "broken",
}
# of what Werkzeug and the limiter say, the headers a program can do something with
_PASSED_ON = ("Allow", "Retry-After")


def wanted() -> bool:
    """Whether a program asks: everything under /api and /bank is answered in JSON, also what does not exist."""
    return request.path.startswith(("/api/", "/bank/"))


def answer(code: str, status: int, problems: Iterable[Problem] = ()) -> Response:
    """The refusal `code` with its problems."""
    return _response(code, status, [_said(problem) for problem in problems])


def of_http(status: int, headers: Mapping[str, str], messages: Any = None) -> Response:
    """A refusal of the framework's; `messages`: what was wrong with fields, by place and name."""
    found = [{"code": "invalid", "field": field, "message": text} for field, text in _leaves(messages)]
    response = _response(HTTP.get(status, "refused"), status, found)
    response.headers.update({name: value for name, value in headers.items() if name in _PASSED_ON})
    return response


def _response(code: str, status: int, problems: list[dict[str, Any]]) -> Response:
    title, advice = labels.REFUSALS.get(code, labels.REFUSALS["refused"])
    detail = labels.API_ADVICE.get(code, advice)
    body = {"type": f"urn:ieum:problem:{code}", "title": title, "status": status, "code": code, "detail": detail}
    response = Response(json.dumps(body | {"problems": problems}), status, mimetype=MEDIA_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = f'Bearer realm="ieum", error="{code}"'
    return response


def _said(problem: Problem) -> dict[str, Any]:
    place = {"field": problem.field, "row": problem.row, "value": problem.value}
    known = {name: found for name, found in place.items() if found not in ("", None)}
    return {"code": problem.code, **known, "message": labels.problem(problem)}


def _leaves(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Field and sentence of nested messages: {"json": {"rows": {0: ["..."]}}} gives ("json.rows.0", "...")."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(messages, (list, tuple)):
        for text in messages:
            yield from _leaves(text, path)
    elif messages:
        yield path, str(messages)
