"""The empty table of an association's list of members: one row each, every cell a text so that no zero gets lost."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

from xlsxwriter import Workbook

from portal.domain.roster_tables import COLUMNS, NEEDED
from portal.domain.rosters import MOST_MEMBERS
from reports.sheets import OPTIONS

MEMBERS, HELP = "구성원 명단", "적는 방법"
_HELP: Mapping[str, str] = {
    "사업자등록번호": "숫자 10자리. 이미 이음에 가입한 구성원은 사업자등록번호와 상호, 매장 번호만 적어도 됩니다.",
    "대표자 생년월일": "예: 1963-04-05. 두 번 지원받지 않는지 보는 데만 쓰고, 주민등록번호는 받지 않습니다.",
    "업종": "업종 이름이나 코드. 예: 한식 일반 음식점업, 56111, 47",
    "개업일": "사업자등록증의 개업 연월일. 예: 2018-03-02",
    "상시 근로자 수": "대표자와 일용직은 빼고 셉니다. 없으면 0",
    "은행": "은행 이름이나 세 자리 코드. 예: 부산은행, 032",
    "계좌번호": "지원금을 받을 통장. 앞의 0이 없어지지 않게 칸 서식을 ‘텍스트’로 둡니다.",
    "매장 번호": "공공 모바일 마켓이 매장마다 준 번호. 아직 없으면 비워 둡니다.",
}


def workbook() -> bytes:
    """The workbook's bytes: the table, and a sheet on how to fill it in."""
    out = BytesIO()
    with Workbook(out, OPTIONS) as book:
        bold, text = book.add_format({"bold": True, "bg_color": "#E7F1FF"}), book.add_format({"num_format": "@"})
        members = book.add_worksheet(MEMBERS)
        members.set_column(0, len(COLUMNS) - 1, 18, text)
        members.write_row(0, 0, list(COLUMNS), bold)
        members.freeze_panes(1, 0)
        explained = book.add_worksheet(HELP)
        explained.set_column(0, 0, 18)
        explained.set_column(1, 1, 90)
        rows = [
            ("한 줄에 한 구성원", f"{MOST_MEMBERS}명까지. 꼭 있어야 하는 열: {', '.join(NEEDED)}"),
            *((heading, _HELP[heading]) for heading in COLUMNS if heading in _HELP),
        ]
        for number, row in enumerate(rows):
            explained.write_row(number, 0, row)
    return out.getvalue()
