"""Files of installed packages: what pages need is served for good, nothing else of the folder is."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web import assets
from tests.web.gallery import ROOT, WEB, make_gallery


@pytest.fixture(scope="module")
def app() -> Flask:
    return make_gallery()


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_a_package_file_is_served_for_good_under_its_version(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = assets.package_url("krds-uiux/resources/css/component/output.css")
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


REFUSED = [
    "krds-uiux@1.0.0/resources/css/component/output.css",
    "krds-uiux/resources/css/component/output.css",
    "krds-uiux@1.1.0/package.json",
    "krds-uiux@1.1.0/resources/js/plugin/swiper-bundle.min.js",
    "krds-uiux@1.1.0/resources/css/",
    "krds-uiux@1.1.0/resources/css/../../package.json",
    "krds-uiux@1.1.0/resources/css/%2e%2e/%2e%2e/html/code/table.html",
    "krds-uiux@1.1.0/resources/css/..%2f..%2f..%2fyargs/build/lib/yargs.css",
    "yargs@17.7.2/index.js",
    "@fontsource-variable@5/x",
    "",
    "/etc/passwd",
]


@pytest.mark.parametrize("path", REFUSED)
def test_nothing_else_of_the_packages_folder_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/packages/{path}").status_code in (308, 404)


def test_every_address_in_the_style_sheets_leads_to_a_file(client: FlaskClient) -> None:
    pins = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    found = re.findall(r'url\("\.\./\.\.(/packages/[^"]+)"', (WEB / "static/css/fonts.css").read_text(encoding="utf-8"))
    assert found
    assert all(
        f"krds-uiux@{pins['krds-uiux']}/" in address and client.get(address).status_code == 200 for address in found
    )


def test_the_fallback_typeface_draws_every_hangul_syllable() -> None:
    sheet = (ROOT / "node_modules/@fontsource-variable/noto-sans-kr/index.css").read_text(encoding="utf-8")
    drawn: set[int] = set()
    for first, last in re.findall(r"U\+([0-9a-f]+)(?:-([0-9a-f]+))?", sheet, re.IGNORECASE):
        drawn.update(range(int(first, 16), int(last or first, 16) + 1))
    assert set(range(0xAC00, 0xD7A4)) <= drawn


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]
