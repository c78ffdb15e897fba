"""Reads pages the way a person does: what went wrong, where the form's token is."""

from __future__ import annotations

import html
import re

from werkzeug.test import TestResponse

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_SUMMARY = re.compile(r'<(\w+)[^>]*class="[^"]*ie-error-summary[^"]*"[^>]*>(.*?)</\1>', re.DOTALL)
_ITEM = re.compile(r"<li[^>]*>(.*?)</li>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def is_page(response: TestResponse) -> bool:
    return response.mimetype == "text/html"


def token(response: TestResponse) -> str | None:
    """The form token of the page, if it has a form."""
    found = _TOKEN.search(response.text) if is_page(response) else None
    return found.group(1) if found else None


def problems(response: TestResponse) -> list[str]:
    """The sentences of the error summary."""
    return said(response.text)


def said(page: str) -> list[str]:
    """The same of a page's text."""
    found = _SUMMARY.search(page)
    return [text_of(item) for item in _ITEM.findall(found.group(2))] if found else []


def text_of(fragment: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", fragment)).split())


def fields(response: TestResponse) -> dict[str, str]:
    """Name -> value of every input of the page."""
    found = {}
    for tag in re.findall(r"<input\b[^>]*>", response.text):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in attributes:
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return found
