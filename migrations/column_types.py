"""The column types of the migrations: what the models' types are on each database, frozen apart from the models."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
Day = sa.Date().with_variant(sa.Text(), "sqlite")
Flag = sa.Boolean().with_variant(sa.Integer(), "sqlite")
Json = sa.Text().with_variant(JSONB(), "postgresql")
Text = sa.Text()
Bytes = sa.LargeBinary()
