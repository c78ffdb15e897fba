"""A programme's own questions: what is asked of whom, which answers stand, and which questions are refused."""

from __future__ import annotations

import tomllib

import pytest

from portal.domain.errors import Problem
from portal.domain.questions import Question, asked, faults, kept, read_questions, unanswered
from portal.domain.tables import Table

DELIVERY = """
[[question]]
code = "how"
kind = "choice"
text = "어떻게 배달하나요?"
choices = ["대행사", "직접"]

[[question]]
code = "times"
kind = "number"
text = "몇 번 배달했나요?"
least = 1
most = 400
when = { question = "how", chosen = ["직접"] }

[[question]]
code = "why_so_many"
kind = "text"
text = "이유"
required = false
when = { question = "times", least = 100 }

[[question]]
code = "since"
kind = "date"
text = "언제부터"

[[question]]
code = "log"
kind = "file"
text = "배달 대장"
when = { question = "times", least = 1 }
"""


def read(toml: str) -> tuple[tuple[Question, ...], list[Problem]]:
    problems: list[Problem] = []
    return read_questions(Table(tomllib.loads(toml), problems).tables("question")), problems


QUESTIONS, NO_PROBLEMS = read(DELIVERY)


def test_the_questions_of_the_example_read_without_a_fault() -> None:
    assert NO_PROBLEMS == []


@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({}, ["how", "since"]),
        ({"how": "대행사"}, ["how", "since"]),
        ({"how": "직접"}, ["how", "times", "since"]),
        ({"how": "직접", "times": "99"}, ["how", "times", "since", "log"]),
        ({"how": "직접", "times": "100"}, ["how", "times", "why_so_many", "since", "log"]),
        # an answer that was given before the way changed leads nowhere any more
        ({"how": "대행사", "times": "100"}, ["how", "since"]),
        ({"how": "직접", "times": "많이"}, ["how", "times", "since"]),
        ({"how": "직접", "times": "9" * 5_000}, ["how", "times", "since"]),  # more digits than Python reads
    ],
)
def test_a_question_is_asked_of_those_whose_answers_lead_to_it(answers: dict[str, str], codes: list[str]) -> None:
    assert [question.code for question in asked(QUESTIONS, answers)] == codes


def test_what_was_not_asked_is_not_kept_and_papers_are_kept_elsewhere() -> None:
    given = {"how": "대행사", "times": "5", "since": " ", "log": "x.pdf", "foreign": "x"}
    assert kept(QUESTIONS, given) == {"how": "대행사"}


@pytest.mark.parametrize(
    ("code", "answer", "fault"),
    [
        ("how", "대행사", None),
        ("how", "말", "unknown_choice"),
        ("times", "1", None),
        ("times", "400", None),
        ("times", "0", "answer_out_of_bounds"),
        ("times", "401", "answer_out_of_bounds"),
        ("times", "-1", "number_not_a_number"),
        ("times", "١", "number_not_a_number"),  # digits of another script
        ("times", "9" * 5_000, "number_not_a_number"),
        ("since", "2026-02-28", None),
        ("since", "2026-02-30", "date_not_a_date"),
        ("since", "20260228", "date_not_a_date"),
        ("why_so_many", "가" * 500, None),
        ("why_so_many", "가" * 501, "too_long"),
    ],
)
def test_an_answer_is_judged_by_its_question(code: str, answer: str, fault: str | None) -> None:
    given = {"how": "직접", "times": "100", code: answer}
    assert [(each.code, each.field) for each in faults(QUESTIONS, given)] == (
        [] if fault is None else [(fault, f"answer_{code}")]
    )


def test_only_what_is_asked_and_required_is_missing() -> None:
    assert [each.field for each in unanswered(QUESTIONS, {})] == ["answer_how", "answer_since"]
    given = {"how": "직접", "times": "100", "since": "2026-01-01"}
    assert unanswered(QUESTIONS, given) == []
    assert [each.field for each in unanswered(QUESTIONS, {**given, "times": ""})] == ["answer_times"]


A = '[[question]]\ncode = "a"\nkind = "choice"\ntext = "가"\nchoices = ["예", "아니요"]\n'
N = '[[question]]\ncode = "n"\nkind = "number"\ntext = "수"\n'
T = '[[question]]\ncode = "t"\nkind = "text"\ntext = "글"\n'


@pytest.mark.parametrize(
    ("toml", "found"),
    [
        (A + A, [("question_twice", "question[2].code")]),
        (T + 'when = { question = "a", chosen = ["예"] }\n' + A, [("later_question", "question[1].when.question")]),
        (T + 'when = { question = "t", chosen = ["예"] }\n', [("later_question", "question[1].when.question")]),
        (T + 'when = { question = "z", chosen = ["예"] }\n', [("unknown_question", "question[1].when.question")]),
        (A + T + 'when = { question = "a", chosen = ["글쎄"] }\n', [("never_chosen", "question[2].when.chosen")]),
        (A + T + 'when = { question = "a" }\n', [("missing", "question[2].when.chosen")]),
        (N + T + 'when = { question = "n" }\n', [("missing", "question[2].when.least")]),
        (N + T + 'when = { question = "n", least = 5, most = 4 }\n', [("bounds_reversed", "question[2].when.most")]),
        (T + N + 'when = { question = "t", least = 1 }\n', [("no_condition_on_kind", "question[2].when.question")]),
        (N + "least = 5\nmost = 4\n", [("bounds_reversed", "question[1].most")]),
        (T + 'choices = ["예"]\n', [("unknown_key", "question[1].choices")]),
        (A.replace("아니요", "예"), [("repeated", "question[1].choices")]),
        (T.replace("text", "oracle", 1), [("unknown_choice", "question[1].kind")]),
    ],
)
def test_a_question_that_cannot_be_meant_is_noted_at_its_place(toml: str, found: list[tuple[str, str]]) -> None:
    assert [(each.code, each.field) for each in read(toml)[1]] == found


def test_a_condition_on_an_earlier_question_is_taken() -> None:
    for toml in (
        A + T + 'when = { question = "a", chosen = ["예"] }\n',
        N + T + 'when = { question = "n", most = 4 }\n',
    ):
        assert read(toml)[1] == []
