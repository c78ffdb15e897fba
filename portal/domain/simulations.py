"""Simulations: what a draft of terms would have cost on stored lines, beside what the terms in force would have."""

from __future__ import annotations

from enum import StrEnum


class Participants(StrEnum):
    """Who takes part: those with an approved application, or every merchant of the office with a confirmed store."""

    ACCEPTED = "accepted"
    LINKED = "linked"


class Window(StrEnum):
    """Which orders count: those inside the cost window of the terms, or all of the chosen months."""

    TERMS = "terms"
    PERIOD = "period"
