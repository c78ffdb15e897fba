"""The keys of personal data at rest: AES-GCM with key ids, and an HMAC blind index with a key of its own."""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Keyring:
    """Holds the deployment's keys; loaded once by create_app. The newest key id encrypts, all of them decrypt."""

    def __init__(self) -> None:
        self._ciphers: dict[int, AESGCM] = {}
        self._current = 0
        self._index_key = b""

    def load(self, data_keys: Mapping[int, bytes], index_key: bytes) -> None:
        """`data_keys`: key id (1-255) -> 32 bytes; `index_key`: 32 bytes, used for nothing else."""
        self._ciphers = {key_id: AESGCM(key) for key_id, key in data_keys.items()}
        self._current = max(data_keys)
        self._index_key = index_key

    def encrypt(self, text: str, *, context: str) -> bytes:
        nonce = os.urandom(12)
        sealed = self._ciphers[self._current].encrypt(nonce, text.encode(), context.encode())
        return bytes([self._current]) + nonce + sealed

    def decrypt(self, stored: bytes, *, context: str) -> str:
        cipher = self._ciphers[stored[0]]
        return cipher.decrypt(stored[1:13], stored[13:], context.encode()).decode()

    def blind_index(self, text: str, *, context: str) -> str:
        """Equal texts give equal indexes and nothing else can be learnt: for finding duplicates without decrypting."""
        return hmac.digest(self._index_key, f"{context}\x00{text}".encode(), "sha256").hex()


keyring = Keyring()
