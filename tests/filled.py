"""What a browser would send of a page's form as it stands: boxes, what is ticked, what is chosen."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._inside = False
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._inside = given.get("class", "") == "ie-form" and given.get("method") == "post"
        if not self._inside:
            return
        name, value = given.get("name", ""), given.get("value", "")
        ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
        if tag == "input" and name and ticked and given.get("type") != "file":
            self._add(name, value)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.values):
            self.values[self._select] = [value]
        elif tag == "textarea":
            self._area = name
            self._add(name, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area and self._inside:
            self.values[self._area] = [self.values[self._area][0] + data]

    def _add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


def filled(page: str) -> dict[str, Any]:
    """Name -> values of the form by which the page saves."""
    reader = _Form()
    reader.feed(page)
    areas = {name: [value.strip() for value in values] for name, values in reader.values.items()}
    return {name: values for name, values in areas.items() if name != "csrf_token"}
