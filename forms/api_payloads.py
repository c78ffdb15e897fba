"""What every list of the partner API may be asked: a cursor, a size."""

from __future__ import annotations

import base64
import binascii
import unicodedata

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from portal.domain.links import LinkStatus
from portal.domain.settlements import is_period

LARGEST_PAGE = 500


def cursor_of(key: int | None) -> str | None:
    """The opaque text that stands for the key after which the next page begins."""
    return None if key is None else base64.urlsafe_b64encode(f"k{key}".encode()).decode().rstrip("=")


class Cursor(fields.Field[int]):
    """Such a text as the key again; anything else is refused."""

    def _deserialize(self, value: object, attr: object, data: object, **more: object) -> int:
        text = str(value)[:40]
        try:
            key = int(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).removeprefix(b"k"))
        except (ValueError, binascii.Error) as error:
            raise ValidationError("not a cursor of this API") from error
        if cursor_of(key) != value or not 0 <= key < 2**63:
            raise ValidationError("not a cursor of this API")
        return key


def a_month() -> fields.String:
    """A required month, `YYYY-MM`."""
    metadata = {"pattern": r"^20[0-9][0-9]-(0[1-9]|1[0-2])$", "example": "2026-05"}
    return fields.String(required=True, validate=_month, metadata=metadata)


def _readable(text: str) -> None:
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter != "\n" for letter in text):
        raise ValidationError("control characters, or half a character")


def _month(text: str) -> None:
    if not is_period(text):
        raise ValidationError("not a month: YYYY-MM")


class PageSchema(Schema):
    class Meta(Schema.Meta):
        unknown = EXCLUDE

    cursor = Cursor(load_default=None, metadata={"type": "string"})


class LinkPageSchema(PageSchema):
    status = fields.Enum(LinkStatus, by_value=True, load_default=None)


class LinkDenialSchema(Schema):
    """Why a store is not the merchant's: shown to the merchant as it is."""

    reason = fields.String(required=True, validate=[validate.Length(1, 500), _readable])


class LinkConfirmationSchema(Schema):
    """Nothing has to be said: `{}`."""
