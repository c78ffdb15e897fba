"""What a client posts to get a token (RFC 6749, 4.4.2); Authlib reads it, this describes it."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from portal.domain.api_clients import Scope


class TokenRequestSchema(Schema):
    """The client's id and secret stand here or in HTTP Basic. `scope`: some of the client's, all if left out."""

    grant_type = fields.String(required=True, validate=validate.OneOf(["client_credentials"]))
    scope = fields.String(metadata={"example": Scope.LINKS_READ.value})
    client_id = fields.String()
    client_secret = fields.String()
