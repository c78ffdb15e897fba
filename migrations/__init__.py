"""Alembic migrations: linear, one subject each."""
