"""SMS and messenger (알림톡): how a gateway is spoken to, and a stand-in that writes into a file.

A deployment's own gateway is a further function of the form `Send`. None is here, for none was to be tried: what a
real one wants (registered sender numbers, templates approved beforehand) is the contract's business (확인 필요).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from portal.domain.messages import Answer, Sending, Verdict

# Sends one message and says how it went. It may be asked twice about the same `header_id`, which it passes on as the
# key under which the service sends once; it never raises for what the service says or fails to say.
Send = Callable[[Sending, datetime], Answer]
_NOBODYS = "0000"  # the stand-in knows nobody whose number ends so


def into(folder: Path) -> Send:
    """The stand-in: each message is a line of JSON in `<channel>.jsonl`, which only the portal's user can read."""

    def send(sending: Sending, at: datetime) -> Answer:
        if sending.address.endswith(_NOBODYS):
            return Answer(Verdict.NO_SUCH_ADDRESS, None, "unknown_number")
        said = {"id": sending.header_id, "to": sending.address, "text": sending.text, "at": at.isoformat()}
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = folder / f"{sending.channel.value}.jsonl"
            with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as out:
                out.write(json.dumps(said, ensure_ascii=False) + "\n")
        except OSError as error:
            return Answer(Verdict.LATER, None, type(error).__name__)
        return Answer(Verdict.TAKEN)

    return send
