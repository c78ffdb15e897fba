"""The monthly statement of the partner API: the platform's own figures of a month."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from portal.domain.statements import FIGURES

LARGEST = 10**15


class StatementSchema(Schema):
    """Every figure may be left out, and is then not compared."""

    figures = fields.Nested(
        Schema.from_dict(
            {name: fields.Integer(strict=True, validate=validate.Range(0, LARGEST)) for name in FIGURES},
            name="Figures",
        ),
        required=True,
        validate=validate.Length(1),
    )
