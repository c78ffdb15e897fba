"""An official at the page: signs in, again when the session has ended, uploads files and looks what became of them."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field

import httpx

from tests.factories import PASSWORD

NEW = "/office/settlements/new"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_STORED = re.compile(r"/office/settlements/(\d+)")
_RECEIPT = re.compile(r"/office/settlements/receipts/(\d+)")
_MOVING = "그만 읽기"  # what a receipt offers while its file waits or is read


@dataclass
class Desk:
    """Raises httpx.TransportError where the server is gone. Threads share it, one at a time."""

    login: str
    patience: int = 300
    _browser: httpx.Client = field(init=False, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __post_init__(self) -> None:
        self._browser = httpx.Client(timeout=self.patience, headers={"Sec-Fetch-Site": "same-origin"})

    def close(self) -> None:
        self._browser.close()

    def upload(
        self, url: str, platform: str, period: str, filename: str, content: bytes, *, password: str = ""
    ) -> httpx.Response:
        """Hands a file in; a redirection leads to its receipt, or to the delivery of the same bytes."""
        form = {"platform": platform, "period": period, "password": password}
        files = {"file": (filename, content, "application/octet-stream")}
        return self._post(url, NEW, form, files)

    def read_again(self, url: str, receipt: int) -> httpx.Response:
        return self._post(url, f"/office/settlements/receipts/{receipt}/reading", {"password": ""}, None)

    def look(self, url: str, receipt: int) -> tuple[str, int, str]:
        """What became of a received file: `moving`, `stored` with its delivery's number, or `refused`; and its page."""
        answer = self._signed_in(url, f"/office/settlements/receipts/{receipt}")
        if answer.status_code == 302:
            return "stored", delivery_of(answer) or 0, ""
        answer.raise_for_status()
        return ("moving" if _MOVING in answer.text else "refused"), 0, answer.text

    def token(self, url: str, path: str) -> str:
        found = _TOKEN.search(self._signed_in(url, path).text)
        assert found is not None, path
        return found.group(1)

    def send(self, url: str, path: str, form: dict[str, str]) -> httpx.Response:
        """Posts a form as it is, with the token that its page gave."""
        with self._lock:
            return self._browser.post(url + path, data=form)

    def _post(self, url: str, path: str, form: dict[str, str], files: object) -> httpx.Response:
        with self._lock:
            told = {"csrf_token": self.token(url, NEW), **form}
            return self._browser.post(url + path, data=told, files=files)  # ty: ignore[invalid-argument-type]

    def _signed_in(self, url: str, path: str) -> httpx.Response:
        with self._lock:
            answer = self._browser.get(url + path)
            if answer.status_code == 302 and "/login" in answer.headers["Location"]:
                self._sign_in(url)
                answer = self._browser.get(url + path)
            return answer

    def _sign_in(self, url: str) -> None:
        found = _TOKEN.search(self._browser.get(f"{url}/login").text)
        assert found is not None
        form = {"csrf_token": found.group(1), "login": self.login, "password": PASSWORD}
        self._browser.post(f"{url}/login", data=form)


def delivery_of(answer: httpx.Response) -> int | None:
    """The delivery to which a redirection leads."""
    found = _STORED.search(answer.headers.get("Location", ""))
    return int(found.group(1)) if found else None


def receipt_of(answer: httpx.Response) -> int | None:
    """The receipt to which a redirection leads."""
    found = _RECEIPT.search(answer.headers.get("Location", ""))
    return int(found.group(1)) if found else None
