"""Fields for uploads. A file is taken when it is not empty, not too large, and its bytes are of the kind its name says.

Only the first bytes are read here; whoever stores the file reads the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import SEEK_END
from pathlib import PurePath
from typing import Any

from flask_wtf.file import FileField as SingleFileField
from werkzeug.datastructures import FileStorage
from wtforms.validators import StopValidation

from forms.messages import sentence
from portal.domain.errors import Problem


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: endings, and the bytes it begins with (none for text, which has no signature).

    `protected`: how it begins with a password on it.
    """

    name: str
    endings: tuple[str, ...]
    signature: bytes = b""
    protected: bytes = b""

    def begins(self, head: bytes) -> bool:
        """Whether these are the first bytes of such a file."""
        if not self.signature:
            return not any(head.startswith(other.signature) for other in SIGNED)
        return head.startswith(self.signature) or (bool(self.protected) and head.startswith(self.protected))


PDF = Kind("PDF", (".pdf",), b"%PDF-")
PNG = Kind("PNG", (".png",), b"\x89PNG\r\n\x1a\n")
JPEG = Kind("JPEG", (".jpg", ".jpeg"), b"\xff\xd8\xff")
XLS = Kind("XLS", (".xls",), b"\xd0\xcf\x11\xe0")
XLSX = Kind("XLSX", (".xlsx",), b"PK\x03\x04", protected=XLS.signature)
GZIP = Kind("GZIP", (".gz",), b"\x1f\x8b")
CSV = Kind("CSV", (".csv",))
TSV = Kind("TSV", (".tsv", ".txt"))
EVIDENCE = (PDF, PNG, JPEG)
TABLES = (CSV, TSV, XLSX, XLS, GZIP)
SIGNED = (PDF, PNG, JPEG, XLSX, XLS, GZIP)
MEBIBYTE = 1 << 20


def file_problem(name: str, head: bytes, size: int, *, kinds: Sequence[Kind], max_bytes: int) -> Problem | None:
    """What is wrong with a file, or None. `head`: its first bytes, at least 8; `size` and `max_bytes` in bytes.

    Codes: file_empty, file_too_large, file_kind_not_allowed (ending), file_kind_mismatch (bytes against ending).
    """
    kind = next((kind for kind in kinds if PurePath(name).suffix.lower() in kind.endings), None)
    code = ""
    if kind is None:
        code = "file_kind_not_allowed"
    elif size == 0:
        code = "file_empty"
    elif size > max_bytes:
        code = "file_too_large"
    elif not kind.begins(head):
        code = "file_kind_mismatch"
    return Problem(code, value=name[-60:]) if code else None


class FileField(SingleFileField):
    """One file (`data`: FileStorage or None)."""

    errors: Any
    problems: tuple[Problem, ...] = ()

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        kinds: Sequence[Kind] = EVIDENCE,
        max_bytes: int = 10 * MEBIBYTE,
        **more: Any,
    ) -> None:
        super().__init__(label, validators, **more)
        self.kinds, self.max_bytes = tuple(kinds), max_bytes

    @property
    def accept(self) -> str:
        """For the accept attribute: `.pdf,.png`."""
        return ",".join(ending for kind in self.kinds for ending in kind.endings)

    @property
    def kinds_text(self) -> str:
        """For people: `PDF, PNG, JPEG`."""
        return ", ".join(kind.name for kind in self.kinds)

    @property
    def limit_text(self) -> str:
        """For people: `10MB`."""
        return f"{self.max_bytes // MEBIBYTE}MB"

    def pre_validate(self, form: Any) -> None:
        wrong = _checked(self.data, self.kinds, self.max_bytes) if self.data else None
        if wrong is not None:
            self.problems = (wrong,)
            raise StopValidation(sentence(wrong))


def _checked(file: FileStorage, kinds: Sequence[Kind], max_bytes: int) -> Problem | None:
    stream = file.stream
    head = stream.read(16)
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    return file_problem(file.filename or "", head, size, kinds=kinds, max_bytes=max_bytes)
