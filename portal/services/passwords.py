"""Argon2id password hashes; at most two are computed at once, because each takes a core and 64 MiB."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_SLOTS = BoundedSemaphore(2)
_COSTS = {"full": PasswordHasher(), "test": PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)}
_hasher = _COSTS["full"]


def configure(cost: str) -> None:
    """ "full" for people, "test" for suites that sign in a thousand times. Called once by create_app."""
    global _hasher  # noqa: PLW0603 (one process, one cost)
    _hasher = _COSTS[cost]


def hash_of(password: str) -> str:
    with _SLOTS:
        return _hasher.hash(password)


def verify(password_hash: str, password: str) -> bool:
    with _SLOTS:
        try:
            return _hasher.verify(password_hash, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
