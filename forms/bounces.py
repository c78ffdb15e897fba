"""Reads a report of delivery (RFC 3464): of which mail of ours it speaks, and whether that failed for good.

Whoever knows a Message-ID was sent it: it is all that is believed of such a report, and it cannot be guessed.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message
from email.policy import default

from portal.domain.messages import Bounce

MOST_BYTES = 1024 * 1024
_ID = re.compile(r"<[0-9a-f]{32}@[A-Za-z0-9.:-]{1,253}>")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


def read(raw: bytes) -> Bounce | None:
    """What a report says; None where it is none, or does not say of which mail of ours."""
    if len(raw) > MOST_BYTES:
        return None
    mail = message_from_bytes(raw, policy=default)
    if mail.get_content_type() != "multipart/report":
        return None
    parts = list(mail.walk())
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    told = next((block for part in reports for block in _blocks(part) if block.get("Action")), None)
    header_id = next((found for part in parts if (found := _returned_id(part))), "")
    if told is None or not header_id:
        return None
    status = _STATUS.search(str(told.get("Status", "")))
    failed = str(told["Action"]).strip().lower() == "failed"
    return Bounce(header_id, failed, status.group(0) if status else "")


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _returned_id(part: Message) -> str:
    """The Message-ID of the mail that came back, whole or its headers alone."""
    if part.get_content_type() == "message/rfc822":
        text = "".join(str(block.get("Message-ID", "")) for block in _blocks(part))
    elif part.get_content_type() == "text/rfc822-headers":
        content = part.get_payload(decode=True)
        text = str(message_from_bytes(content).get("Message-ID", "")) if isinstance(content, bytes) else ""
    else:
        return ""
    found = _ID.search(text)
    return found.group(0) if found else ""
