"""What the audit trail's hash chain costs: sealing beside writers, or a head row that every writer locks.

`python -m tests.bench.bench_audit_chain` prints both, and how fast a trail is verified, on a PostgreSQL of its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from portal.domain.audit_chain import BEGINNING, follow
from tests import databases

WRITERS, SECONDS, REST_MS = 8, 5, 20  # a transaction goes on for a while after its first event
HASHED = 200_000
EVENT = text(
    "INSERT INTO audit_event (noun, record_id, action, user_id, person_id, at, note)"
    " VALUES ('claim', 1, 'approve', 1, 1, now(), '')"
)
HEAD = text("UPDATE chain_head SET n = n + 1")


def commits(engine: Engine, *, head: bool) -> float:
    """Transactions a second of all writers together."""
    until = time.monotonic() + SECONDS

    def one(_writer: int) -> int:
        done = 0
        with Session(engine) as session:
            while time.monotonic() < until:
                if head:
                    session.execute(HEAD)
                session.execute(EVENT)
                time.sleep(REST_MS / 1000)
                session.commit()
                done += 1
        return done

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(one, range(WRITERS))) / SECONDS


def hashed() -> float:
    event = (1, "claim", 1, "approve", None, "approved", 3, 3, None, "비고", {"document": 1, "sha256": "0" * 64})
    start = time.monotonic()
    for _head in follow(BEGINNING, ((number, *event[1:]) for number in range(1, HASHED + 1))):
        pass
    return HASHED / (time.monotonic() - start)


def main() -> None:
    folder = tempfile.mkdtemp(prefix="ieum-bench-")
    os.chmod(folder, 0o755)
    os.environ[databases.SHARED] = folder
    try:
        engine = create_engine(databases.copy_postgresql("bench"), pool_size=WRITERS)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE chain_head (n bigint)"))
            connection.execute(text("INSERT INTO chain_head VALUES (0)"))
            connection.execute(text("INSERT INTO person (name) VALUES ('x')"))
            connection.execute(
                text(
                    "INSERT INTO account (person_id, login, password_hash, title, active, created_at)"
                    " VALUES (1, 'x', 'x', '', true, now())"
                )
            )
        beside, locked = commits(engine, head=False), commits(engine, head=True)
        print(f"{WRITERS} writers, {REST_MS} ms a transaction: {beside:.0f} commits/s beside a sealer, "
              f"{locked:.0f} with a locked head row ({beside / locked:.1f} times)")  # fmt: skip
        print(f"{hashed():,.0f} events hashed a second")
        engine.dispose()
    finally:
        databases.stop_cluster(Path(folder) / "cluster")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
