"""Flask commands, one file per noun; a command is found by its module's `group`."""

from __future__ import annotations

import importlib
import pkgutil

from flask import Flask


def install(app: Flask) -> None:
    """Adds the `group` of every module of this package to the application's commands."""
    for module in pkgutil.iter_modules(__path__):
        app.cli.add_command(importlib.import_module(f"{__name__}.{module.name}").group)
