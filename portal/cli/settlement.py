"""`flask settlement deliver` and `watch`: settlement data taken in from files, as an official does it with the page."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from forms.uploads import safe_name
from portal.clock import now
from portal.domain.errors import FileRefused, Refusal
from portal.domain.layout_matching import LayoutUnknown
from portal.domain.order_values import from_plain
from portal.domain.settlements import DeliverSettlement
from portal.models.base import Unavailable, db
from portal.queries import accounts
from portal.services import receipts, settlements
from portal.services.settlements import Delivered, ReaderFailed
from portal.storage import drops
from portal.storage.drops import Drop

REFUSED = 2

group = AppGroup("settlement", help="Settlement data of partner platforms.")


@group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--platform", required=True, help="The platform's code, such as baemin.")
@click.option("--period", required=True, help="The month of the orders, YYYY-MM.")
@click.option("--by", "login", required=True, help="The login of the official who delivers.")
@click.option(
    "--password",
    default="",
    prompt="Password of the file",
    prompt_required=False,
    hide_input=True,
    help="For a protected workbook; without a value it is asked for.",
)
def deliver(file: Path, platform: str, period: str, login: str, password: str) -> None:
    """Take in FILE of one platform and month: CSV, TSV, XLSX, XLS, also in gzip, in the platform's own form or in the
    contract's columns. Exits 2, with nothing stored, when the file is refused.
    """
    try:
        with file.open("rb") as stream:
            command = DeliverSettlement(platform, period, safe_name(file.name), stream, password)
            delivered = _delivered(command, login)
    except Refusal as refusal:
        for sentence in _said(refusal):
            click.echo(sentence, err=True)
        sys.exit(REFUSED)
    found = delivered.delivery
    click.echo(f"delivery: {found.id}{' (these bytes were delivered before)' if delivered.again else ''}")
    click.echo(f"layout: {found.outcome['layout']} ({found.outcome['encoding']})")
    click.echo(f"no orders: {found.outcome['no_orders']}")
    click.echo(f"rows: {found.received_rows}\naccepted: {found.accepted}\nrefused: {found.refused}")
    for code, number in found.outcome["problems_by_code"].items():
        click.echo(f"  {code}: {number}")
    for sentence in _warned(found.outcome):
        click.echo(sentence)


@group.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--by", "login", required=True, help="The login of the official in whose name files are taken in.")
@click.option("--every", default=30, show_default=True, help="Seconds between two looks.")
@click.option("--settle", default=10, show_default=True, help="Seconds for which a file must not have changed.")
@click.option("--once", is_flag=True, help="Look once and end, for cron.")
def watch(folder: Path, login: str, every: int, settle: int, once: bool) -> None:
    """Take in what is dropped into FOLDER/<platform>/<YYYY-MM>/, until ended."""
    while True:
        for drop in drops.waiting(folder, at=now(), settle=settle):
            _take_in(drop, login)
            db.session.remove()  # nothing is held while it sleeps: one open transaction would stop all who write
        if once:
            return
        time.sleep(every)


def _take_in(drop: Drop, login: str) -> None:
    """One dropped file. What is not the file's fault (a full disk, a busy database) leaves it for the next look."""
    try:
        with os.fdopen(drops.opened(drop), "rb") as stream:
            command = DeliverSettlement(drop.platform, drop.period, safe_name(drop.path.name), stream)
            try:
                delivered = _delivered(command, login)
            except FileRefused as refusal:
                _keep_for_a_look(command, refusal, login)
                raise
    except Refusal as refusal:
        drops.refuse(drop, _said(refusal))
        click.echo(f"{drop.path}: {refusal.code}", err=True)
    except (OSError, ReaderFailed, Unavailable) as mishap:
        db.session.rollback()
        click.echo(f"{drop.path}: {type(mishap).__name__}, will be tried again", err=True)
    else:
        found = delivered.delivery
        drops.take(drop, found.id)
        click.echo(f"{drop.path}: delivery {found.id}, accepted {found.accepted}, refused {found.refused}")
        for sentence in _warned(found.outcome):
            click.echo(f"{drop.path}: {sentence}")


def _delivered(command: DeliverSettlement, login: str) -> Delivered:
    """Taken in and committed, or rolled back and refused."""
    stores, lines = current_app.extensions["ieum_stores"], current_app.extensions["ieum_lines"]
    try:
        by = accounts.actor(db.session(), login)
        delivered = settlements.deliver(db.session(), stores, lines, command, by=by, at=now())
        db.session.commit()
    except Refusal:
        db.session.rollback()
        raise
    return delivered


def _keep_for_a_look(command: DeliverSettlement, refusal: FileRefused, login: str) -> None:
    """Whoever dropped the file may be a program: so the officials find it in the portal, with what is wrong."""
    by = accounts.actor(db.session(), login)
    receipts.keep_refused(db.session(), current_app.extensions["ieum_stores"], command, refusal, by=by, at=now())
    db.session.commit()


def _warned(outcome: Mapping[str, Any]) -> list[str]:
    """The averages outside their band, a line each; nothing was refused for them."""
    found = from_plain(outcome)
    told = [
        f"warning: {each.side}: {f'store {each.store_id}' if each.store_id else 'whole file'}, {each.channel}:"
        f" {each.orders} orders, average {each.average} won, expected {each.least} to {each.most}"
        for each in found.outside
    ]
    more = found.stores - sum(bool(each.store_id) for each in found.outside)
    return [*told, f"warning: {more} more stores outside their band"] if more else told


def _said(refusal: Refusal) -> list[str]:
    """Why nothing was stored; of an unknown layout both lists of columns, what keeps it from being read first."""
    told = [str(problem) for problem in refusal.problems]
    if isinstance(refusal, LayoutUnknown):
        told.append(f"columns of '{refusal.comparison.layout}' | columns of the file")
        told += [
            f"  {column.verdict:8} {column.expected or '-'} | {column.found or '-'}"
            for column in refusal.comparison.by_weight
        ]
    return [*told, f"{refusal.code}: {'' if refusal.problems else f'{refusal}: '}nothing was stored"]
