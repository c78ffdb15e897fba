"""Serves files of the npm packages the pages use: an allow-list, at addresses that carry the version."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from flask import Response, current_app, send_file
from werkzeug.utils import safe_join

from portal.domain.errors import NotFound

# package -> folders or files inside it that pages may load
ALLOWED = {
    "@fontsource-variable/noto-sans-kr": ("index.css", "files/"),
    "htmx.org": ("dist/htmx.min.js",),
    "krds-uiux": ("resources/css/", "resources/fonts/", "resources/img/"),
    "vega": ("build/vega.min.js",),
    "vega-embed": ("build/vega-embed.min.js",),
    "vega-lite": ("build/vega-lite.min.js",),
}
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
ONE_YEAR = 31_536_000


def package_url(path: str) -> str:
    """`vega/build/vega.min.js` -> `/packages/vega@6.4.0/build/vega.min.js`. Raises KeyError for an unlisted package."""
    name, rest = _split(path)
    if name not in ALLOWED:
        raise KeyError(name)
    version = _installed_version(_root(), name)
    return f"{current_app.config.get('APPLICATION_ROOT', '/').rstrip('/')}/packages/{name}@{version}/{rest}"


def packages(path: str) -> Response:
    """The file at `<package>@<version>/<file>`. Raises NotFound for all else: other versions, kinds, folders, dots."""
    name, _, rest = _versioned(path)
    kind = KINDS.get(Path(rest).suffix)
    inside = any(rest == part or (part.endswith("/") and rest.startswith(part)) for part in ALLOWED[name])
    found = safe_join(str(_root().resolve()), name, rest)
    if kind is None or not inside or found is None or ".." in rest or not Path(found).is_file():
        raise NotFound(path)
    response = send_file(found, mimetype=kind, max_age=ONE_YEAR, conditional=True)
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _versioned(path: str) -> tuple[str, str, str]:
    head, rest = _split(path)
    name, _, version = head.rpartition("@")
    if name not in ALLOWED or _installed_version(_root(), name) != version:
        raise NotFound(path)
    return name, version, rest


def _split(path: str) -> tuple[str, str]:
    parts = path.split("/")
    width = 2 if path.startswith("@") else 1
    return "/".join(parts[:width]), "/".join(parts[width:])


def _root() -> Path:
    return Path(current_app.config["PACKAGES_DIR"])


@cache
def _installed_version(root: Path, name: str) -> str:
    manifest = root / name / "package.json"
    if not manifest.is_file():
        raise FileNotFoundError(f"{name} is not installed in {root}: run npm ci (make setup does)")
    return str(json.loads(manifest.read_text(encoding="utf-8"))["version"])
