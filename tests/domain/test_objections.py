"""By when one may object, by when the office answers, once extended, and what is open after it; days by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.domain import objections
from portal.domain.codes import load_act_periods, load_holidays
from portal.domain.errors import NotFound
from portal.domain.lifecycle import OBJECTED_TO, REOPEN, persons_by_action
from portal.domain.objections import Against, DraftAnswer, Law, Outcome

CODES = Path(__file__).parents[2] / "portal/data/codes"
LAW = Law(
    load_act_periods((CODES / "acts.csv").read_text(encoding="utf-8")),
    load_holidays((CODES / "holidays.csv").read_text(encoding="utf-8")),
)
WHY = "제출하신 자료로 매출이 기준 이하임이 확인됩니다."


@pytest.mark.parametrize(
    ("acts", "until", "act"),
    [
        (["local"], date(2026, 9, 28), "local"),  # 27 September is a Sunday
        (["national"], date(2026, 10, 7), "national"),
        (["petition"], date(2026, 11, 6), "petition"),
        (["local", "national"], date(2026, 10, 7), "national"),  # a mixed order: the longest
    ],
)
def test_the_last_day_of_an_objection_is_open_and_the_next_is_not(acts: list[str], until: date, act: str) -> None:
    window = objections.window_of(acts, date(2026, 9, 7), LAW)
    assert (window.until, window.act) == (until, act)
    assert window.is_open(until)
    assert not window.is_open(date.fromordinal(until.toordinal() + 1))


@pytest.mark.parametrize(
    ("act", "received", "due", "extended"),
    [
        # 14 calendar days end on the substitute for 3 October; then ten more.
        ("national", date(2026, 9, 21), date(2026, 10, 6), date(2026, 10, 16)),
        # Ten working days with the day of receipt, over Chuseok and 3 October; ten more over 9 October.
        ("petition", date(2026, 9, 21), date(2026, 10, 7), date(2026, 10, 22)),
        # The local Act says nothing: as for any petition.
        ("local", date(2026, 9, 21), date(2026, 10, 7), date(2026, 10, 22)),
        ("national", date(2026, 11, 2), date(2026, 11, 16), date(2026, 11, 26)),
        ("local", date(2026, 11, 2), date(2026, 11, 13), date(2026, 11, 27)),
    ],
)
def test_the_office_answers_by_the_clock_of_the_act(act: str, received: date, due: date, extended: date) -> None:
    assert objections.reply_due_on(received, act, LAW) == due
    assert objections.extended_due_on(due, act, received, LAW) == extended


def test_the_clock_names_the_article_that_it_rests_on() -> None:
    found = [objections.reply_rule(act, date(2026, 9, 21), LAW).article for act in ("national", "local")]
    assert found == ["보조금법 제37조", "민원처리법 제35조"]
    with pytest.raises(NotFound):
        objections.reply_rule("national", date(2020, 8, 3), LAW)


def test_ninety_days_for_the_remedies_that_stay_open() -> None:
    found = objections.remedies(date(2026, 9, 7), LAW)
    assert [(each.code, each.until) for each in found] == [
        ("administrative_appeal", date(2026, 12, 7)),  # the ninetieth day is a Sunday
        ("lawsuit", date(2026, 12, 7)),
    ]


@pytest.mark.parametrize(
    ("against", "outcome", "amount", "codes"),
    [
        (Against.REJECTION, Outcome.GRANT, None, []),
        (Against.REJECTION, Outcome.GRANT_PARTLY, 200, ["unknown_choice"]),
        (Against.RETURN, Outcome.GRANT_PARTLY, 200, ["unknown_choice"]),
        (Against.RECOVERY, Outcome.GRANT_PARTLY, 200, []),
        (Against.RECOVERY, Outcome.GRANT_PARTLY, 100, ["objection_amount"]),
        (Against.RECOVERY, Outcome.GRANT_PARTLY, 300, ["objection_amount"]),
        (Against.PARTIAL, Outcome.GRANT_PARTLY, None, ["objection_amount"]),
        (Against.PARTIAL, Outcome.DISMISS, None, []),
    ],
)
def test_what_is_upheld_in_part_lies_in_between_and_a_rejection_is_put_back_whole(
    against: Against, outcome: Outcome, amount: int | None, codes: list[str]
) -> None:
    found = objections.problems_in(DraftAnswer(outcome, WHY, amount), against, least=100, most=300)
    assert [problem.code for problem in found] == codes


@pytest.mark.parametrize(("text", "codes"), [("짧다", ["reasons_too_short"]), ("가" * 2001, ["too_long"]), (WHY, [])])
def test_an_answer_gives_its_reasons(text: str, codes: list[str]) -> None:
    found = objections.problems_in(DraftAnswer(Outcome.DISMISS, text), Against.PARTIAL, least=0, most=1)
    assert [problem.code for problem in found] == codes


def test_whoever_acted_before_a_case_was_reopened_took_part_in_what_was_objected_to() -> None:
    before = [("take_up", 1), ("recommend", 1), ("reject", 2)]
    assert OBJECTED_TO not in persons_by_action(before)
    found = persons_by_action([*before, (REOPEN, 3), ("take_up", 4)])
    assert found == {"take_up": {1, 4}, "recommend": {1}, "reject": {2}, REOPEN: {3}, OBJECTED_TO: {1, 2}}
