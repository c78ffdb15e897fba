"""Scenarios an official can check by hand: the contract's worked example, each reason, who takes a line, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from portal.assessment import assess, explain
from portal.domain.assessment import ClaimRow, Cut, Enrolment, LinkPeriod, Reason, SummaryRow
from portal.domain.terms import parse_terms
from tests.assessment.assessing import decided
from tests.assessment.files import toml, write_csv
from tests.assessment.town import LINKS, SEATS, delivery, line, run, terms


def test_the_worked_example_of_the_contract(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "lines.csv", [line(f"o{number}", "03-02") for number in (1, 2, 3)])
    with assess([terms([delivery()])], lines=[path], links=LINKS, enrolments=SEATS) as assessment:
        assert assessment.claims() == [ClaimRow("p", "m1", "2026-03", 3, 49_995_000, 4_990)]
        assert assessment.summaries() == [SummaryRow("p", "m1", "2026-03", "baemin", "delivery", 3, 49_995_000)]
        assert assessment.outcomes() == {"paid": 3}
        assessment.write_claims(tmp_path / "claims.csv")
    assert (tmp_path / "claims.csv").read_text(encoding="utf-8") == (
        "programme,merchant_id,period,lines,exact_e4,payable\np,m1,2026-03,3,49995000,4990\n"
    )


REASONS = [
    ("unlinked", line("o1", "10-01")),  # the day after the link's last
    ("paid", line("o2", "09-30")),  # its last
    ("not_enrolled", line("o3", "03-02", store_id="s3")),
    ("outside_window", line("o4", "02-28")),
    ("paid", line("o5", "03-01")),
    ("outside_window", line("o6", "12-01", store_id="s2")),
    ("paid", line("o7", "11-30", store_id="s2")),
    ("platform", line("o8", "03-02", platform="barogo", store_id="b1", channel="coupon", order_amount=0)),
    ("channel", line("o9", "03-02", channel="coupon", order_amount=0)),
    ("below_minimum", line("o10", "03-02", order_amount=9_999, delivery_fee=0)),
    ("paid", line("o11", "03-02", order_amount=10_000)),
    ("no_cost", line("o12", "03-02", delivery_support=3_333)),
    ("paid", line("o13", "03-02", delivery_support=3_332)),
    ("no_cost", line("o14", "03-02", delivery_support=4_000)),
    ("cancelled", line("o15", "03-02", status="cancelled")),
    ("cancelled", line("o16", "03-02", origin_key="baemin:o15", store_id="s3")),
    ("unlinked", line("o17", "03-02", store_id="nobody")),
    ("reduced", line("o18", "03-02", delivery_fee=4_001)),
    ("paid", line("o19", "03-02", delivery_fee=4_000)),
    ("paid", line("o20", "03-02", delivery_fee=3_334)),
    ("duplicate", line("o21", "03-02", origin_key="baemin:o20")),
]


def test_each_reason_with_its_neighbour_on_the_other_side_of_the_boundary(tmp_path: Path) -> None:
    item = delivery(channels=["delivery"], min_order_amount=10_000, caps=[{"per": "order", "amount": 2_000}])
    found = run(tmp_path, [terms([item], platforms=["baemin"])], [row for _, row in REASONS])
    assert {order_no: reason for (order_no, _), (_, reason) in found.items()} == {
        row["order_no"]: reason for reason, row in REASONS
    }


def test_the_latest_statement_counts_even_when_it_cancels(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "lines.csv",
        [
            line("o1", "03-02", received_seq=9, delivery_fee=1_000),
            line("o1", "03-02", received_seq=10, delivery_fee=2_000),
            line("o2", "03-02", received_seq=1),
            line("o2", "03-02", received_seq=2, status="cancelled"),
        ],
    )
    with assess([terms([delivery()])], lines=[path], links=LINKS, enrolments=SEATS) as assessment:
        assessment.write_lines(tmp_path / "decided.parquet")
    assert decided(tmp_path / "decided.parquet") == {
        ("baemin", "o1", 9, "delivery"): ("", "", 0, "superseded"),
        ("baemin", "o1", 10, "delivery"): ("p", "m1", 10_000_000, "paid"),
        ("baemin", "o2", 1, "delivery"): ("", "", 0, "superseded"),
        ("baemin", "o2", 2, "delivery"): ("", "", 0, "cancelled"),
    }


def test_the_smaller_priority_takes_the_line_and_the_next_only_what_the_first_may_not(tmp_path: Path) -> None:
    second = {"code": "q", "priority": 2, "cost_window": {"from": date(2026, 1, 1), "to": date(2026, 12, 31)}}
    other = parse_terms(toml({**second, "item": [delivery(amount={"kind": "flat", "amount": 1})]}))
    path = write_csv(tmp_path / "lines.csv", [line("o1", "03-02"), line("o2", "02-28")])
    seats = [*SEATS, Enrolment("q", "m1", "w1", None, None, datetime.fromisoformat("2026-01-01 09:00"))]
    with assess([other, terms([delivery()])], lines=[path], links=LINKS, enrolments=seats) as assessment:
        assert [(claim.programme, claim.period, claim.exact_e4) for claim in assessment.claims()] == [
            ("p", "2026-03", 16_665_000),
            ("q", "2026-02", 10_000),
        ]


def test_until_leaves_later_orders_out_but_hears_what_later_statements_say(tmp_path: Path) -> None:
    lines = [line("o1", "03-31"), line("o2", "03-31"), line("o2", "03-31", received_seq=9, status="cancelled")]
    lines.append(line("o3", "04-01", ordered_at="2026-04-01 00:00:00"))
    path = write_csv(tmp_path / "lines.csv", lines)
    until = datetime(2026, 3, 31, 15, tzinfo=UTC)  # midnight in Korea
    with assess([terms([delivery()])], lines=[path], links=LINKS, enrolments=SEATS, until=until) as assessment:
        assert assessment.outcomes() == {"cancelled": 1, "paid": 1, "superseded": 1}


def test_an_explanation_names_every_cap_and_the_article_that_decided(tmp_path: Path) -> None:
    caps = [
        {"per": "month", "amount": 2_500, "legal": '제4조제3항 "월"'},
        {"per": "order", "amount": 1_500, "legal": "제4조제2항"},
    ]
    pool = {"per": "programme", "amount": 2_400, "order_by": "ordered_at", "legal": "예산의 범위"}
    programme = terms([delivery(caps=caps)], pool=[pool], legal_basis="공고 제2026-12호")
    path = write_csv(
        tmp_path / "lines.csv",
        [
            line("o1", "03-02"),
            line("o2", "03-03"),
            line("o3", "03-04", channel="coupon", delivery_fee=0),
            line("o4", "04-01"),
        ],
    )
    with assess([programme], lines=[path], links=LINKS, enrolments=SEATS) as assessment:
        assessment.write_explanations(tmp_path / "explained.parquet")
    first, second, third = explain(tmp_path / "explained.parquet", "m1", "2026-03")
    order_cap = Cut("cap", "order", "제4조제2항", 1_665_000)
    assert (first.amount_before_caps_e4, first.cuts, first.amount_e4) == (16_665_000, (order_cap,), 15_000_000)
    assert (first.reason, first.legal, first.basis) == (Reason.REDUCED, "제4조제2항", 3_333)
    assert second.cuts == (
        order_cap,
        Cut("cap", "month", '제4조제3항 "월"', 5_000_000),
        Cut("pool", "programme", "예산의 범위", 1_000_000),
    )
    assert (second.amount_e4, second.reason, second.legal) == (9_000_000, Reason.REDUCED, "예산의 범위")
    assert (third.reason, third.legal, third.cuts) == (Reason.NO_COST, "공고 제2026-12호", ())
    (fourth,) = explain(tmp_path / "explained.parquet", "m1", "2026-04")
    assert (fourth.reason, fourth.legal) == (Reason.CAPPED, "예산의 범위")
    assert explain(tmp_path / "explained.parquet", "m2", "2026-03") == []


def test_texts_with_commas_and_quotes_survive_in_claims(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "lines.csv", [line("o1", "03-02", store_id="s,9")])
    links = [LinkPeriod("baemin", "s,9", 'm "1", 2', date(2026, 1, 1), None)]
    seats = [Enrolment("p", 'm "1", 2', "w", None, None, datetime.fromisoformat("2026-01-01 09:00"))]
    with assess([terms([delivery()])], lines=[path], links=links, enrolments=seats) as assessment:
        assessment.write_claims(tmp_path / "claims.csv")
    assert 'p,"m ""1"", 2",2026-03,1,16665000,1660\n' in (tmp_path / "claims.csv").read_text(encoding="utf-8")
