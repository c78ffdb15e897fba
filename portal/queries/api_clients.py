"""Looks up the API clients of partner platforms, their tokens and practice organisations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.api_clients import Partner, split
from portal.domain.errors import NotFound
from portal.models.accounts import Organisation
from portal.models.api_clients import ApiClient, ApiToken, Sandbox


def of_organisation(session: Session, by: Actor) -> Sequence[ApiClient]:
    """All clients that the administrators of an organisation opened, newest first."""
    query = select(ApiClient).where(ApiClient.organisation_id == by.organisation_id)
    return session.scalars(query.order_by(ApiClient.id.desc())).all()


def one(session: Session, client_id: int, by: Actor) -> ApiClient:
    """One client of the administrator's organisation. Raises NotFound."""
    found = session.get(ApiClient, client_id)
    if found is None or found.organisation_id != by.organisation_id:
        raise NotFound(f"API client {client_id}")
    return found


def by_public_id(session: Session, public_id: str) -> ApiClient | None:
    return session.scalar(select(ApiClient).where(ApiClient.public_id == public_id))


def living_token(session: Session, token_hash: str, *, at: datetime) -> ApiToken | None:
    """The token of this hash if neither it nor its client has ended."""
    return session.scalar(
        select(ApiToken)
        .join(ApiClient, ApiClient.id == ApiToken.api_client_id)
        .where(
            ApiToken.token_hash == token_hash,
            ApiToken.expires_at > at,
            ApiClient.revoked_at.is_(None),
            ApiClient.expires_at > at,
        )
    )


def partner_of(token: ApiToken) -> Partner:
    """Who stands behind a token; the data it works on is the practice organisation's for a client that practises."""
    client = token.client
    return Partner(
        client_id=client.id,
        public_id=client.public_id,
        name=client.name,
        platform=client.platform,
        scopes=split(token.scopes),
        sandbox=client.sandbox,
        actor=actor_of(client),
    )


def actor_of(client: ApiClient) -> Actor:
    """The client as services know who acts."""
    return Actor(
        user_id=client.account_id,
        person_id=client.account.person_id,
        name=client.account.person.name,
        roles=frozenset({Role.PARTNER}),
        organisation_id=client.data_organisation_id,
    )


def sandbox_of(session: Session, organisation_id: int) -> Organisation | None:
    """The practice twin of an organisation, if it was opened."""
    return session.scalar(
        select(Organisation)
        .join(Sandbox, Sandbox.organisation_id == Organisation.id)
        .where(Sandbox.sandbox_of == organisation_id)
    )
