"""Questions of a programme's own: what the form asks, of whom, and what is wrong with an answer.

Answers are kept as text by the question's code; the answer to a question of kind `file` is the paper of that code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.errors import Problem
from portal.domain.tables import Table

KINDS = ("text", "number", "choice", "date", "file")
LONGEST = 500  # characters of a text
MOST_DIGITS = 12
Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only after one of these choices was made in an earlier question, or a number between two bounds given."""

    question: str
    chosen: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None

    def holds(self, answers: Answers) -> bool:
        """Whether the answers so far lead to the question; an answer that is not there leads nowhere."""
        answer = answers.get(self.question, "")
        if self.chosen:
            return answer in self.chosen
        return _is_number(answer) and _between(int(answer), self.least, self.most)


@dataclass(frozen=True, slots=True)
class Question:
    """One `[[question]]`. `choices` of a choice; `least` and `most` of a number; `when` None: asked of everybody."""

    code: str
    kind: str
    text: str
    required: bool = True
    note: str = ""
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    when: Condition | None = None


def read_questions(tables: Sequence[Table]) -> tuple[Question, ...]:
    """The questions in their order. Noted: a code used twice, a condition on a later question or on one that is not
    there, and one that no answer can meet."""
    codes = [str(table.values.get("code", "")) for table in tables]
    found: list[Question] = []
    for table in tables:
        question = _question(table, {each.code: each for each in found}, codes)
        if question.code and any(question.code == each.code for each in found):
            table.note("question_twice", "code", question.code)
        found.append(question)
        table.finish()
    return tuple(found)


def asked(questions: Sequence[Question], answers: Answers) -> tuple[Question, ...]:
    """The questions that these answers lead to, in order: an answer to a question that is not asked leads nowhere."""
    counting: dict[str, str] = {}
    reached = []
    for question in questions:
        if question.when is None or question.when.holds(counting):
            reached.append(question)
            counting[question.code] = answers.get(question.code, "")
    return tuple(reached)


def kept(questions: Sequence[Question], answers: Answers) -> dict[str, str]:
    """The answers that are stored: of the questions asked, those that are not empty. Papers are kept elsewhere."""
    written = ((each.code, answers.get(each.code, "").strip()) for each in asked(questions, answers)
               if each.kind != "file")  # fmt: skip
    return {code: answer for code, answer in written if answer}


def faults(questions: Sequence[Question], answers: Answers) -> list[Problem]:
    """What is wrong with what was answered, at the box of the question; what is still missing is no fault yet."""
    found = []
    for question in asked(questions, answers):
        answer = answers.get(question.code, "").strip()
        if answer and (code := _fault(question, answer)):
            found.append(Problem(code, box(question.code), _bounds(question) if code == "answer_out_of_bounds" else ""))
    return found


def unanswered(questions: Sequence[Question], answers: Answers) -> list[Problem]:
    """The questions asked that must be answered and are not; papers are told apart."""
    return [
        Problem("answer_missing", box(question.code), question.text)
        for question in asked(questions, answers)
        if question.required and question.kind != "file" and not answers.get(question.code, "").strip()
    ]


def box(code: str) -> str:
    """What the box of a question is called in the form."""
    return f"answer_{code}"


def _question(table: Table, earlier: Mapping[str, Question], codes: Sequence[str]) -> Question:
    kind = table.choice("kind", KINDS)
    question = Question(
        code=table.text("code"),
        kind=kind,
        text=table.text("text"),
        required=table.flag("required", True),
        note=table.text("note") if table.has("note") else "",
        choices=table.texts("choices") if kind == "choice" else (),
        least=_bound(table, "least") if kind == "number" else None,
        most=_bound(table, "most") if kind == "number" else None,
        when=_condition(table.table("when"), earlier, codes) if table.has("when") else None,
    )
    for choice in sorted({each for each in question.choices if question.choices.count(each) > 1}):
        table.note("repeated", "choices", choice)
    if not _ordered(question.least, question.most):
        table.note("bounds_reversed", "most", question.most)
    return question


def _condition(table: Table, earlier: Mapping[str, Question], codes: Sequence[str]) -> Condition:
    condition = Condition(
        question=table.text("question"),
        chosen=table.texts("chosen", ()),
        least=_bound(table, "least"),
        most=_bound(table, "most"),
    )
    on = earlier.get(condition.question)
    if condition.question and on is None:
        table.note("later_question" if condition.question in codes else "unknown_question", "question",
                   condition.question)  # fmt: skip
    elif on is not None and on.kind == "choice":
        for choice in condition.chosen:
            if choice not in on.choices:
                table.note("never_chosen", "chosen", choice)
        if not condition.chosen:
            table.note("missing", "chosen")
    elif on is not None and on.kind == "number":
        if condition.chosen or (condition.least is None and condition.most is None):
            table.note("missing", "least")
        elif not _ordered(condition.least, condition.most):
            table.note("bounds_reversed", "most", condition.most)
    elif on is not None:
        table.note("no_condition_on_kind", "question", condition.question)
    table.finish()
    return condition


def _bound(table: Table, key: str) -> int | None:
    return table.integer(key) if table.has(key) else None


def _ordered(least: int | None, most: int | None) -> bool:
    return least is None or most is None or least <= most


def _between(number: int, least: int | None, most: int | None) -> bool:
    return (least is None or number >= least) and (most is None or number <= most)


def _fault(question: Question, answer: str) -> str:
    if question.kind == "choice":
        return "" if answer in question.choices else "unknown_choice"
    if question.kind == "date":
        return "" if _is_day(answer) else "date_not_a_date"
    if question.kind == "number":
        if not _is_number(answer):
            return "number_not_a_number"
        return "" if _between(int(answer), question.least, question.most) else "answer_out_of_bounds"
    return "too_long" if len(answer) > LONGEST else ""


def _is_number(answer: str) -> bool:
    """Digits, and not more of them than a number may have: whatever was sent, reading it costs nothing."""
    return len(answer) <= MOST_DIGITS and answer.isascii() and answer.isdecimal()


def _is_day(answer: str) -> bool:
    try:
        return date.fromisoformat(answer).isoformat() == answer
    except ValueError:
        return False


def _bounds(question: Question) -> str:
    least, most = question.least, question.most
    return f"{'' if least is None else f'{least:,}'} ~ {'' if most is None else f'{most:,}'}".strip()
