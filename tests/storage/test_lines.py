"""Stored lines: published once, found again by platform and month, and checked against what was published."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.errors import Conflict, NotFound
from portal.storage.lines import LineStore
from tests.factories import AT
from tests.storage.settlement_csv import read_here, row, text


def deliver(lines: LineStore, folder: Path, number: int, *rows: str) -> str:
    """The SHA-256 under which these rows of baemin, March 2026, were published."""
    result = read_here(folder, text(*rows), number=number)
    assert result.parquet is not None
    return lines.publish(result.parquet, "baemin", "2026-03", number)


@pytest.fixture
def lines(tmp_path: Path) -> LineStore:
    return LineStore(tmp_path / "lines")


def test_published_lines_are_found_by_platform_and_month(lines: LineStore, tmp_path: Path) -> None:
    deliver(lines, tmp_path, 1, row(1), row(2))
    path = lines.path("baemin", "2026-03", 1)
    assert lines.paths() == lines.paths({"baemin"}, "2026-03") == lines.paths(since="2026-03") == [path]
    assert lines.paths({"yogiyo"}) == lines.paths(until="2026-02") == lines.paths(since="2026-04") == []
    assert lines.count() == 2
    assert lines.count(among=[]) == 0


def test_what_was_published_is_what_is_there(lines: LineStore, tmp_path: Path) -> None:
    sha256 = deliver(lines, tmp_path, 1, row(1), row(2))
    manifest = lines.verify("baemin", "2026-03", 1, sha256)
    assert (manifest.rows, manifest.sha256, lines.manifest(lines.path("baemin", "2026-03", 1))) == (2, sha256, manifest)


def test_altered_or_missing_lines_are_refused(lines: LineStore, tmp_path: Path) -> None:
    sha256 = deliver(lines, tmp_path, 1, row(1))
    other = deliver(lines, tmp_path, 2, row(2))
    lines.path("baemin", "2026-03", 2).replace(lines.path("baemin", "2026-03", 1))
    with pytest.raises(Conflict):
        lines.verify("baemin", "2026-03", 1, sha256)
    with pytest.raises(NotFound):
        lines.verify("baemin", "2026-03", 2, other)
    with pytest.raises(NotFound):
        lines.verify("baemin", "2026-03", 3, other)


def test_a_leftover_under_the_same_number_is_replaced_by_the_delivery_that_counts(
    lines: LineStore, tmp_path: Path
) -> None:
    (tmp_path / "interrupted").mkdir()
    deliver(lines, tmp_path / "interrupted", 1, row(1), row(2))
    sha256 = deliver(lines, tmp_path, 1, row(3))
    assert lines.verify("baemin", "2026-03", 1, sha256).rows == lines.count() == 1


@pytest.mark.parametrize(("platform", "period"), [("../..", "2026-03"), ("baemin", "../2026"), ("baemin", "2026-3")])
def test_no_path_leads_out_of_the_store(lines: LineStore, platform: str, period: str) -> None:
    with pytest.raises(ValueError, match="platform and month"):
        lines.path(platform, period, 1)


def test_stores_are_listed_with_their_orders_counted_once(lines: LineStore, tmp_path: Path) -> None:
    deliver(lines, tmp_path, 1, row(1), row(2, store_id="S-2"), row(3, ordered_at="2026-03-20 09:00"))
    deliver(lines, tmp_path, 2, row(1, order_amount=1))
    seen = [(store.store_id, store.lines, str(store.last_seen)) for store in lines.stores()]
    assert seen == [("S-1", 2, "2026-03-20 09:00:00"), ("S-2", 1, "2026-03-14 18:05:09")]
    assert lines.stores({"yogiyo"}) == []


def test_what_killed_work_left_aside_is_removed_and_work_in_progress_is_not(lines: LineStore) -> None:
    for name, hours in (("left", 30), ("at-work", 1)):
        (lines.aside() / name).mkdir()
        (lines.aside() / name / "lines.parquet").write_bytes(b"x")
        touched = AT.timestamp() - hours * 3600
        os.utime(lines.aside() / name, (touched, touched))
    assert lines.tidy(before=AT - timedelta(days=1)) == ["left"]
    assert [path.name for path in lines.aside().iterdir()] == ["at-work"]
