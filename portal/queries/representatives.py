"""Looks up joint representatives, their signatures, and whether one of them represents another business too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import ColumnElement, CompoundSelect, and_, bindparam, exists, select, union
from sqlalchemy.orm import Session, aliased

from portal.models.applications import Application
from portal.models.merchants import Merchant
from portal.models.representatives import ApplicationSignature, Representative


def of_merchant(session: Session, merchant_id: int) -> Sequence[Representative]:
    """The joint representatives of a business, in the order in which they were named."""
    return session.scalars(
        select(Representative)
        .where(Representative.merchant_id == merchant_id, Representative.removed_at.is_(None))
        .order_by(Representative.id)
    ).all()


def signed(session: Session, application_id: int) -> frozenset[int]:
    """Whose signature stands on an application."""
    return frozenset(
        session.scalars(
            select(ApplicationSignature.representative_id).where(ApplicationSignature.application_id == application_id)
        )
    )


def with_signatures(session: Session, application_id: int, merchant_id: int) -> list[tuple[Representative, bool]]:
    """Each joint representative, and whether they signed this application."""
    mark = ApplicationSignature.representative_id
    rows = session.execute(
        select(Representative, mark.is_not(None))
        .outerjoin(
            ApplicationSignature, and_(mark == Representative.id, ApplicationSignature.application_id == application_id)
        )
        .where(Representative.merchant_id == merchant_id, Representative.removed_at.is_(None))
        .order_by(Representative.id)
    )
    return [(one, bool(signed_it)) for one, signed_it in rows]


def are_joint() -> ColumnElement[bool]:
    """Whether the business of the application asked for has joint representatives."""
    return exists(
        select(Representative.id)
        .where(Representative.merchant_id == Application.merchant_id, Representative.removed_at.is_(None))
        .correlate(Application)
    )


@cache
def same_people() -> CompoundSelect[int]:
    """The ids of the businesses that belong to the same account or have a joint representative in common.

    Of the business `merchant_id` of `owner_id`, both named when the question is asked.
    """
    ours, theirs = aliased(Representative), aliased(Representative)
    common = (
        select(theirs.merchant_id)
        .join(ours, ours.identity_index == theirs.identity_index)
        .where(ours.merchant_id == bindparam("merchant_id"), ours.removed_at.is_(None), theirs.removed_at.is_(None))
    )
    return union(select(Merchant.id).where(Merchant.owner_id == bindparam("owner_id")), common)


@cache
def namesakes() -> CompoundSelect[int]:
    """The ids of the businesses of which nobody knows whether the same person represents them.

    One of both has joint representatives, with birthdays, the other a name alone, and the name is the same. Of the
    business `merchant_id`, whose own name is that of `representative`; both named when the question is asked.
    """
    ours, theirs, named = aliased(Representative), aliased(Representative), aliased(Representative)
    mine = select(ours.name).where(ours.merchant_id == bindparam("merchant_id"), ours.removed_at.is_(None))
    theirs_is_joint = exists(
        select(named.id).where(named.merchant_id == Merchant.id, named.removed_at.is_(None)).correlate(Merchant)
    )
    they_joint = select(theirs.merchant_id).where(
        theirs.name == bindparam("representative"), theirs.removed_at.is_(None), ~mine.exists()
    )
    we_joint = select(Merchant.id).where(Merchant.representative.in_(mine), ~theirs_is_joint)
    return union(they_joint, we_joint)
