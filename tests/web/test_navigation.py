"""The menu's groups: who sees which, which one the page lies in, where work begins."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.domain.actors import OF_PEOPLE, Actor, Role
from portal.web import navigation


def menu_of(app: Flask, role: Role, path: str = "/") -> list[navigation.Group]:
    with app.test_request_context(path):
        return navigation.menu(Actor(1, 1, "아무개", frozenset({role})))


def shown(groups: list[navigation.Group]) -> dict[str, list[str]]:
    return {str(group.label): [str(entry.label) for entry in group.entries] for group in groups}


def test_an_approvers_entries_stand_in_five_groups(app: Flask) -> None:
    groups = menu_of(app, Role.APPROVER, "/office/claims/gurye-2020-o2o/2026-09")
    assert list(shown(groups)) == ["신청·심사", "플랫폼·자료", "지급·예산", "사업·통계", "설정·점검"]
    assert [str(group.label) for group in groups if group.current] == ["지급·예산"]
    assert [str(entry.label) for entry in navigation.entries(groups) if entry.current] == ["지원금 산정"]


def test_a_page_without_an_entry_lies_under_the_one_that_leads_to_it(app: Flask) -> None:
    groups = menu_of(app, Role.APPROVER, "/office/tags/3/edit")
    assert [str(entry.label) for entry in navigation.entries(groups) if entry.current] == ["업무 현황"]
    assert not any(group.current for group in menu_of(app, Role.APPROVER, "/inbox"))


@pytest.mark.parametrize("role", OF_PEOPLE, ids=str)
def test_no_group_is_empty_and_none_has_to_be_opened_for_one_entry(app: Flask, role: Role) -> None:
    groups = menu_of(app, role)
    assert groups
    assert all(len(group.entries) > (1 if group.label else 0) for group in groups)


def test_whoever_has_one_kind_of_work_sees_its_entries_at_once(app: Flask) -> None:
    assert list(shown(menu_of(app, Role.POLICYMAKER))) == [""]
    assert "사업·통계" in shown(menu_of(app, Role.MANAGER))


def test_work_begins_with_cases_money_or_programmes_not_with_what_happens_to_stand_first(app: Flask) -> None:
    with app.test_request_context():
        begun = {role: navigation.start(menu_of(app, role)) for role in OF_PEOPLE}
    assert {str(role): str(entry.label) for role, entry in begun.items() if entry} == {
        "merchant": "내 업무",
        "reviewer": "신청 처리",
        "approver": "신청 처리",
        "payer": "지원금 산정",
        "auditor": "신청 처리",
        "policymaker": "사업",
        "manager": "사업",
        "administrator": "계정",
        "clerk": "대리 입력",
        "platform": "한눈에 보기",
    }
