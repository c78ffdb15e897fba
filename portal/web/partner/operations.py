"""A row of the partner API: the row of a page, and what the API's description says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from marshmallow import Schema

from portal.domain import errors
from portal.web.routing import Door, Route, View


@dataclass(frozen=True, slots=True)
class Operation(Route):
    """`query` and `body`: what is read; `answer`: what is sent back with `success`; `refuses`: refusals of its own.

    `media`: types of a body that is read as a stream, instead of a JSON `body`; `form`: a posted form that the view
    reads itself. `also`: answers in a form of their own. `once`: an Idempotency-Key must be sent, not only may.
    `leads_to`: views of operations that take the `id` of the answer.
    """

    summary: object = ""
    answer: type[Schema] | None = None
    success: int = 200
    query: type[Schema] | None = None
    body: type[Schema] | None = None
    media: tuple[str, ...] = ()
    form: type[Schema] | None = None
    also: Mapping[int, type[Schema]] = field(default_factory=dict)
    refuses: tuple[type[errors.Refusal], ...] = ()
    once: bool = False
    leads_to: tuple[View, ...] = ()

    @property
    def shown(self) -> str:
        """The address as people read it: `/links/{id}`."""
        return re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", self.url)

    @property
    def changes(self) -> bool:
        """Whether it writes for a client, so that its answer is kept under the Idempotency-Key."""
        return self.methods != "GET" and self.permission is not Door.PUBLIC
