"""The catalogue of platforms as anyone may read it: what each does for a shop, and its conditions side by side."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal import data
from portal.domain.platforms import KINDS
from portal.web import platform_labels


def index() -> ResponseReturnValue:
    groups = [(kind, [each for each in data.platform_catalogue().values() if each.kind == kind]) for kind in KINDS]
    return render_template("public/platforms/index.html", groups=groups, platform_labels=platform_labels)
