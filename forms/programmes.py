"""The form by which a manager proposes a version of a programme: its text, pasted or as a file."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import TextAreaField
from wtforms.validators import Length

from forms.base import Form
from forms.file_fields import MEBIBYTE, FileField, Kind
from forms.uploads import safe_name
from portal.domain.errors import FileRefused, Incomplete, Problem

TOML = Kind("TOML", (".toml",))
LONGEST = 200_000
PASTED = "programme.toml"


@dataclass(frozen=True, slots=True)
class ProgrammeText:
    """A programme's text and the name of the file it came in."""

    text: str
    file: str


class ProposalForm(Form):
    file = FileField(_l("사업 파일"), kinds=(TOML,), max_bytes=MEBIBYTE)
    text = TextAreaField(
        _l("사업 내용"),
        [Length(max=LONGEST)],
        description=_l("파일을 선택하면 파일의 내용을 쓰고, 선택하지 않으면 여기에 적은 내용을 씁니다."),
        render_kw={"rows": 20, "spellcheck": "false"},
    )

    def to_command(self) -> ProgrammeText:
        """Raises Incomplete where nothing was given, FileRefused where the bytes are no text."""
        return text_given(self.file.data, self.text.data)


def text_given(upload: FileStorage | None, text: str | None) -> ProgrammeText:
    """The text of the file, or the pasted one where there is no file.

    Raises Incomplete where neither was given, FileRefused where the bytes are no text.
    """
    if upload is None:
        if not (text or "").strip():
            raise Incomplete(problems=[Problem("file_required", "file")])
        return ProgrammeText(_plain(text or ""), PASTED)
    name = safe_name(upload.filename or "")
    try:
        return ProgrammeText(_plain(upload.stream.read(MEBIBYTE).decode("utf-8-sig")), name)
    except UnicodeDecodeError:
        raise FileRefused(problems=[Problem("bad_encoding", "file", file=name)]) from None


def _plain(text: str) -> str:
    """The same text however it came in: browsers send other line ends than files have."""
    return text.replace("\r\n", "\n").strip() + "\n"
