"""Takes the password off a protected workbook. Runs in the child only; the password is used once and kept nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msoffcrypto
from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError

from portal.domain.settlements import FileFault
from portal.storage.csv_text import refuse


def opened(source: Path, password: str, target: Path) -> Path:
    """The workbook without its password; the file itself when it has none. Raises FileRefused."""
    with source.open("rb") as stream:
        try:
            office: Any = msoffcrypto.OfficeFile(stream)
            if not office.is_encrypted():
                return source
        except (FileFormatError, OSError, ValueError, KeyError, IndexError) as broken:
            raise refuse(FileFault.BROKEN_FILE) from broken
        if not password:
            raise refuse(FileFault.PASSWORD_NEEDED)
        try:
            office.load_key(password=password, verify_password=True)
            with target.open("wb") as out:
                office.decrypt(out)
        except InvalidKeyError as wrong:
            raise refuse(FileFault.PASSWORD_WRONG) from wrong
        except (DecryptionError, FileFormatError, OSError, ValueError, KeyError, IndexError) as broken:
            raise refuse(FileFault.BROKEN_FILE) from broken
    return target
