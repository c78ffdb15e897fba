"""Looks up where platforms are told what, and how it went."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.errors import NotFound
from portal.domain.webhooks import PAUSES
from portal.models.api_clients import ApiClient, SandboxMerchant
from portal.models.applications import Application
from portal.models.programmes import Programme
from portal.models.webhooks import Webhook, WebhookMessage, WebhookTry

PAGE = 50
FIRST = 20


def of_client(session: Session, client_id: int) -> Webhook | None:
    """The address a client is told at now."""
    return session.scalar(select(Webhook).where(Webhook.api_client_id == client_id, Webhook.ended_at.is_(None)))


def listening(session: Session, platform: str, organisations: Collection[int], *, at: datetime) -> Sequence[Webhook]:
    """The addresses of a platform's living clients that work on the data of one of these organisations."""
    return session.scalars(
        select(Webhook)
        .join(ApiClient)
        .where(
            Webhook.ended_at.is_(None),
            ApiClient.platform == platform,
            ApiClient.data_organisation_id.in_(organisations),
            ApiClient.revoked_at.is_(None),
            ApiClient.expires_at > at,
        )
        .order_by(Webhook.id)
    ).all()


def organisations_of_merchant(session: Session, merchant_id: int) -> Sequence[int]:
    """The organisations that see a merchant's links: those it has applied at, or the one it was invented for."""
    applied = (
        select(Programme.organisation_id)
        .join(Application, Application.programme_id == Programme.id)
        .where(Application.merchant_id == merchant_id, Application.status != ApplicationStatus.DRAFT)
    )
    invented = select(SandboxMerchant.organisation_id).where(SandboxMerchant.merchant_id == merchant_id)
    return session.scalars(applied.union(invented)).all()


def due(session: Session, *, at: datetime, most: int) -> Sequence[WebhookMessage]:
    """Messages whose time has come and that no worker holds, the oldest first; locked, others' left out."""
    free = or_(WebhookMessage.held_until.is_(None), WebhookMessage.held_until < at)
    query = select(WebhookMessage).where(WebhookMessage.due_at <= at, free).order_by(WebhookMessage.id).limit(most)
    return session.scalars(query.with_for_update(of=WebhookMessage, skip_locked=True)).all()


def log(session: Session, client_id: int) -> Sequence[WebhookMessage]:
    """The newest messages of a client with their tries."""
    query = select(WebhookMessage).join(Webhook).where(Webhook.api_client_id == client_id)
    return session.scalars(query.order_by(WebhookMessage.id.desc()).limit(PAGE)).all()


def message(session: Session, message_id: int, by: Actor) -> WebhookMessage:
    """One message of the administrator's organisation. Raises NotFound."""
    found = session.get(WebhookMessage, message_id)
    if found is None or found.webhook.client.organisation_id != by.organisation_id:
        raise NotFound(f"message {message_id}")
    return found


def outbox_accounted_for(session: Session) -> Iterator[str]:
    """I16: what was delivered was answered with 2xx, what was given up was tried to the end, and every try is there."""
    tried = (
        select(WebhookTry.message_id, func.count().label("tries"), func.max(WebhookTry.id).label("last"))
        .group_by(WebhookTry.message_id)
        .subquery()
    )
    well = select(WebhookTry.id).where(WebhookTry.answered_with.between(200, 299))
    odd = (
        select(WebhookMessage.id)
        .join(Webhook)
        .outerjoin(tried, tried.c.message_id == WebhookMessage.id)
        .where(
            or_(
                WebhookMessage.tries != func.coalesce(tried.c.tries, 0),
                and_(WebhookMessage.delivered_at.is_not(None), tried.c.last.not_in(well)),
                and_(
                    WebhookMessage.given_up_at.is_not(None),
                    Webhook.ended_at.is_(None),
                    WebhookMessage.tries <= len(PAUSES),
                ),
            )
        )
    )
    yield from (f"message {message_id} of the outbox" for message_id in session.scalars(odd.limit(FIRST)))
