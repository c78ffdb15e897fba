"""Refusals, named for what is refused. web/errors.py and the CLI answer them once; nothing here knows of HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what came in. `code` is stable; the sentence for people is made from it in web/labels.py.

    For files: `file`, `row` (1 = first data row) and `field` (the column); for forms: `field` alone.
    `value` is what was found, shortened; never personal data that the sender did not just type.
    """

    code: str
    field: str = ""
    value: str = ""
    file: str = ""
    row: int | None = None

    def __str__(self) -> str:
        where = " ".join(
            part for part in (self.file, f"row {self.row}" if self.row is not None else "", self.field) if part
        )
        return f"{where or '-'}: {self.code}" + (f" ({self.value})" if self.value else "")


class Refusal(Exception):
    """A request the rules do not allow. Subclasses set `code`; `problems` may point at fields or rows."""

    code = "refused"

    def __init__(self, message: str = "", problems: Sequence[Problem] = ()) -> None:
        super().__init__(message or "; ".join(map(str, problems)) or self.code)
        self.problems = tuple(problems)


class NotFound(Refusal):
    """There is no such thing, or it is another's: both look the same from outside."""

    code = "not_found"


class NotSignedIn(Refusal):
    """Nobody is signed in, or the session has ended."""

    code = "not_signed_in"


class NotPermitted(Refusal):
    """This person's roles do not allow it."""

    code = "not_permitted"


class TokenInvalid(NotSignedIn):
    """The partner API was asked without a token, or with one that is unknown or has run out."""

    code = "token_invalid"


class SignatureInvalid(NotSignedIn):
    """The request of a client that signs is not signed, or not as it should be; `problems` says how."""

    code = "signature_invalid"


class ScopeMissing(NotPermitted):
    """The token does not open this part of the partner API."""

    code = "scope_missing"


class SamePerson(NotPermitted):
    """Four eyes: the person who did the earlier step may not do this one."""

    code = "same_person"


class InvalidTransition(Refusal):
    """The record is not in a status from which this action leads anywhere."""

    code = "invalid_transition"


class Incomplete(Refusal):
    """Something is missing or wrong in what was entered; `problems` says what."""

    code = "incomplete"


class NotEligible(Refusal):
    """The programme's conditions are not met; `problems` carries one entry per failed condition."""

    code = "not_eligible"


class BudgetExhausted(Refusal):
    """The budget line does not hold this amount any more."""

    code = "budget_exhausted"


class YearClosed(Refusal):
    """The fiscal year takes no entries any more: corrections are dated in the open year."""

    code = "year_closed"


class PaymentsStopped(Refusal):
    """Somebody has stopped all payments; two others let them go on."""

    code = "payments_stopped"


class AlreadyDone(Refusal):
    """It was done before; doing it again would do it twice."""

    code = "already_done"


class Conflict(Refusal):
    """The same key arrived with other content, or the record changed meanwhile."""

    code = "conflict"


class KeyMissing(Refusal):
    """A request that must not be done twice came without an Idempotency-Key."""

    code = "idempotency_key_missing"


class KeyReused(Refusal):
    """The Idempotency-Key was used before, for another request."""

    code = "idempotency_key_reused"


class InFlight(Refusal):
    """The same request is being done at this moment."""

    code = "in_flight"


class FileRefused(Refusal):
    """A file that cannot be taken in; `problems` says why."""

    code = "file_refused"


class TooManyAttempts(Refusal):
    """Sign-in is locked for a while."""

    code = "too_many_attempts"


class Misconfigured(Exception):
    """The deployment's settings are unsafe or incomplete; the portal does not start."""
