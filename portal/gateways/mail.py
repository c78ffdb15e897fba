"""Hands mail to the next server over SMTP (RFC 5321), and reads of its answers what became of each.

One connection carries many mails; where it breaks, the next mail opens another. What may have been taken although
nobody said so is sent again under the same Message-ID, by which whoever gets it twice sees that it is one.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from portal.domain.messages import Answer, MailAccess, Sending, Verdict, refusal_verdict
from portal.domain.periods import korean_time


class Line:
    """A worker's line to the server that takes mail; opened when the first mail needs it."""

    def __init__(self, access: MailAccess) -> None:
        self._access = access
        self._open: smtplib.SMTP | None = None

    def send(self, sending: Sending, *, at: datetime) -> Answer:
        """Hands over one mail. Never raises for what the server says or fails to say."""
        try:
            answer = self._handed_over(self._server(), sending, at)
        except smtplib.SMTPResponseException as refused:  # of greeting, TLS or sign-in: no fault of this mail
            self.close()
            return Answer(Verdict.LATER, refused.smtp_code, type(refused).__name__)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return Answer(Verdict.LATER, None, type(error).__name__)
        if answer.verdict is not Verdict.TAKEN:
            self._start_over()
        return answer

    def close(self) -> None:
        """Leaves the server, politely where it still listens."""
        server, self._open = self._open, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _server(self) -> smtplib.SMTP:
        if self._open is not None:
            return self._open
        access, seconds = self._access, self._access.wait.total_seconds()
        trusted = ssl.create_default_context(cafile=access.authority or None)
        if access.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(access.host, access.port, timeout=seconds, context=trusted)
        else:
            server = smtplib.SMTP(access.host, access.port, timeout=seconds)
        self._open = server
        if access.tls == "starttls":
            server.starttls(context=trusted)
        if access.user:
            server.login(access.user, access.password)
        server.ehlo_or_helo_if_needed()
        return server

    def _handed_over(self, server: smtplib.SMTP, sending: Sending, at: datetime) -> Answer:
        code, said = server.mail(self._access.sender)
        if code != 250:
            return _answer(Verdict.LATER, code, "MAIL", said)
        code, said = server.rcpt(sending.address)
        if code not in (250, 251):
            return _answer(refusal_verdict(code, said.decode("ascii", "replace")), code, "RCPT", said)
        code, said = server.data(_written(self._access.sender, sending, at))
        if code != 250:
            return _answer(Verdict.NEVER if code >= 500 else Verdict.LATER, code, "DATA", said)
        return Answer(Verdict.TAKEN, code)

    def _start_over(self) -> None:
        """Forgets the mail that was refused; where not even that works, the next mail opens another line."""
        try:
            if self._open is not None and self._open.rset()[0] == 250:
                return
        except (smtplib.SMTPException, OSError):
            pass
        self.close()


@contextmanager
def connected(access: MailAccess) -> Generator[Line]:
    """A line to the server, closed at the end."""
    line = Line(access)
    try:
        yield line
    finally:
        line.close()


def _answer(verdict: Verdict, code: int, stage: str, said: bytes) -> Answer:
    """What was refused where; of the server's own words only the enhanced status, as they may repeat the address."""
    word = said.decode("ascii", "replace").split(maxsplit=1)[0] if said.strip() else ""
    status = word if word.count(".") == 2 and word.replace(".", "").isdecimal() else ""
    return Answer(verdict, code, f"{stage} {status}".strip())


def _written(sender: str, sending: Sending, at: datetime) -> bytes:
    """The mail as it goes over the line. It is no newsletter and wants no automatic answer (RFC 3834)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, sending.address, sending.subject
    mail["Date"] = format_datetime(korean_time(at))
    mail["Message-ID"] = sending.header_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(sending.text, cte="base64")
    return mail.as_bytes()
