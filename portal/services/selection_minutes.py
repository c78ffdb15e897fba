"""The minutes of a selection (선정심의 결과): drawn up from what was scored or drawn, and kept as they were signed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.rankings import Outcome
from portal.domain.selection_rules import SelectionRules
from portal.models.accounts import Organisation, Person, User
from portal.models.selections import Candidate, Selection
from portal.queries import declarations, programmes, selections
from portal.services import issuing
from portal.storage.objects import Stores
from reports import selection_minutes as paper

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.SELECTED: "선정",
    Outcome.RESERVE: "예비",
    Outcome.NOT_SELECTED: "선정되지 않음",
    Outcome.BELOW_MARK: "기준 점수 미달",
    Outcome.LEFT: "심의 전에 빠짐",
}


def keep(session: Session, stores: Stores, selection: Selection, *, by: Actor, at: datetime) -> str:
    """The SHA-256 of the minutes; their bytes are durable before the row that names them is committed."""
    published, rules = programmes.read(selection.version), selections.rules_of(selection)
    organisation = session.get_one(Organisation, published.programme.organisation_id)
    ordered = sorted(selection.candidates, key=lambda each: (each.rank is None, each.rank or 0, -(each.score or 0)))
    signers = [("후보 확정", selection.fixed_by), ("순위 작성", selection.ordered_by), ("선정 확정", by.user_id)]
    minutes = paper.Minutes(
        office=organisation.name,
        programme=published.terms.name,
        number=f"{published.programme.code}",
        confirmed_at=at,
        scored=rules.scored,
        legal=rules.legal,
        rules=_rules_said(rules),
        criteria=[(each.name, each.points, each.description) for each in rules.criteria],
        assessors=_assessors(session, selection),
        away=_away(session, selection),
        lottery=_lottery(selection),
        rows=[_row(each, selection) for each in ordered],
        opinion=[line.strip() for line in selection.opinion.splitlines() if line.strip()],
        signers=[(role, _name(session, account)) for role, account in signers if account is not None],
        demo=issuing.is_demo(),
    )
    return stores.letters.put(paper.render(minutes)).sha256


def _rules_said(rules: SelectionRules) -> list[str]:
    """The rules as they were published, in sentences."""
    places = f"최대 {rules.places}곳을" if rules.places is not None else "예산이 되는 데까지"
    said = [
        f"순위대로 {places} 선정하고, 다음 {rules.reserve}곳을 예비로 둡니다.",
        "빠지는 곳이 있으면 예비가 순위대로 올라옵니다.",
    ]
    if not rules.scored:
        return said
    least = f"후보마다 이해관계가 없는 평가위원 {rules.sheets_needed}명 이상이 따로 평가합니다."
    dropped = " 가장 높은 평가표와 가장 낮은 평가표 하나씩을 빼고 평균합니다." if rules.drop_extremes else ""
    ties = " → ".join((*rules.tie_names, "접수 순번"))
    said += [
        least + dropped,
        f"평균이 같으면 {ties} 차례로 견주어 앞선 쪽이 위입니다. 평균은 반올림하기 전의 값으로 견줍니다.",
    ]
    if rules.pass_mark:
        said.append(f"평균이 {rules.pass_mark}점보다 낮으면 예산이 남아도 선정하지 않습니다.")
    return said


def _assessors(session: Session, selection: Selection) -> list[paper.Assessed]:
    given = Counter(each.assessor for each in selections.counting(session, selection.id))
    return [paper.Assessed(session.get_one(Person, person).name, count) for person, count in sorted(given.items())]


def _away(session: Session, selection: Selection) -> Sequence[str]:
    """Who declared an interest in which of the cases, by receipt number; the reason stays with the case."""
    found = declarations.interested_in(session, [each.application_id for each in selection.candidates])
    of = {each.application_id: each.application.receipt_number for each in selection.candidates}
    return [f"{name} 위원은 {of[application_id]}에 이해관계를 신고하고 빠졌습니다." for application_id, name in found]


def _lottery(selection: Selection) -> list[tuple[str, str]]:
    if selection.seed is None:
        return []
    return [
        ("명단 해시", selection.list_sha256),
        ("미리 알린 약속", selection.commitment or ""),
        ("미리 알린 공개값", selection.public_source),
        ("공개값", selection.public_value or ""),
        ("봉인한 수", selection.seed),
    ]


def _row(candidate: Candidate, selection: Selection) -> paper.MinutesRow:
    application = candidate.application
    grant = programmes.read(application.version).announcement.grant
    return paper.MinutesRow(
        rank=str(candidate.rank) if candidate.rank is not None else "–",
        number=application.receipt_number or "",
        trade_name=application.merchant.trade_name,
        score=(candidate.ticket or "")[:16] if selection.seed else _average(candidate),
        won=grant.amount_for(application.requested_amount or 0),
        outcome=OUTCOMES[candidate.outcome] if candidate.outcome else "",
    )


def _average(candidate: Candidate) -> str:
    """`87.50`, and whether the tie rule decided."""
    if candidate.score is None:
        return ""
    return f"{candidate.score // 100}.{candidate.score % 100:02d}{' (동점)' if candidate.tied else ''}"


def _name(session: Session, account_id: int) -> str:
    user = session.get_one(User, account_id)
    return f"{user.title} {user.person.name}".strip()
