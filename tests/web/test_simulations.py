"""The pages of simulations: a form made from the terms, progress, both sides in figures, and who may see them."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
import python_calamine
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Role
from portal.domain.jobs import JobStatus
from portal.domain.terms import parse_terms
from portal.domain.terms_text import as_toml
from portal.models.accounts import User
from portal.models.jobs import Job
from portal.models.simulations import Simulation
from portal.services import jobs
from portal.services.simulations import Asked
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.clients import PortalClient
from tests.factories import AT, actor, make_official, make_organisation
from tests.pages import problems
from tests.settled import Office, line
from tests.simulated import ask, compute, draft, make_manager, with_rate

ClientOf = Callable[[User], PortalClient]
NEW = "/office/simulations/new/gurye-2020-o2o"


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    made = Office(session, stores, lines)
    made.shop("S1")
    made.deliver([line("S1", f"2026-05-{day:02d} 12:00", fee=3_000) for day in range(1, 11)], "2026-05")
    return made


@pytest.fixture
def manager(office: Office) -> User:
    return make_manager(office)


def numbers(**changed: str) -> dict[str, object]:
    """The form as it opens for the terms of Gurye, with what was changed."""
    plain: dict[str, object] = {
        "since": "2026-05",
        "until": "2026-05",
        "participants": "accepted",
        "counted": "terms",
        "budget": "",
        "cost_from": "2026-03-01",
        "cost_to": "2026-12-31",
        "platforms": list(data.platform_catalogue()),
        "round_down_to": "10",
        "item0_rate": "50",
        "item0_minimum": "0",
        "item0_cap0": "2,000",
        "item0_cap1": "100,000",
        "item0_cap2": "300,000",
        "item1_rate": "80",
        "item1_minimum": "0",
        "item1_cap0": "200,000",
        "item1_cap1": "200,000",
        "pool_0_amount": "120,000,000",
        "pool_0_order": "ordered_at",
    }
    return plain | changed


def only(session: Session) -> Simulation:
    session.expire_all()
    return session.scalars(select(Simulation)).one()


def test_the_form_holds_the_numbers_in_force_and_sent_back_unchanged_they_are_the_same_terms(
    session: Session, office: Office, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    page = client.get(NEW).text
    for name, value in numbers().items():
        if name not in ("platforms", "since", "until", "participants", "counted", "pool_0_order"):
            assert f'name="{name}"' in page, name
            assert f'value="{value}"' in page, name
    answer = client.submit(NEW, numbers())
    assert answer.status_code == 302
    assert parse_terms(only(session).text) == office.programme.terms
    assert "지금 조건과 같습니다" in client.get(answer.location).text


def test_changed_numbers_become_a_draft_and_a_job_that_waits(
    session: Session, office: Office, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    changed = numbers(
        item0_rate="62.5%", item0_cap1="", item1_cap0="150000원", pool_0_order="accepted_at", budget="1,000,000"
    )
    answer = client.submit(NEW, changed | {"platforms": ["baemin", "yogiyo"]})
    assert answer.status_code == 302
    made = only(session)
    terms = parse_terms(made.text)
    assert (str(terms.items[0].amount.rate), terms.platforms) == ("0.625", ("baemin", "yogiyo"))
    assert [cap.per for cap in terms.items[0].caps] == ["order", "programme"]
    assert (terms.items[1].caps[0].amount, terms.pools[0].order_by, made.budget) == (150_000, "accepted_at", 1_000_000)
    job = session.scalars(select(Job)).one()
    assert (job.status, job.subject, job.asked_by) == (JobStatus.WAITING, made.id, manager.id)
    page = client.get(answer.location).text
    assert "차례 기다림" in page
    assert f'hx-get="{answer.location}/progress"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "<ins>" in page
    assert "62.5" not in client.get(NEW).text
    assert "62.5" in client.get(f"{NEW}?like={made.id}").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"item0_rate": "101"}, "지원 비율: 비율은 0%에서 100% 사이"),
        ({"item0_rate": "33.333"}, "지원 비율: 비율은 소수 둘째 자리까지"),
        ({"item0_rate": ""}, "지원 비율: "),
        ({"item0_cap0": "-5"}, "주문 한 건의 한도: 금액은 0원 이상"),
        ({"round_down_to": "0"}, "지급 단위: 값이 너무 작습니다"),
        ({"cost_to": "2026-01-01"}, "사업 기간 끝나는 날: 끝나는 날짜가 시작하는 날짜보다"),
        ({"platforms": []}, "지원하는 플랫폼: "),
        ({"since": "2030-01"}, "시작하는 달: "),
    ],
)
def test_numbers_that_cannot_be_are_refused_at_their_field(
    session: Session, office: Office, manager: User, client_of: ClientOf, changed: dict[str, str], said: str
) -> None:
    answer = client_of(manager).submit(NEW, numbers(**changed))
    assert answer.status_code == 422
    assert any(problem.startswith(said) for problem in problems(answer)), problems(answer)
    assert session.scalars(select(Simulation)).all() == []


@pytest.mark.parametrize("as_file", [True, False])
def test_everything_wrong_with_a_draft_in_toml_is_listed_with_its_place(
    session: Session, office: Office, manager: User, client_of: ClientOf, as_file: bool
) -> None:
    text = as_toml(office.programme.terms)
    wrong = text.replace('rate = "0.5"', "rate = 0.5").replace('per = "month"', 'per = "week"') + "\nfoo = 1\n"
    wrong = wrong.replace("[[pool]]", "[[pool]]\nbar = 2")
    given: dict[str, object] = {name: numbers()[name] for name in ("since", "until", "participants", "counted")}
    given |= {"file": (io.BytesIO(wrong.encode()), "초안.toml")} if as_file else {"text": wrong}
    answer = client_of(manager).submit(f"{NEW}/text", given)
    assert answer.status_code == 422
    assert [line.split(":")[0] for line in problems(answer)] == [
        "item[1].amount.rate", "item[1].caps[2].per", "pool[1].bar", "pool[1].foo",
    ]  # fmt: skip
    assert session.scalars(select(Simulation)).all() == []


def test_a_draft_in_toml_is_taken(session: Session, office: Office, manager: User, client_of: ClientOf) -> None:
    client = client_of(manager)
    assert "order_by = &#34;ordered_at&#34;" in client.get(f"{NEW}/text").text
    given: dict[str, object] = {name: numbers()[name] for name in ("since", "until", "participants", "counted")}
    text = with_rate(office.programme.terms, "0.60")
    assert client.submit(f"{NEW}/text", given | {"text": text}).status_code == 302
    assert only(session).text == text


def made(office: Office, manager: User) -> Asked:
    asked = ask(office, draft(with_rate(office.programme.terms, "0.60"), budget=9_000), manager)
    compute(office, asked)
    return asked


def test_the_result_stands_side_by_side_with_signed_differences(
    office: Office, manager: User, client_of: ClientOf
) -> None:
    asked = made(office, manager)
    client = client_of(manager)
    page = client.get(f"/office/simulations/{asked.id}").text
    for said in ("15,000", "18,000", "+3,000", "2026. 5. 5.", "1일 빨라짐", "전액 인정", "&#34;0.6&#34;"):
        assert said in page, said
    assert "data-chart" in page
    assert "hx-get" not in page
    assert "계산 끝남" in client.get("/office/simulations").text


def test_the_tables_are_taken_away_as_workbook_and_csv(office: Office, manager: User, client_of: ClientOf) -> None:
    asked = made(office, manager)
    client = client_of(manager)
    answer = client.get(f"/office/simulations/{asked.id}/result.xlsx")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    assert book.sheet_names[:2] == ["한눈에 보기", "월별"]
    assert book.get_sheet_by_name("월별").to_python()[1] == ["2026. 5.", 15_000, 18_000, 3_000, 1, 1, 10, 10]
    text = client.get(f"/office/simulations/{asked.id}/result.csv").data.decode("utf-8-sig")
    assert "월별,2026. 5.,15000,18000,3000,1,1,10,10" in text.splitlines()
    assert client.get(f"/office/simulations/{asked.id}/result.pdf").status_code == 404


def test_progress_is_told_and_its_end_brings_the_page_anew(office: Office, manager: User, client_of: ClientOf) -> None:
    asked = ask(office, draft(as_toml(office.programme.terms)), manager)
    job = jobs.take_up(office.session, asked.job.id, at=AT)
    assert job is not None
    jobs.renew(office.session, job.id, str(job.token), done=50, of=200, at=AT)
    client = client_of(manager)
    answer = client.get(f"/office/simulations/{asked.id}/progress")
    assert "25% 계산했습니다" in answer.text
    assert "HX-Refresh" not in answer.headers
    jobs.fail(office.session, job.id, str(job.token), "out_of_range", at=AT)
    assert client.get(f"/office/simulations/{asked.id}/progress").headers["HX-Refresh"] == "true"
    assert "계산하지 못했습니다" in client.get(f"/office/simulations/{asked.id}").text
    assert client.get(f"/office/simulations/{asked.id}/result.csv").status_code == 404


def test_a_simulation_is_cancelled_once(office: Office, manager: User, client_of: ClientOf) -> None:
    asked = ask(office, draft(as_toml(office.programme.terms)), manager)
    client = client_of(manager)
    assert client.submit(f"/office/simulations/{asked.id}/cancellation").status_code == 302
    assert "그만둠" in client.get("/office/simulations").text
    assert client.submit(f"/office/simulations/{asked.id}/cancellation").status_code == 409


def test_others_read_or_are_refused(session: Session, office: Office, manager: User, client_of: ClientOf) -> None:
    asked = made(office, manager)
    address = f"/office/simulations/{asked.id}"
    reader = client_of(make_official(session, Role.POLICYMAKER))
    assert reader.get(address).status_code == 200
    assert "다시 시작" not in reader.get(address).text
    assert reader.get(NEW).status_code == reader.submit(NEW, numbers()).status_code == 403
    assert reader.submit(f"{address}/cancellation").status_code == 403
    assert client_of(office.reviewer).get(address).status_code == 403
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = client_of(make_official(session, Role.MANAGER, organisation=elsewhere))
    for url in (address, f"{address}/progress", f"{address}/result.csv", NEW, f"{NEW}/text"):
        assert stranger.get(url).status_code == 404, url
    assert stranger.submit(NEW, numbers()).status_code == 404
    assert "구례군 소상공인" not in stranger.get("/office/simulations").text


def test_a_draft_starts_from_versions_of_its_own_programme_alone(
    office: Office, manager: User, client_of: ClientOf
) -> None:
    client = client_of(manager)
    assert client.get(f"{NEW}?version={office.programme.version.id}").status_code == 200
    assert client.get(f"{NEW}?version=987").status_code == client.get(f"{NEW}?like=987").status_code == 404


def test_without_lines_there_is_nothing_to_fill_in(
    session: Session, client_of: ClientOf, stores: Stores, lines: LineStore
) -> None:
    empty = Office(session, stores, lines)
    page = client_of(make_manager(empty)).get(NEW).text
    assert "계산할 정산자료가 없습니다" in page
    assert "계산하기</button>" not in page


def test_the_list_costs_the_same_however_long_it_is(
    office: Office, manager: User, client_of: ClientOf, statement_counter: Callable[..., object]
) -> None:
    client = client_of(manager)

    def statements() -> int:
        with statement_counter() as counted:  # ty: ignore[invalid-context-manager]
            assert client.get("/office/simulations").status_code == 200
        return len(counted)

    ask(office, draft(as_toml(office.programme.terms)), manager)
    one = statements()
    for _ in range(4):
        ask(office, draft(as_toml(office.programme.terms)), manager)
    assert statements() == one
    assert actor(manager).name == "사업담당"
