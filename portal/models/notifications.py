"""What people were told in their inbox, what they want to hear of and where, and the outbox of mail and messages."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.messages import QUIET_FROM, QUIET_TO, Channel, MessageStatus, Verdict
from portal.domain.notifications import OPTIONAL, Kind, Topic
from portal.models.accounts import User
from portal.models.base import BigInt, Choice, Encrypted, Key, Model, one_of, ref

_UNREAD = text("read_at IS NULL")
_UNSPREAD = text("spread_at IS NULL")
_REMINDER = text("day IS NOT NULL")


class Notification(Model):
    """One line of an inbox. `record_id`: of the page it leads to, if that has one; `about`: which shop, which case.

    `mandate_id`: of a matter of a merchant's whom the person stands in for; `due_on`: by when they must act; `day`: of
    a reminder, which is given once a day; `spread_at`: since when its mail and messages are in the outbox, or known to
    be none.
    """

    __tablename__ = "notification"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("topic", Topic), name="topic"),
        Index("ix_notification_account_id_id", "account_id", "id"),
        Index("ix_notification_unread", "account_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_notification_unspread", "id", sqlite_where=_UNSPREAD, postgresql_where=_UNSPREAD),
        Index(
            "uq_notification_reminder", "account_id", "kind", "record_id", "day", unique=True,
            sqlite_where=_REMINDER, postgresql_where=_REMINDER,
        ),
        {"sqlite_strict": True},
    )  # fmt: skip

    id: Mapped[Key]
    account_id: Mapped[int] = ref("account.id", index=False)
    organisation_id: Mapped[int] = ref("organisation.id")
    kind: Mapped[Kind] = mapped_column(Choice(Kind))
    topic: Mapped[Topic] = mapped_column(Choice(Topic))
    record_id: Mapped[int]
    mandate_id: Mapped[int | None] = ref("mandate.id", index=False)
    about: Mapped[str]
    due_on: Mapped[date | None]
    day: Mapped[date | None]
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    spread_at: Mapped[datetime | None]

    account: Mapped[User] = relationship()


class NotificationMute(Model):
    """A topic of which a person wants to hear nothing; the database itself takes no legal one."""

    __tablename__ = "notification_mute"
    __table_args__ = (CheckConstraint(one_of("topic", OPTIONAL), name="topic"), {"sqlite_strict": True})

    account_id: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(Choice(Topic), primary_key=True)


class Contact(Model):
    """Where a person is told outside the portal, by channel. `bad_since`: the address was refused or sent mail back.

    `quiet_*`: full hours on the Korean clock between which no telephone rings.
    """

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint("quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23", name="quiet"),
        {"sqlite_strict": True},
    )

    account_id: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(Choice(Channel), primary_key=True)
    address: Mapped[str] = mapped_column(Encrypted("contact.address"))
    wanted: Mapped[bool]
    quiet_from: Mapped[int] = mapped_column(default=QUIET_FROM)
    quiet_to: Mapped[int] = mapped_column(default=QUIET_TO)
    changed_at: Mapped[datetime]
    bad_since: Mapped[datetime | None]
    bad_reason: Mapped[str] = mapped_column(default="")


class Message(Model):
    """A mail or message about a notification. While it is being sent, `token` holds it until `held_until`.

    `header_id` is its Message-ID at every try; `address`: where the last try went.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint(one_of("channel", Channel), name="channel"),
        CheckConstraint(one_of("status", MessageStatus), name="status"),
        CheckConstraint("(status = 'waiting') = (due_at IS NOT NULL)", name="one_fate"),
        CheckConstraint("tries >= 0", name="tries"),
        UniqueConstraint("notification_id", "channel"),
        Index("ix_message_due_at", "due_at"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    notification_id: Mapped[int] = mapped_column(BigInt, ForeignKey("notification.id"))
    channel: Mapped[Channel] = mapped_column(Choice(Channel))
    status: Mapped[MessageStatus] = mapped_column(Choice(MessageStatus))
    header_id: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str | None] = mapped_column(Encrypted("message.address"))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    token: Mapped[str | None]
    held_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    notification: Mapped[Notification] = relationship(lazy="joined", innerjoin=True)
    log: Mapped[list[MessageTry]] = relationship(order_by="MessageTry.id", lazy="selectin")


class MessageTry(Model):
    """One try and what was answered; with `later`, a report that came back after the message was taken."""

    __tablename__ = "message_try"
    __table_args__ = (CheckConstraint(one_of("verdict", Verdict), name="verdict"), {"sqlite_strict": True})

    id: Mapped[Key]
    message_id: Mapped[int] = ref("message.id")
    tried_at: Mapped[datetime]
    verdict: Mapped[Verdict] = mapped_column(Choice(Verdict))
    code: Mapped[int | None]
    problem: Mapped[str] = mapped_column(default="")
    later: Mapped[bool] = mapped_column(default=False)
