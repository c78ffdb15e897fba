"""Signals of duplicate and improper receipt (중복수급·부정수급): their rules by name, thresholds, verdicts, lifecycle.

A signal is a suspicion to be looked into (의심, 검토 필요), never a refusal: nothing is decided by it, and only an
official says what it was worth (지방보조금법 제6조제3항, 개인정보 보호법 제37조의2).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from portal.domain.actors import Role
from portal.domain.errors import NotFound, Problem
from portal.domain.lifecycle import Lifecycle, Step

MIN_REASON = 10  # characters: an auditor must be able to follow it
MAX_REASON = 2000

Limits = Mapping[str, int]  # name -> value of the thresholds of one rule on one day


class Rule(StrEnum):
    """Each a pure function of portal/domain/signal_rules.py or signal_order_rules.py; web/signal_labels.py words it."""

    SAME_ACCOUNT = "same_account"
    SAME_PLACE = "same_place"  # address and phone
    SEVERAL_APPLICATIONS = "several_applications"
    SAME_DOCUMENT = "same_document"
    REOPENED = "reopened"  # where another business closed shortly before
    ACCOUNT_CHANGED = "account_changed"  # shortly before a payment
    PAID_TWICE = "paid_twice"  # for the same month, platform and item
    NIGHT_ORDERS = "night_orders"
    JUMP = "jump"  # of orders after the call
    ROUND_AMOUNTS = "round_amounts"
    REPEATED_ORDERS = "repeated_orders"  # how orders to oneself look
    CANCELLED_THEN_CLAIMED = "cancelled_then_claimed"
    SALES_ABOVE_STATED = "sales_above_stated"


class SignalStatus(StrEnum):
    OPEN = "open"
    UNFOUNDED = "unfounded"
    TO_CHECK = "to_check"
    CONFIRMED = "confirmed"
    GONE = "gone"


class Verdict(StrEnum):
    """Also the names of the steps that give it."""

    DISMISS = "dismiss"  # 근거 없음
    DOUBT = "doubt"  # 확인 필요
    CONFIRM = "confirm"  # 사실로 확인


S, R, V = SignalStatus, Role, Verdict
GIVES = {V.DISMISS: S.UNFOUNDED, V.DOUBT: S.TO_CHECK, V.CONFIRM: S.CONFIRMED}
JUDGED = tuple(GIVES.values())
WAITING = (S.OPEN, S.TO_CHECK)  # somebody has something to do

LIFECYCLE = Lifecycle(
    "signal",
    S.OPEN,
    (
        *(
            Step(source, verdict.value, target, R.REVIEWER, or_by=R.APPROVER)
            for source in (S.OPEN, *JUDGED)
            for verdict, target in GIVES.items()
            if source is not target
        ),
        # What was seen is otherwise now: a verdict on what was seen before does not speak of it.
        *(Step(source, "see_anew", S.OPEN, None) for source in S),
        # It is not there any more; what an official found or cleared up stays as it was found.
        *(Step(source, "vanish", S.GONE, None) for source in WAITING),
    ),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule saw. `scope`: the month, programme or payment it is about, empty for the business itself.

    `facts`: plain values for a sentence and nothing more. Of what another organisation holds only its name is in them,
    and numbers of ours that no page shows.
    """

    rule: Rule
    scope: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same as long as the same is seen: a verdict holds that long."""
        plain = json.dumps(self.facts, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Threshold:
    """One dated number of one rule; `source` says where it is from, or that it is an example."""

    rule: Rule
    name: str
    value: int
    valid_from: date
    source: str


@dataclass(frozen=True, slots=True)
class JudgeSignal:
    verdict: Verdict
    reason: str


def limits_on(thresholds: Iterable[Threshold], on: date) -> dict[Rule, dict[str, int]]:
    """The numbers in force on a day, by rule and name; a rule without any is not in force.

    Raises NotFound where there are none at all.
    """
    found: dict[Rule, dict[str, int]] = {}
    for each in sorted(thresholds, key=lambda each: each.valid_from):
        if each.valid_from <= on:
            found.setdefault(each.rule, {})[each.name] = each.value
    if not found:
        raise NotFound(f"thresholds of signals on {on}")
    return found


def problems_in(command: JudgeSignal) -> list[Problem]:
    length = len(command.reason.strip())
    if length < MIN_REASON:
        return [Problem("signal_reason", "reason")]
    return [Problem("too_long", "reason")] if length > MAX_REASON else []
