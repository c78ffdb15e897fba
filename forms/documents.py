"""Uploads of evidence: one box for each paper that a programme asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from wtforms import HiddenField
from wtforms.validators import InputRequired

from forms.base import Form
from forms.file_fields import EVIDENCE, MEBIBYTE, FileField
from forms.uploads import check_upload
from portal.domain.announcements import DocumentRequirement
from portal.domain.documents import EvidenceUpload
from portal.domain.errors import FileRefused, Problem


class DocumentsForm(Form):
    """For each paper a box `file-<code>`; the page sends one box at a time and says which in `code`."""

    code = HiddenField(validators=[InputRequired()])

    def validate(self, extra_validators: Any = None) -> bool:
        """One file, for a paper that was asked for."""
        valid = super().validate(extra_validators)
        meant: Any = self._fields.get(self._box)
        if valid and not (meant is not None and meant.data):
            self.add_problems([Problem("file_required", self._box)])
            return False
        return valid

    def to_command(self) -> EvidenceUpload:
        """The file that was sent, checked. Raises FileRefused, pointing at its box."""
        field: Any = self[self._box]
        sent = field.data
        try:
            checked = check_upload(sent.filename or "", sent.stream, sent.mimetype, field.kinds, field.max_bytes)
        except FileRefused as refused:
            raise FileRefused(problems=[replace(problem, field=field.name) for problem in refused.problems]) from None
        return EvidenceUpload(self.code.data or "", checked.name, checked.media_type, checked.content)

    @property
    def _box(self) -> str:
        return f"file-{self.code.data}"


def documents_form(requirements: Sequence[DocumentRequirement]) -> type[DocumentsForm]:
    """The form of a programme: for each paper its kinds of file and its size."""
    fields: dict[str, Any] = {}
    for required in requirements:
        kinds = [kind for kind in EVIDENCE if kind.name.lower() in required.kinds]
        fields[f"file-{required.code}"] = FileField(
            required.name, description=required.note, kinds=kinds, max_bytes=required.max_mb * MEBIBYTE
        )
    return type("DocumentsForm", (DocumentsForm,), fields)
