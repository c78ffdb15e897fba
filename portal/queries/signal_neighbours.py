"""Finds businesses that share something with those of an office: an account, a place, a paper.

Only who applied somewhere counts: whoever merely registered is asked for nothing and paid nothing. Of a business that
never applied at the office itself only the names of the offices are told where it did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from portal.domain.signal_facts import Neighbour, Shared
from portal.domain.snapshots import SnapshotAnswer, SnapshotKind
from portal.models.accounts import Organisation, User
from portal.models.applications import Application, Document
from portal.models.evidence import Evidence
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.models.snapshots import Snapshot

Neighbours = Mapping[int, Sequence[Neighbour]]  # by merchant id, of whom they are the neighbours

_Other, _Theirs = aliased(Merchant), aliased(Document)
_SAME_ADDRESS = (func.replace(_Other.address, " ", "") == func.replace(Merchant.address, " ", "")) & (
    func.trim(Merchant.address) != ""
)
# what is read of another business, once for each office where it applied
_TOLD = (_Other.id, User.person_id, _Other.trade_name, Organisation.id, Organisation.name)


def with_account(session: Session, organisation_id: int, ids: Collection[int]) -> Neighbours:
    """Who gave the same account."""
    return _alike(session, organisation_id, ids, _Other.account_index == Merchant.account_index)


def with_place(session: Session, organisation_id: int, ids: Collection[int]) -> Neighbours:
    """Who gave the same address, whatever blanks it is written with, and the same phone."""
    return _alike(session, organisation_id, ids, (_Other.phone == Merchant.phone) & _SAME_ADDRESS)


def closed_there(session: Session, organisation_id: int, ids: Collection[int]) -> Neighbours:
    """Who was at the same address before and is closed, as the tax office last said."""
    last = (
        select(func.max(Snapshot.id))
        .where(Snapshot.kind == SnapshotKind.TAX_STATUS, Snapshot.answer != SnapshotAnswer.UNAVAILABLE)
        .group_by(Snapshot.merchant_id)
    )
    shut = (
        select(Snapshot.merchant_id, Snapshot.closed_on)
        .join(_Other, _Other.id == Snapshot.merchant_id)
        .join(Merchant, (Merchant.id != _Other.id) & _SAME_ADDRESS)
        .where(Snapshot.id.in_(last), Snapshot.answer == SnapshotAnswer.CLOSED, Snapshot.closed_on.is_not(None))
        .where(Merchant.id.in_(ids))
    )
    closed_on = {merchant: day for merchant, day in session.execute(shut) if day is not None}
    return _alike(session, organisation_id, ids, _SAME_ADDRESS & _Other.id.in_(closed_on), closed_on)


def _alike(
    session: Session,
    organisation_id: int,
    ids: Collection[int],
    alike: ColumnElement[bool],
    closed_on: Mapping[int, date] | None = None,
) -> Neighbours:
    query = _others(select(Merchant.id, *_TOLD).select_from(Merchant).join(_Other, (_Other.id != Merchant.id) & alike))
    return _gathered(session.execute(query.where(Merchant.id.in_(ids))), organisation_id, closed_on)


def _others(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.join(User, User.id == _Other.owner_id)
        .join(Application, Application.merchant_id == _Other.id)
        .join(Programme, Programme.id == Application.programme_id)
        .join(Organisation, Organisation.id == Programme.organisation_id)
        .where(Application.submitted_at.is_not(None))
        .distinct()
    )


def _gathered(
    rows: Iterable[Sequence[Any]], organisation_id: int, closed_on: Mapping[int, date] | None = None
) -> Neighbours:
    """One neighbour from its rows, one for each office: a foreign office lends its name and nothing else."""
    offices: dict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    about: dict[tuple[int, int], tuple[int, str]] = {}
    for of, other, person, name, office_id, office in rows:
        offices[of, other][office_id] = office
        about[of, other] = (person, name)
    found: dict[int, list[Neighbour]] = defaultdict(list)
    for (of, other), (person, name) in sorted(about.items()):
        ours = organisation_id in offices[of, other]
        foreign = tuple(sorted(text for key, text in offices[of, other].items() if key != organisation_id))
        closed = (closed_on or {}).get(other)
        found[of].append(Neighbour(other, person, ours, foreign, name if ours else "", closed))
    return found


def with_document(session: Session, organisation_id: int, ids: Collection[int]) -> Mapping[int, Sequence[Shared]]:
    """Who handed in the same bytes, with an application or as evidence."""
    mine, owner = aliased(Application), aliased(Application)
    papers = (
        select(mine.merchant_id.label("of"), owner.merchant_id.label("other"), Document.sha256)
        .select_from(mine)
        .join(Document, Document.application_id == mine.id)
        .join(_Theirs, _Theirs.sha256 == Document.sha256)
        .join(owner, owner.id == _Theirs.application_id)
        .where(Document.removed_at.is_(None), _Theirs.removed_at.is_(None), owner.merchant_id != mine.merchant_id)
        .where(mine.submitted_at.is_not(None), mine.merchant_id.in_(ids))
    )
    proof = aliased(Evidence)
    evidence = (
        select(Evidence.merchant_id, proof.merchant_id, Evidence.sha256)
        .select_from(Evidence)
        .join(proof, proof.sha256 == Evidence.sha256)
        .where(proof.merchant_id != Evidence.merchant_id, Evidence.merchant_id.in_(ids))
    )
    same = papers.union(evidence).subquery()
    query = _others(select(same.c.of, *_TOLD, same.c.sha256).select_from(same).join(_Other, _Other.id == same.c.other))
    rows = session.execute(query).all()
    told = _gathered([row[:-1] for row in rows], organisation_id)
    shas: dict[tuple[int, int], set[str]] = defaultdict(set)
    for row in rows:
        shas[row[0], row[1]].add(row[-1])
    found: dict[int, list[Shared]] = defaultdict(list)
    for of, others in told.items():
        found[of] = [Shared(sha, other) for other in others for sha in sorted(shas[of, other.merchant_id])]
    return found
