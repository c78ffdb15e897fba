"""Plans are loaded in versions, reported on by two persons, and take from the ledger what the ledger knows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import (
    AlreadyDone,
    FileRefused,
    Incomplete,
    InvalidTransition,
    NotFound,
    NotPermitted,
    SamePerson,
)
from portal.domain.ledger import PostingKind
from portal.domain.notifications import Kind
from portal.domain.plan_sums import Measure, Money
from portal.models.notifications import Notification
from portal.models.plans import PlanVersion
from portal.queries import ledger as books
from portal.queries import plan_reports as reports_known
from portal.queries import plans as known
from portal.services import decisions, ledger, plan_reports, plans
from portal.storage.objects import Stores
from tests.cases import apply, recommend
from tests.factories import AT, actor, make_official, make_organisation, make_programme
from tests.planned import CODE, MALL, TEXT, Desk, open_desk


@pytest.fixture
def desk(session: Session, stores: Stores) -> Desk:
    return open_desk(session, stores)


def standing(desk: Desk) -> known.Standing:
    return known.standing(desk.session, known.one(desk.session, CODE, desk.by))


def test_the_same_text_again_changes_nothing_and_another_makes_the_next_version(desk: Desk) -> None:
    again = plans.load(desk.session, TEXT, by=desk.by, at=AT)
    assert (again.new, again.version.number) == (False, 1)
    later = desk.put_in_force(TEXT.replace("작은 육성계획", "고친 육성계획"))
    assert (later.number, later.plan.name) == (2, "고친 육성계획")
    back = desk.put_in_force(TEXT)  # an earlier text may come back: as a version of its own
    assert back.number == 3
    assert desk.session.scalar(select(func.count(PlanVersion.id))) == 3
    assert known.one(desk.session, CODE, desk.by).version.number == 3


def test_a_version_that_takes_away_what_was_reported_on_is_refused(desk: Desk) -> None:
    without = TEXT.replace('code = "mall"', 'code = "other"')
    refused = desk.report()
    plan_reports.refuse(desk.session, refused.id, "문서와 다릅니다.", by=desk.second, at=AT)
    assert desk.put_in_force(without).number == 2  # what was refused holds nothing
    desk.put_in_force(TEXT)
    desk.report()
    with pytest.raises(FileRefused) as kept:
        plans.load(desk.session, without, by=desk.by, at=AT, file="plan.toml")
    assert [str(problem) for problem in kept.value.problems] == ["plan.toml code: plan_has_reports (mall)"]


def test_a_loaded_version_waits_for_another_manager(desk: Desk) -> None:
    session, changed = desk.session, TEXT.replace("작은 육성계획", "고친 육성계획")
    made = plans.load(session, changed, by=desk.by, at=AT).version
    assert known.one(session, CODE, desk.by).version.number == 1
    assert made.plan.name == "작은 육성계획"
    assert plans.load(session, changed, by=desk.by, at=AT).version is made
    with pytest.raises(AlreadyDone):
        plans.load(session, TEXT.replace("작은", "또 고친"), by=desk.second, at=AT)
    with pytest.raises(SamePerson):
        plans.confirm(session, made.id, by=desk.by, at=AT)
    told = session.scalars(select(Notification.account_id).where(Notification.kind == Kind.PLAN_VERSION_WAITS)).all()
    assert told.count(desk.second.user_id) == 2  # of the first version and of this one
    with pytest.raises(Incomplete):
        plans.refuse_version(session, made.id, " ", by=desk.second, at=AT)
    plans.refuse_version(session, made.id, "발표된 이름과 다릅니다.", by=desk.second, at=AT)
    with pytest.raises(InvalidTransition):
        plans.confirm(session, made.id, by=desk.second, at=AT)
    assert known.one(session, CODE, desk.by).version.number == 1
    assert desk.put_in_force(changed).number == 3
    assert known.one(session, CODE, desk.by).version.number == 3


def test_what_was_reported_on_meanwhile_cannot_be_confirmed_away(desk: Desk) -> None:
    made = plans.load(desk.session, TEXT.replace('code = "mall"', 'code = "other"'), by=desk.by, at=AT).version
    desk.report()
    with pytest.raises(FileRefused, match="plan_has_reports"):
        plans.confirm(desk.session, made.id, by=desk.second, at=AT)


def test_a_plan_belongs_to_the_organisation_it_names_and_managers_load_it(session: Session, stores: Stores) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    with pytest.raises(FileRefused, match="plan_of_another"):
        open_desk(session, stores, organisation=elsewhere)
    reviewer = actor(make_official(session, Role.REVIEWER))
    with pytest.raises(NotPermitted):
        plans.load(session, TEXT, by=reviewer, at=AT)
    desk = open_desk(session, stores)
    stranger = actor(make_official(session, Role.MANAGER, organisation=elsewhere))
    with pytest.raises(NotFound):
        plans.load(session, TEXT.replace('organisation = "gurye"', 'organisation = "haenam"'), by=stranger, at=AT)
    with pytest.raises(NotFound):
        plan_reports.report(session, stores, CODE, MALL, by=stranger, at=AT)
    made = desk.report()
    with pytest.raises(NotFound):
        plan_reports.confirm(session, made.id, by=stranger, at=AT)


def test_a_report_counts_once_another_manager_has_confirmed_it(desk: Desk) -> None:
    made = desk.report()
    found = standing(desk).figures
    assert (found["mall"].total.spent, found["mall"].waiting, found[CODE].waiting) == (0, 1, 1)
    with pytest.raises(SamePerson):
        plan_reports.confirm(desk.session, made.id, by=desk.by, at=AT)
    policymaker = actor(make_official(desk.session, Role.POLICYMAKER))
    with pytest.raises(NotPermitted):
        plan_reports.confirm(desk.session, made.id, by=policymaker, at=AT)
    plan_reports.confirm(desk.session, made.id, by=desk.second, at=AT)
    found = standing(desk).figures
    assert found["mall"].money[2025, "national"] == Money(100, 100, 0, 90)
    assert (found[CODE].total.spent, found[CODE].waiting) == (140, 0)
    assert found["mall"].totals == {"businesses": Measure(10, 5), "rate": Measure(2, 0)}
    with pytest.raises(InvalidTransition):
        plan_reports.refuse(desk.session, made.id, "늦었습니다.", by=desk.second, at=AT)
    (row,) = reports_known.of_node(desk.session, made.plan_id, "mall")
    assert (row.reporter, row.decider, row.check.decided_at, row.check.note) == ("김보고", "이확인", AT, "")


def test_a_later_report_counts_in_place_of_the_earlier_figure_by_figure(desk: Desk) -> None:
    desk.confirmed()
    desk.confirmed(spent={"county": 40}, reached={}, document="정정-7")
    refused = desk.report(spent={"county": 99}, reached={"businesses": 99})
    plan_reports.refuse(desk.session, refused.id, "문서와 다릅니다.", by=desk.second, at=AT)
    found = standing(desk).figures["mall"]
    assert (found.by_source()["county"].spent, found.by_source()["national"].spent) == (40, 90)
    assert found.totals["businesses"].actual == 5
    assert len(reports_known.of_node(desk.session, desk.version.plan_id, "mall")) == 3


def test_one_report_of_a_sub_project_and_year_waits_at_a_time(desk: Desk) -> None:
    made = desk.report()
    with pytest.raises(AlreadyDone):
        desk.report()
    desk.report(year=2026, as_of=AT.date())
    plan_reports.refuse(desk.session, made.id, "문서와 다릅니다.", by=desk.by, at=AT)
    desk.report()


def test_who_must_know_is_told(desk: Desk) -> None:
    made = desk.report()
    with pytest.raises(Incomplete):
        plan_reports.refuse(desk.session, made.id, " ", by=desk.second, at=AT)
    plan_reports.refuse(desk.session, made.id, "문서와 다릅니다.", by=desk.second, at=AT)
    of_reports = select(Notification).where(Notification.kind.not_in([Kind.PLAN_VERSION_WAITS]))
    told = [(each.kind, each.account_id, each.about) for each in desk.session.scalars(of_reports)]
    first, second = (user.id for user in desk.managers)
    about = "공공 온라인몰 · 2025"
    assert told == [(Kind.PLAN_REPORT_WAITS, second, about), (Kind.PLAN_REPORT_REFUSED, first, about)]


@pytest.mark.parametrize("table", ["plan_version", "plan_report", "plan_figure"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_loaded_and_reported_is_never_changed(desk: Desk, table: str, verb: str) -> None:
    desk.report()
    desk.session.commit()
    with pytest.raises((IntegrityError, DBAPIError), match="append-only"):
        desk.session.execute(text(verb.format(table)))


def test_a_linked_sub_project_takes_its_figures_from_the_ledger_and_the_decisions(desk: Desk) -> None:
    session, stores = desk.session, desk.stores
    assert standing(desk).figures["linked"].total == Money(planned=400)  # nobody has published the programme yet
    programme = make_programme(session)
    reviewer, approver = (make_official(session, role) for role in (Role.REVIEWER, Role.APPROVER))
    for _ in range(2):
        case = apply(session, stores, programme)
        recommend(session, case.application, actor(reviewer))
        decisions.approve(session, stores, case.id, by=actor(approver), at=AT)
    recommend(session, apply(session, stores, programme).application, actor(reviewer))  # not decided: not supported
    found = standing(desk)
    whole = books.balances(session, programme_id=programme.programme.id)
    money = found.figures["linked"].total
    assert money.budget == sum(line.appropriated for line in whole) > 0
    assert money.committed == sum(line.committed for line in whole) == 1_000_000
    assert money.spent == sum(line.paid for line in whole) == 0
    assert found.figures["linked"].totals["businesses"] == Measure(20, 2)
    assert found.figures[CODE].total.budget == money.budget + 600  # the others' budget is the plan's own
    typed = replace(MALL, node="linked", year=2026, as_of=AT.date(), spent={"county": 1}, reached={"businesses": 9})
    with pytest.raises(Incomplete) as refused:
        desk.report(typed)
    assert {problem.code for problem in refused.value.problems} == {"plan_from_ledger"}


def test_businesses_are_counted_in_the_korean_year_of_their_first_grant(desk: Desk) -> None:
    session, stores = desk.session, desk.stores
    programme = make_programme(session)
    reviewer, approver = (make_official(session, role) for role in (Role.REVIEWER, Role.APPROVER))
    new_year = datetime(2025, 12, 31, 15, 0, tzinfo=UTC)  # midnight in Korea
    for at in (new_year, new_year.replace(hour=14, minute=59)):
        case = apply(session, stores, programme)
        recommend(session, case.application, actor(reviewer))
        decisions.approve(session, stores, case.id, by=actor(approver), at=AT)
        session.execute(text("UPDATE decision SET decided_at = :at WHERE application_id = :id"),
                        {"at": _stored(session, at), "id": case.id})  # fmt: skip
    found = standing(desk).figures["linked"].measures["businesses"]
    assert {year: measure.actual for year, measure in found.items()} == {2025: 1, 2026: 1}


def _stored(session: Session, at: datetime) -> object:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if session.get_bind().dialect.name == "sqlite" else at


def test_money_brought_from_the_year_before_is_not_counted_twice(desk: Desk) -> None:
    session = desk.session
    programme = make_programme(session).programme
    line = ledger.lines_by_source(session, programme.id, 2026)["county"]
    by = actor(make_official(session, Role.APPROVER))
    before = standing(desk).figures["linked"].total.budget
    for key, more in (("carry:1:in:2025", 0), ("voucher:9", 70)):  # the control: a transfer by voucher does count
        ledger.post(session, PostingKind.TRANSFER_IN, {line: 70}, source_key=key, by=by, at=AT)
        assert standing(desk).figures["linked"].total.budget == before + more


def test_the_number_of_statements_does_not_grow_with_the_tree(
    session: Session, stores: Stores, statement_counter: Callable
) -> None:
    small, counts = open_desk(session, stores), []
    more = "\n".join(_project(number) for number in range(40))
    for add in ("", more):
        small.put_in_force(TEXT + add)
        for node in [node.code for node in known.one(session, CODE, small.by).tree.projects if not node.programme]:
            small.confirmed(node=node, spent={"national": 1}, reached={}, year=2026, as_of=AT.date())
        session.expire_all()
        with statement_counter() as statements:
            standing(small)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


def _project(number: int) -> str:
    return (
        f'\n[[field.task.project]]\ncode = "more{number}"\nname = "더하기 {number}"\n'
        "planned = { 2026 = { national = 0 } }\ntargets = { }"
    )


def test_a_figure_is_never_below_nought_even_by_hand(desk: Desk) -> None:
    made = desk.report()
    with pytest.raises(IntegrityError):
        desk.session.execute(
            text("INSERT INTO plan_figure (report_id, kind, key, value) VALUES (:id, 'spent', 'city', -1)"),
            {"id": made.id},
        )


def test_every_kind_of_file_adds_up(desk: Desk) -> None:
    desk.confirmed()
    files = {kind: plans.file(standing(desk), kind, at=AT, demo=True) for kind in plans.KINDS}
    assert {name for _content, name, _type in files.values()} == {f"plan_{CODE}_2026-06-15.{k}" for k in plans.KINDS}
    rows = list(csv.DictReader(io.StringIO(files["csv"][0].decode("utf-8-sig"))))
    assert sum(int(row["집행액"] or 0) for row in rows) == 140
    assert sum(int(row["계획액"] or 0) for row in rows) == 1_000
    assert [row["실적"] for row in rows if row["항목"] == "수수료율"] == ["0", ""]  # nought, and nothing known
    book = CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"][0]))
    tree, money = (book.get_sheet_by_name(name).to_python() for name in ("계획과 실적", "연도·재원별"))
    assert (len(tree), tree[1][6], tree[1][9]) == (9, 1_000, 140)
    assert [row[9] for row in money[1:] if row[9]] == [50, 90]
    with pytest.raises(NotFound):
        plans.file(standing(desk), "docx", at=AT, demo=True)
