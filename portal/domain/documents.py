"""Evidence that an applicant hands in for one of the papers a programme asks for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EvidenceUpload:
    """A checked file for the requirement `code`; `media_type` is what the bytes are, not what the sender said."""

    code: str
    filename: str
    media_type: str
    content: bytes = field(repr=False)
