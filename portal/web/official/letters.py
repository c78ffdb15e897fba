"""Letters of the official's organisation, as issued."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.models.base import db
from portal.queries import letters
from portal.services import issuing
from portal.web.access import actor
from portal.web.files import attachment, stores


def download(id: int) -> ResponseReturnValue:
    letter = letters.of_organisation(db.session(), id, actor())
    return attachment(issuing.read(stores(), letter), issuing.filename(letter), "application/pdf")
