"""The portal's own pulse."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.models.system import Heartbeat


def beat(session: Session, *, at: datetime) -> None:
    """Writes the moment; raises whatever the database raises when it cannot."""
    if session.execute(update(Heartbeat).where(Heartbeat.id == 1).values(at=at)).rowcount == 0:  # ty: ignore[missing-attribute]
        session.add(Heartbeat(id=1, at=at))
