"""Telling platforms what happened: into the outbox with what happened, out of it by a worker, each try written down."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Incomplete, InvalidTransition, NotPermitted, Problem, SignatureInvalid
from portal.domain.permissions import Permission
from portal.domain.signatures import WINDOW
from portal.domain.webhooks import LEASE, Answer, Event, Sending, address_fault, next_try
from portal.models.webhooks import ApiSignature, Webhook, WebhookMessage, WebhookTry
from portal.queries import api_clients, webhooks
from portal.services import steps


def register(session: Session, client_id: int, url: str, *, loopback: bool, by: Actor, at: datetime) -> Webhook:
    """An administrator says where a client is told; an address from before ends. Raises Incomplete."""
    client = _administered(session, client_id, by)
    fault = address_fault(url.strip(), loopback=loopback)
    if fault:
        raise Incomplete(problems=[Problem(fault, "url")])
    _end(session, client.id, at=at)
    webhook = Webhook(api_client_id=client.id, url=url.strip(), registered_at=at)
    session.add(webhook)
    session.flush()
    steps.write(session, "api_client", client.id, "register_webhook", by=by, at=at, note=webhook.url)
    return webhook


def end(session: Session, client_id: int, *, by: Actor, at: datetime) -> None:
    """The client is told nothing any more; what waits is given up."""
    client = _administered(session, client_id, by)
    _end(session, client.id, at=at)
    steps.write(session, "api_client", client.id, "end_webhook", by=by, at=at)


def announce(
    session: Session,
    event: Event,
    platform: str,
    organisations: Collection[int],
    about: Mapping[str, Any],
    *,
    at: datetime,
) -> None:
    """Puts a message for each listener into the outbox, in the transaction of what happened. Sends nothing."""
    for webhook in webhooks.listening(session, platform, organisations, at=at):
        session.add(WebhookMessage(webhook_id=webhook.id, event=event, about=dict(about), made_at=at, due_at=at))


def take_up(session: Session, *, at: datetime, most: int) -> list[Sending]:
    """Messages to be sent now, held for this worker by tokens of their own."""
    found = webhooks.due(session, at=at, most=most)
    for message in found:
        message.token, message.held_until = uuid.uuid4().hex, at + LEASE
    session.flush()
    return [_sending(message) for message in found]


def settle(session: Session, sending: Sending, answer: Answer, *, at: datetime) -> bool:
    """Writes how a try ended, where the message is still held: False where another worker has it by now."""
    message = session.get_one(WebhookMessage, sending.message_id, with_for_update={"of": WebhookMessage})
    if message.token != sending.token:
        return False
    session.add(
        WebhookTry(message_id=message.id, tried_at=at, answered_with=answer.status, problem=answer.problem[:200])
    )
    message.tries += 1
    message.token = message.held_until = None
    message.due_at = None if answer.delivered else next_try(message.tries, at)
    if answer.delivered:
        message.delivered_at = at
    elif message.due_at is None:
        message.given_up_at = at
    session.flush()
    return True


def send_again(session: Session, message_id: int, *, by: Actor, at: datetime) -> WebhookMessage:
    """An administrator has a message that was given up tried once more. Raises InvalidTransition for any other."""
    message = webhooks.message(session, message_id, by)
    client = _administered(session, message.webhook.api_client_id, by)
    if message.given_up_at is None or message.webhook.ended_at is not None:
        raise InvalidTransition(f"message {message_id} was not given up, or its address has ended")
    message.given_up_at, message.due_at = None, at
    steps.write(session, "api_client", client.id, "send_again", by=by, at=at, details={"message": message_id})
    return message


def use_signature(session: Session, signature: str, *, at: datetime) -> None:
    """Marks a request's signature as used. Raises SignatureInvalid where it was used before."""
    session.execute(delete(ApiSignature).where(ApiSignature.seen_at < at - 3 * WINDOW))
    try:
        with session.begin_nested():
            session.add(ApiSignature(signature=signature, seen_at=at))
    except IntegrityError as error:
        raise SignatureInvalid(problems=[Problem("signature_used")]) from error


def _sending(message: WebhookMessage) -> Sending:
    body = {
        "id": f"msg_{message.id}",
        "event": message.event.value,
        "made_at": message.made_at.isoformat(),
        "about": message.about,
    }
    return Sending(message.id, str(message.token), message.webhook.url, body, message.webhook.client.signing_key)


def _end(session: Session, client_id: int, *, at: datetime) -> None:
    living = webhooks.of_client(session, client_id)
    if living is None:
        return
    living.ended_at = at
    waiting = (WebhookMessage.webhook_id == living.id, WebhookMessage.due_at.is_not(None))
    session.execute(update(WebhookMessage).where(*waiting).values(due_at=None, given_up_at=at, token=None))
    session.flush()


def _administered(session: Session, client_id: int, by: Actor) -> Any:
    if by.organisation_id is None or not by.may(Permission.CLIENT_MANAGE):
        raise NotPermitted(Permission.CLIENT_MANAGE)
    return api_clients.one(session, client_id, by)
