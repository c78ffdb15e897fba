"""The forms around a programme's draft: what it begins with, and handing it over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import Optional

from forms.base import Form
from forms.file_fields import MEBIBYTE, FileField
from forms.programme_fields import choices
from forms.programmes import TOML, ProgrammeText, text_given
from portal.domain.errors import Incomplete, Problem


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a draft begins with: a template's name, a version's id, or a file's text."""

    template: str = ""
    version_id: int = 0
    file: ProgrammeText | None = None


class NewDraftForm(Form):
    """`templates`: name -> what it is; `versions`: id -> what it is. A file counts before what is chosen."""

    begin = RadioField(_l("무엇에서 시작할까요"), [Optional()], validate_choice=False)
    file = FileField(
        _l("사업 파일"),
        kinds=(TOML,),
        max_bytes=MEBIBYTE,
        description=_l("다른 곳에서 받은 파일로 시작할 때만 고릅니다."),
    )

    def __init__(
        self, *arguments: Any, templates: Mapping[str, object], versions: Mapping[int, object], **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        named = {f"template:{name}": said for name, said in templates.items()}
        named |= {f"version:{number}": said for number, said in versions.items()}
        self.begin.choices = choices(named)
        self._known = named.keys()

    def to_command(self) -> Beginning:
        """Raises Incomplete where nothing was chosen, FileRefused where the file is no text."""
        if self.file.data is not None:
            return Beginning(file=text_given(self.file.data, None))
        if self.begin.data not in self._known:
            raise Incomplete(problems=[Problem("unknown_choice", "begin")])
        kind, _colon, name = str(self.begin.data).partition(":")
        return Beginning(template=name) if kind == "template" else Beginning(version_id=int(name))


class HandOverForm(Form):
    """`sure` is asked for where something is to be confirmed."""

    sure = BooleanField(_l("확인할 점을 모두 읽었고, 그대로 넘깁니다."))
