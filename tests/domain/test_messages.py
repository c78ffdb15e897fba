"""What answers about mail mean, when messages are tried again, and in which hours no telephone rings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.messages import (
    LIFECYCLE,
    PAUSES,
    Channel,
    ChooseChannels,
    MessageStatus,
    Verdict,
    address_fault,
    after_quiet,
    faults,
    mask_address,
    new_header_id,
    next_try,
    refusal_verdict,
    status_verdict,
)
from portal.domain.notifications import Kind
from reports import messages as paper

V = Verdict


@pytest.mark.parametrize(
    ("code", "text", "verdict"),
    [
        (250, "2.1.5 ok", V.TAKEN), (251, "will forward", V.TAKEN), (421, "closing", V.LATER),
        (450, "4.2.1 busy", V.LATER), (550, "no such user", V.NO_SUCH_ADDRESS), (551, "not local", V.NO_SUCH_ADDRESS),
        (553, "5.1.3 odd", V.NO_SUCH_ADDRESS), (550, "5.2.1 disabled", V.NO_SUCH_ADDRESS),
        (550, "5.7.1 blocked", V.NEVER), (554, "no", V.NEVER), (552, "5.2.2 full", V.LATER),
        (550, "5.1.8 sender", V.NEVER),
    ],
)  # fmt: skip
def test_only_an_answer_about_the_address_makes_it_a_bad_one(code: int, text: str, verdict: Verdict) -> None:
    assert refusal_verdict(code, text) is verdict


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("5.1.1", V.NO_SUCH_ADDRESS),
        ("5.1.10", V.NO_SUCH_ADDRESS),
        ("4.4.7", V.LATER),
        ("5.7.26", V.NEVER),
        ("", V.LATER),
    ],
)
def test_a_report_of_delivery_says_the_same_by_its_status(status: str, verdict: Verdict) -> None:
    assert status_verdict(status) is verdict


def korea(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC) - timedelta(hours=9)


@pytest.mark.parametrize(
    ("at", "hours", "rings"),
    [
        (korea(15, 20, 59), (21, 8), korea(15, 20, 59)), (korea(15, 21), (21, 8), korea(16, 8)),
        (korea(16, 0, 30), (21, 8), korea(16, 8)), (korea(16, 7, 59), (21, 8), korea(16, 8)),
        (korea(16, 8), (21, 8), korea(16, 8)), (korea(15, 13), (12, 14), korea(15, 14)),
        (korea(15, 14), (12, 14), korea(15, 14)), (korea(15, 3), (9, 9), korea(15, 3)),
    ],
)  # fmt: skip
def test_a_telephone_rings_when_the_quiet_hours_are_over(at: datetime, hours: tuple[int, int], rings: datetime) -> None:
    assert after_quiet(at, *hours) == rings


def test_tries_are_further_and_further_apart_and_then_end() -> None:
    at = korea(15, 10)
    found = [next_try(failed, at) for failed in range(1, len(PAUSES) + 2)]
    assert found[-1] is None
    gaps = [moment - at for moment in found[:-1] if moment]
    assert gaps == sorted(gaps) == list(PAUSES)


@pytest.mark.parametrize(
    ("channel", "address", "code"),
    [
        (Channel.MAIL, "kim@example.kr", ""), (Channel.MAIL, "kim", "mail_address_invalid"),
        (Channel.MAIL, "kim@example.kr\r\nBcc: all@example.kr", "mail_address_invalid"),
        (Channel.MAIL, "김@example.kr", "mail_address_invalid"), (Channel.MAIL, "a@b..kr", "mail_address_invalid"),
        (Channel.MAIL, f"{'a' * 60}@{'b' * 200}.kr", "mail_address_invalid"),
        (Channel.SMS, "01012345678", ""), (Channel.MESSENGER, "0617802000", "phone_not_mobile"),
    ],
)  # fmt: skip
def test_where_a_message_cannot_go_is_refused(channel: Channel, address: str, code: str) -> None:
    assert address_fault(channel, address) == code


def test_a_channel_wants_its_address_and_another_is_not_asked_about() -> None:
    nothing = ChooseChannels("", "", frozenset(), 21, 8, frozenset())
    assert faults(nothing) == []
    both = ChooseChannels(
        "", "0617802000", frozenset({Channel.MAIL, Channel.SMS, Channel.MESSENGER}), 21, 8, frozenset()
    )
    assert [(each.code, each.field) for each in faults(both)] == [("required", "mail"), ("phone_not_mobile", "phone")]


def test_an_address_is_shown_masked() -> None:
    assert [mask_address(each) for each in ("kim@example.kr", "a@b.kr", "01012345678", "")] == [
        "k**@example.kr", "a**@b.kr", "010****5678", "",
    ]  # fmt: skip


def test_a_message_says_what_waits_and_where_and_nothing_of_the_case() -> None:
    assert set(paper.NAMES) == set(Kind)
    for kind in Kind:
        subject, text = paper.of(kind, 7, korea(15, 10).date(), Channel.MAIL)
        assert "/inbox/7" in text
        assert "기한: 2026. 6. 15.까지" in text
        assert subject.endswith(paper.NAMES[kind])
    _, short = paper.of(Kind.SUPPLEMENT_ASKED, 7, None, Channel.SMS)
    assert "\n" not in short
    assert len(short.encode("euc-kr")) <= 90  # what one SMS carries


def test_a_message_id_belongs_to_the_portals_host() -> None:
    assert new_header_id("a" * 32, "https://ieum.example.kr") == f"<{'a' * 32}@ieum.example.kr>"


def test_only_an_administrator_has_a_message_sent_again_and_only_one_that_did_not_arrive() -> None:
    again = {step.source for step in LIFECYCLE.steps if step.action == "send_again"}
    assert again == {MessageStatus.GIVEN_UP, MessageStatus.REFUSED, MessageStatus.BOUNCED}
