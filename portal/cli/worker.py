"""`flask worker`: does background jobs until it is told to end."""

from __future__ import annotations

import os
import signal
import threading
import time

import click
from flask import current_app
from flask.cli import with_appcontext

from portal import jobs


@click.command("worker")
@click.option("--workers", default=1, show_default=True, help="How many jobs at a time.")
@click.option("--beside", type=int, help="End with the process of this id.")
@with_appcontext
def group(workers: int, beside: int | None) -> None:
    """Do background jobs (drawing up claims, simulations, reading received files)."""
    if beside is not None:
        threading.Thread(target=_end_with, args=(beside,), name="beside", daemon=True).start()
    jobs.serve(current_app._get_current_object(), workers=workers)  # ty: ignore[missing-attribute]


def _end_with(process: int) -> None:
    while _runs(process):
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
