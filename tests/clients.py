"""A browser for tests without a browser: follows the form token as a page's script-free form would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import pages


class PortalClient(FlaskClient):
    """`submit` posts a form with its token; `before` runs ahead of every request (the test's own commit)."""

    before: Callable[[], None] | None = None
    _token: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.before is not None:
            self.before()
        answer = super().open(*args, **kwargs)
        # Signing in and out makes a new token; both answer with a redirection.
        self._token = pages.token(answer) or (None if answer.status_code == 302 else self._token)
        return answer

    def submit(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Posts as the page's form would, with the token of the last page seen (else of the first page)."""
        if self._token is None:
            self.get("/")
        kwargs.setdefault("headers", {"Sec-Fetch-Site": "same-origin"})
        return self.post(url, data={"csrf_token": self._token or "", **(data or {})}, **kwargs)
