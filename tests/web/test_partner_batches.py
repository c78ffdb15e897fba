"""Settlement batches through the API: every row accepted or refused, nothing stored twice, nothing of others seen."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.api_requests import ApiRequest
from portal.models.settlements import Delivery
from portal.queries import invariants
from portal.services import settlements
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from portal.web import received
from tests.api import Program, fresh_key, program, register
from tests.factories import make_official, make_organisation
from tests.settled import HEADER, csv_of, line

GOOD = [line("S1", "2026-05-03 12:00", order_no="A1"), line("S2", "2026-05-04 12:00", order_no="A2", fee=4_000)]
BAD = line("S1", "2026-06-01 00:00", order_no="A3")


def as_json(rows: list[list[object]]) -> dict[str, Any]:
    return {"period": "2026-05", "rows": [dict(zip(HEADER, row, strict=True)) for row in rows]}


def as_ndjson(rows: list[list[object]]) -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in as_json(rows)["rows"])


@pytest.fixture
def asking(app: Flask, session: Session) -> Program:
    return program(app, session, register(session))


def stream(asking: Program, body: bytes, kind: str, *, packed: bool = True, **more: Any):
    headers = {"Authorization": f"Bearer {asking.token}", "Content-Type": kind}
    if packed:
        headers["Content-Encoding"] = "gzip"
    sent = {"query_string": {"period": "2026-05"}, "key": fresh_key(), **more}
    return asking.send("POST", "/batches/stream", data=gzip.compress(body) if packed else body, headers=headers, **sent)


def deliveries(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Delivery)) or 0


def test_every_row_is_accepted_or_refused_with_its_reason(session: Session, asking: Program, lines: LineStore) -> None:
    answer = asking.post("/batches", as_json([*GOOD, BAD]))
    assert answer.status_code == 201, answer.text
    found = answer.json
    assert (found["received_rows"], found["accepted"], found["refused"], found["again"]) == (3, 2, 1, False)
    assert found["totals"]["delivery_fee"] == 7_000
    (refused,) = found["refused_rows"]["items"]
    assert (refused["row"], refused["problems"][0]["code"]) == (3, "outside_month")
    assert "올린 달의 주문이 아닙니다" in refused["problems"][0]["message"]
    delivery = session.scalars(select(Delivery)).one()
    assert (delivery.platform, delivery.delivered_by) == ("baemin", asking.issued.client.account_id)
    assert lines.count() == 2
    assert list(invariants.rows_accounted_for(session)) == []


def test_the_bytes_that_are_kept_are_those_that_came(session: Session, asking: Program, stores: Stores) -> None:
    body = json.dumps(as_json([*GOOD, BAD]), indent=3).encode()
    headers = {"Authorization": f"Bearer {asking.token}", "Content-Type": "application/json"}
    assert asking.send("POST", "/batches", data=body, headers=headers, key=fresh_key()).status_code == 201
    delivery = session.scalars(select(Delivery)).one()
    assert (stores.deliveries.read(delivery.sha256), delivery.size) == (body, len(body))


def test_an_odd_average_is_told_and_refuses_nothing(asking: Program) -> None:
    odd = [line("S9", f"2026-05-0{day} 12:00", amount=21) for day in range(1, 6)]
    found = asking.post("/batches", as_json(odd)).json
    assert (found["accepted"], found["refused"], found["warned_stores"]) == (5, 0, 1)
    whole, store = found["warnings"]
    assert (whole["store_id"], store["store_id"], store["code"]) == ("", "S9", "average_order_below")
    assert (store["orders"], store["average"], store["least"], store["most"]) == (5, 21, 8_000, 80_000)
    assert asking.get(f"/batches/{found['id']}").json["warnings"] == found["warnings"]
    assert asking.post("/batches", as_json(GOOD)).json["warnings"] == []


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("kind", ["text/csv", "application/x-ndjson"])
def test_a_stream_of_either_kind_is_taken_in(asking: Program, kind: str, packed: bool) -> None:
    rows = [*GOOD, BAD]
    answer = stream(asking, csv_of(rows) if kind == "text/csv" else as_ndjson(rows), kind, packed=packed)
    assert answer.status_code == 201, answer.text
    assert (answer.json["accepted"], answer.json["refused"]) == (2, 1)


def test_the_same_key_and_body_get_the_same_answer_and_store_once(session: Session, asking: Program) -> None:
    first, again = (asking.post("/batches", as_json([*GOOD, BAD]), key="batch-0001") for _ in "12")
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert deliveries(session) == 1


def test_the_same_key_with_another_body_or_period_is_an_error(session: Session, asking: Program) -> None:
    asking.post("/batches", as_json(GOOD), key="batch-0001")
    answer = asking.post("/batches", as_json([BAD]), key="batch-0001")
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    stream(asking, csv_of(GOOD), "text/csv", key="stream-001")
    answer = stream(asking, csv_of(GOOD), "text/csv", key="stream-001", query_string={"period": "2026-06"})
    assert answer.json["code"] == "idempotency_key_reused"
    assert deliveries(session) == 2


def test_the_same_rows_under_another_key_get_the_first_answer(session: Session, asking: Program) -> None:
    first, again = (asking.post("/batches", as_json(GOOD)).json for _ in "12")
    assert (first["again"], again["again"], again["id"]) == (False, True, first["id"])
    assert deliveries(session) == 1


@pytest.mark.parametrize("key", [None, "short", "with blanks in it", "x" * 101, "한글한글한글한글"])
def test_without_a_proper_key_nothing_is_taken_in(session: Session, asking: Program, key: str | None) -> None:
    headers = {"Authorization": f"Bearer {asking.token}"} | (
        {"Idempotency-Key": key.encode().decode("latin-1")} if key else {}
    )
    answer = asking.send("POST", "/batches", json=as_json(GOOD), headers=headers)
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_missing")
    assert deliveries(session) == 0


REFUSED: dict[str, tuple[Any, int, str]] = {
    "no rows": ({"period": "2026-05", "rows": []}, 422, "incomplete"),
    "no period": ({"rows": as_json(GOOD)["rows"]}, 422, "incomplete"),
    "no month": ({**as_json(GOOD), "period": "2026-13"}, 422, "incomplete"),
    "something more": ({**as_json(GOOD), "platform": "yogiyo"}, 422, "incomplete"),
    "too many rows": ({"period": "2026-05", "rows": [{}] * 5_001}, 422, "incomplete"),
    "a list": ([1], 422, "incomplete"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_batch_that_is_none_is_refused_whole_and_its_key_may_be_used_again(session, asking, name: str) -> None:
    body, status, code = REFUSED[name]
    answer = asking.post("/batches", body, key="mended-001")
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert deliveries(session) == 0
    assert session.scalars(select(ApiRequest)).all() == []
    assert asking.post("/batches", as_json(GOOD), key="mended-001").status_code == 201


BROKEN = {
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe{}",
    "endless brackets": b"[" * 200_000,
    "a number without end": b'{"period": ' + b"1" * 6_000 + b"}",
    "nothing": b"",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_json_is_malformed_however_it_is_broken(asking: Program, name: str) -> None:
    headers = {"Authorization": f"Bearer {asking.token}", "Content-Type": "application/json"}
    answer = asking.send("POST", "/batches", data=BROKEN[name], headers=headers, key=fresh_key())
    assert answer.status_code in (400, 422), answer.text
    assert answer.json["code"] in ("malformed", "incomplete")


def test_a_body_of_another_type_or_packing_or_size_is_refused(asking: Program, monkeypatch) -> None:
    headers = {"Authorization": f"Bearer {asking.token}"}
    text = {**headers, "Content-Type": "text/plain"}
    assert asking.send("POST", "/batches", data="x", headers=text, key=fresh_key()).status_code == 415
    assert stream(asking, b"x", "application/json", packed=False).status_code == 415
    brotli = {**headers, "Content-Type": "text/csv", "Content-Encoding": "br"}
    query = {"query_string": {"period": "2026-05"}, "key": fresh_key()}
    assert asking.send("POST", "/batches/stream", data=b"x", headers=brotli, **query).status_code == 415
    monkeypatch.setattr(received, "JSON_BYTES", 1_000)
    answer = asking.post("/batches", as_json(GOOD * 20))
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_a_stream_that_unpacks_without_end_is_refused(session: Session, asking: Program, monkeypatch) -> None:
    monkeypatch.setattr(received, "UNPACKED_BYTES", 1 << 20)
    answer = stream(asking, b"a" * (1 << 22), "text/csv")
    assert (answer.status_code, answer.json["problems"][0]["code"]) == (422, "too_large")
    for broken in (b"no gzip", gzip.compress(csv_of(GOOD))[:-9]):
        headers = {"Authorization": f"Bearer {asking.token}", "Content-Type": "text/csv", "Content-Encoding": "gzip"}
        query = {"query_string": {"period": "2026-05"}, "key": fresh_key()}
        answer = asking.send("POST", "/batches/stream", data=broken, headers=headers, **query)
        assert (answer.status_code, answer.json["problems"][0]["code"]) == (422, "wrong_type")
    assert deliveries(session) == 0


def test_a_file_that_cannot_be_read_is_refused_with_its_faults(asking: Program) -> None:
    answer = stream(asking, csv_of(GOOD).replace(b"store_id", b"shop", 1), "text/csv")
    assert (answer.status_code, answer.json["code"]) == (422, "file_refused")
    assert {each["code"] for each in answer.json["problems"]} == {"missing_column", "unknown_column"}


def test_the_results_are_read_back_page_by_page(asking: Program, monkeypatch, statement_counter) -> None:
    monkeypatch.setattr("portal.web.partner.batches.LARGEST_PAGE", 2)
    bad = [line("S1", "2026-06-01 00:00") for _ in range(5)]
    made = asking.post("/batches", as_json([*GOOD, *bad])).json
    assert asking.get(f"/batches/{made['id']}").json == {
        k: v for k, v in made.items() if k not in ("again", "refused_rows")
    }
    seen, page = [], made["refused_rows"]
    while True:
        seen += [item["row"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        page = asking.get(f"/batches/{made['id']}/refused", query_string={"cursor": page["next_cursor"]}).json
    assert seen == [3, 4, 5, 6, 7]
    with statement_counter() as statements:
        assert [item["id"] for item in asking.get("/batches").json["items"]] == [made["id"]]
    assert len(statements) <= 8, "\n".join(statements)


def test_another_platforms_batches_and_another_organisations_do_not_exist(app, session, asking: Program) -> None:
    made = asking.post("/batches", as_json(GOOD)).json["id"]
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    elsewhere = make_official(session, Role.ADMINISTRATOR, organisation=hadong)
    for issued in (register(session, platform="yogiyo"), register(session, by=elsewhere)):
        stranger = program(app, session, issued)
        for path in (f"/batches/{made}", f"/batches/{made}/refused"):
            assert stranger.get(path).status_code == 404
        assert stranger.get("/batches").json["items"] == []


def test_a_platform_that_practises_changes_no_real_data(app, session, stores: Stores, lines: LineStore) -> None:
    real, practice = register(session), register(session, sandbox=True)
    practising = program(app, session, practice)
    assert practising.post("/batches", as_json([*GOOD, BAD])).status_code == 201
    delivery = session.scalars(select(Delivery)).one()
    assert delivery.organisation_id == practice.client.data_organisation_id != real.client.organisation_id
    assert settlements.taken_in(session, lines, real.client.organisation_id).paths == []
    assert program(app, session, real).get(f"/batches/{delivery.id}").status_code == 404
    assert program(app, session, real).post("/batches", as_json([*GOOD, BAD])).json["again"] is False
    assert practising.get("/client").json["sandbox"] is True


def test_an_official_sees_what_came_through_the_api(session: Session, asking: Program, client_of) -> None:
    made = asking.post("/batches", as_json([*GOOD, BAD])).json["id"]
    desk = client_of(make_official(session, Role.REVIEWER))
    assert "api-baemin-2026-05.json" in desk.get(f"/office/settlements/{made}").text
    refused = desk.get(f"/office/settlements/{made}/refused.csv").data.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(refused.splitlines()[1])))[:2] == ["3", "ordered_at"]


def test_a_months_statement_is_compared_with_what_is_stored(asking: Program) -> None:
    asking.post("/batches", as_json(GOOD))
    later = [[*GOOD[1][:6], "cancelled", *GOOD[1][7:]]]
    asking.post("/batches", as_json(later))
    figures = {"orders": 1, "cancelled": 1, "delivery_fee": 3_000, "order_amount": 19_000}
    said = asking.put("/statements/2026-05", {"figures": figures})
    assert said.status_code == 200, said.text
    assert (said.json["agrees"], said.json["differences"]) == (False, {"order_amount": -1_000})
    assert said.json["reasons"] == {"order_amount": "more_stored"}
    assert said.json["stored"]["orders"] == 1
    figures["order_amount"] = 20_000
    assert asking.put("/statements/2026-05", {"figures": figures}).json["agrees"] is True
    assert asking.get("/statements/2026-05").json["agrees"] is True
    assert asking.get("/statements/2026-04").status_code == 404


@pytest.mark.parametrize(
    ("period", "figures"),
    [("2026-13", {"orders": 1}), ("2026-05", {}), ("2026-05", {"orders": -1}), ("2026-05", {"x": 1})],
)
def test_a_statement_that_is_none_is_refused(asking: Program, period: str, figures: dict[str, int]) -> None:
    assert asking.put(f"/statements/{period}", {"figures": figures}).status_code == 422
