"""Binds a request to a form and a page, so that a view is: bind, validate, one service, commit, redirect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from forms.base import Form
from portal.domain.errors import Refusal
from portal.models.base import db

F = TypeVar("F", bound=Form)

RESUME = "_resume"  # set by the page that brings a filled form back after signing in again: fill, do not act
PAGE_BEFORE = "_from"  # travels with such a form: the page of ours whose button was pressed
AUTOSAVE = "_autosave"  # set by the script that saves drafts while one types


class NotConfirmed(Exception):
    """A button brought back after signing in again, with no form to look at first: it must be pressed once more."""


class Bound(Generic[F]):
    """A form on its page. `accepted`: posted, valid and meant (not merely brought back after signing in again)."""

    def __init__(self, form: F, template: str, context: dict[str, Any]) -> None:
        self.form = form
        self.template = template
        self.context = context
        self.resumed = RESUME in request.form
        self.accepted = request.method == "POST" and not self.resumed and form.validate()

    def page(self, status: int | None = None) -> ResponseReturnValue:
        """The page with the form as filled; 422 where it was posted and refused."""
        refused = request.method == "POST" and not self.resumed
        body = render_template(self.template, form=self.form, resumed=self.resumed, **self.context)
        return body, status or (422 if refused else 200)

    def refuse(self, refusal: Refusal, status: int) -> ResponseReturnValue:
        """The page again with what the rules said, so that nothing entered is lost."""
        self.form.add_problems(refusal.problems)
        self.context.setdefault("refusal", refusal.code)
        self.context.setdefault("refused", refusal)
        return self.page(status)


def bind(kind: Callable[..., F], template: str, *, start: dict[str, Any] | None = None, **context: Any) -> Bound[F]:
    """Makes the form from the request (or from `start` when nothing was posted) and remembers it for refusals."""
    form = kind(data=start) if start is not None and request.method != "POST" else kind()
    g.bound = Bound(form, template, context)
    return g.bound


def sent() -> bool:
    """Whether a form was posted: then the service refuses what may not be done any more, and the form comes back."""
    return request.method == "POST"


def autosaving() -> bool:
    return AUTOSAVE in request.form


def commit() -> None:
    """The one commit of a POST view. A form brought back after signing in again has not been confirmed yet."""
    if RESUME in request.form:
        raise NotConfirmed
    db.session.commit()
