"""The bank calls in: signed, once, and never believed beyond what it makes us ask."""

from __future__ import annotations

import hashlib

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue

from portal.clock import now
from portal.domain import bank_words, signatures
from portal.domain.bank_orders import SILENCE
from portal.domain.errors import Incomplete, NotFound, Problem, SignatureInvalid
from portal.models.base import db
from portal.services import bank_orders
from portal.web.binding import commit


def callback() -> ResponseReturnValue:
    """Writes down what was called in. Raises NotFound where no bank is connected, SignatureInvalid, Incomplete."""
    access = current_app.config["SETTINGS"].bank
    if access is None:
        raise NotFound("no bank is connected")
    body, header = request.get_data(), request.headers.get(signatures.HEADER, "")
    said = signatures.of_request(request.method, request.path, hashlib.sha256(body).hexdigest())
    if fault := signatures.fault(header, access.key, said, at=now()):
        raise SignatureInvalid(problems=[Problem(fault, signatures.HEADER)])
    word = bank_words.read(body)
    if word.outcome in SILENCE:
        raise Incomplete(problems=[Problem("body_invalid")])
    verdict = bank_orders.hear(db.session(), word, header, at=now())
    commit()
    return jsonify(verdict=verdict)
