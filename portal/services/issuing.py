"""Giving a letter out: a number, a code, the PDF, its bytes in the store and the row that names them, once for good."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Conflict, NotFound
from portal.domain.identifiers import new_verification_code
from portal.domain.letters import LetterKind
from portal.domain.periods import korean_date
from portal.models.accounts import Organisation, User
from portal.models.letters import DocumentSeries, Letter
from portal.models.merchants import Merchant
from portal.services import steps
from portal.storage.objects import Stores
from reports.letters.document import Envelope, Office, Signature

_BLOCK = 1 << 20
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(slots=True)
class _Place:
    """Where this process's letters can be verified, and whether they are marked as a demo's."""

    base_url: str = "http://127.0.0.1:8000"
    demo: bool = True


_place = _Place()


def configure(base_url: str, *, demo: bool) -> None:
    """Called once by create_app: one process serves one public address."""
    _place.base_url, _place.demo = base_url.rstrip("/"), demo


def is_demo() -> bool:
    """Whether papers of this process are marked as without effect."""
    return _place.demo


@dataclass(frozen=True, slots=True)
class Matter:
    """What a letter is about: who sends it, who gets it, who signs (role -> account id), whom to ask.

    `unsigned`: accounts whose box bears the mark alone, because another signs in their place.
    """

    kind: LetterKind
    title: str
    organisation: Organisation
    merchant: Merchant
    application_id: int | None
    signers: tuple[tuple[str, int], ...]
    unsigned: frozenset[int] = frozenset()


def store_letter(
    session: Session, stores: Stores, matter: Matter, render: Callable[[Envelope], bytes], *, by: Actor, at: datetime
) -> Letter:
    """Numbers, renders and stores one letter. The bytes are durable before the row that names them is committed."""
    year = korean_date(at).year
    envelope = _envelope(session, matter, _next_number(session, matter.organisation.id, year), at)
    stored = stores.letters.put(render(envelope))
    letter = Letter(
        kind=matter.kind,
        organisation_id=matter.organisation.id,
        year=year,
        document_number=envelope.document_number,
        merchant_id=matter.merchant.id,
        application_id=matter.application_id,
        title=matter.title,
        recipient=matter.merchant.trade_name,
        sha256=stored.sha256,
        size=stored.size,
        verification_code=envelope.verification_code,
        issued_at=at,
    )
    session.add(letter)
    session.flush()
    steps.write(session, "letter", letter.id, f"issue_{matter.kind}", by=by, at=at, note=letter.document_number)
    return letter


def read(stores: Stores, letter: Letter) -> bytes:
    """The bytes as issued, checked against their hash. Raises NotFound or Conflict where the store was harmed."""
    return stores.letters.read(letter.sha256)


def filename(letter: Letter) -> str:
    """`교부결정통지서_경제활력과-3.pdf`, for the browser's download."""
    return f"{letter.title}_{letter.document_number}.pdf".replace("/", "-")


def is_intact(stores: Stores, letter: Letter) -> bool:
    """Whether the stored bytes are still those that were issued."""
    try:
        return stores.letters.verify(letter.sha256).size == letter.size
    except (Conflict, NotFound):
        return False


def is_same(letter: Letter, stream: BinaryIO) -> bool:
    """Whether a file that somebody holds has exactly the bytes that were issued."""
    digest = hashlib.sha256()
    while block := stream.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest() == letter.sha256


def _next_number(session: Session, organisation_id: int, year: int) -> int:
    """One statement takes the next number and holds the series until the transaction ends: no gap, no number twice."""
    insert = _INSERTS[session.get_bind().dialect.name]
    statement = (
        insert(DocumentSeries)
        .values(organisation_id=organisation_id, year=year, last_number=1)
        .on_conflict_do_update(
            index_elements=[DocumentSeries.organisation_id, DocumentSeries.year],
            set_={"last_number": DocumentSeries.last_number + 1},
        )
        .returning(DocumentSeries.last_number)
    )
    return session.execute(statement).scalar_one()


def _envelope(session: Session, matter: Matter, number: int, at: datetime) -> Envelope:
    organisation = matter.organisation
    signatures = _signatures(session, matter.signers, matter.unsigned)
    code = new_verification_code(secrets.token_bytes)
    return Envelope(
        document_number=f"{organisation.contact_unit}-{number}",
        issued_at=at,
        recipient=f"{matter.merchant.trade_name} 대표 {matter.merchant.representative}",
        title=matter.title,
        office=Office(
            name=organisation.name,
            head_title=organisation.head_title,
            unit=organisation.contact_unit,
            official=f"{signatures[0].title} {signatures[0].name}".strip() if signatures else "",
            phone=organisation.contact_phone,
            email=organisation.contact_email,
            address=organisation.address,
        ),
        signatures=signatures,
        verification_code=code,
        verification_url=f"{_place.base_url}/verify/{code}",
        demo=_place.demo,
    )


def _signatures(
    session: Session, signers: Iterable[tuple[str, int]], unsigned: frozenset[int]
) -> tuple[Signature, ...]:
    """The approval line as the boxes of a document show it (행정업무규정 시행규칙 제7조)."""
    wanted = tuple(signers)
    users = session.scalars(select(User).where(User.id.in_([account for _role, account in wanted]))).all()
    by_id = {user.id: user for user in users}
    names = {user.id: "" if user.id in unsigned else user.person.name for user in users}
    return tuple(Signature(role, by_id[account].title, names[account]) for role, account in wanted)
