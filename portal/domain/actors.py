"""Who acts: roles, the permissions each role carries, and the Actor that every service receives as `by`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.permissions import Permission


class Role(StrEnum):
    MERCHANT = "merchant"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    PAYER = "payer"
    AUDITOR = "auditor"
    POLICYMAKER = "policymaker"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    CLERK = "clerk"  # of a 읍·면사무소 or a call centre, who enters for merchants without an account
    PLATFORM = "platform"  # a person who works for a partner platform
    PARTNER = "partner"  # a platform's API client; no person is ever given it


OF_PEOPLE = tuple(role for role in Role if role is not Role.PARTNER)


class Capacity(StrEnum):
    """What somebody stands in for a merchant as: who enters with the merchant's signed consent, or their agent."""

    CONSENT = "consent"  # an official enters (대리 입력)
    ATTORNEY = "attorney"  # an agent with a power of attorney acts (위임장)
    ASSOCIATION = "association"  # a merchants' association applies for its member (상인회)


P = Permission
_CASE_READING = frozenset(
    {
        P.APPLICATION_READ,
        P.CLAIM_READ,
        P.EVIDENCE_READ,
        P.HOLIDAY_READ,
        P.LETTER_READ,
        P.OBJECTION_READ,
        P.PROGRAMME_READ,
        P.RECOVERY_READ,
        P.SETTLEMENT_READ,
        P.SIGNAL_READ,
    }
)
_SIGNING = frozenset({P.ABSENCE_ENTER, P.INTEREST_DECLARE})
_DESK = frozenset({P.BULK_PREPARE, P.BULK_READ, P.WORKLOAD_READ})
_DISTRIBUTING = frozenset({P.CASE_ASSIGN, P.TAG_MANAGE})
_BOOKS = frozenset({P.LEDGER_POST, P.LEDGER_READ, P.PAYMENT_STOP})
_BANDS = frozenset({P.BAND_CONFIRM, P.BAND_READ})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.MERCHANT: frozenset(
        {
            P.MERCHANT_OWN,
            P.APPLICATION_OWN,
            P.LINK_OWN,
            P.CLAIM_OWN,
            P.EVIDENCE_OWN,
            P.LETTER_OWN,
            P.MANDATE_OWN,
            P.OBJECTION_OWN,
            P.RECOVERY_OWN,
        }
    ),
    Role.REVIEWER: _CASE_READING
    | _SIGNING
    | _DESK
    | {
        P.APPLICATION_REVIEW,
        P.CASE_TAG,
        P.CLAIM_DRAW_UP,
        P.EVIDENCE_DECIDE,
        P.LINK_CONFIRM,
        P.OBJECTION_HANDLE,
        P.PROXY_CONFIRM,
        P.RECOVERY_HANDLE,
        P.RECOVERY_OPEN,
        P.SETTLEMENT_DELIVER,
        P.SIGNAL_JUDGE,
    },
    Role.APPROVER: _CASE_READING
    | _SIGNING
    | _BOOKS
    | _DESK
    | _DISTRIBUTING
    | {
        P.APPLICATION_DECIDE,
        P.BAND_READ,
        P.CASE_TAG,
        P.CLAIM_APPROVE,
        P.OBJECTION_DECIDE,
        P.PLAN_READ,
        P.RECOVERY_DECIDE,
        P.SIGNAL_JUDGE,
        P.STATISTICS_READ,
    },
    Role.PAYER: _SIGNING
    | _BOOKS
    | {
        P.CLAIM_READ,
        P.LEDGER_DRAFT,
        P.LETTER_READ,
        P.PAYMENT_PREPARE,
        P.PAYMENT_READ,
        P.PAYMENT_RELEASE,
        P.RECOVERY_READ,
        P.RECOVERY_RECEIVE,
        P.SIGNAL_READ,
    },
    Role.AUDITOR: _CASE_READING
    | {
        P.AUDIT_READ,
        P.BAND_READ,
        P.BULK_READ,
        P.LEDGER_READ,
        P.PAYMENT_READ,
        P.PAYMENT_STOP,
        P.PLAN_READ,
        P.RECOVERY_OPEN,
        P.SIGNAL_COUNT,
        P.SIMULATION_READ,
        P.STATISTICS_READ,
        P.SYSTEM_CHECK,
        P.WORKLOAD_READ,
    },
    Role.POLICYMAKER: frozenset({P.PLAN_READ, P.SIMULATION_READ, P.STATISTICS_READ, P.PROGRAMME_READ}),
    Role.MANAGER: frozenset(
        {
            P.HOLIDAY_CHANGE,
            P.HOLIDAY_READ,
            P.PLAN_CONFIRM,
            P.PLAN_READ,
            P.PLAN_REPORT,
            P.PROGRAMME_READ,
            P.PROGRAMME_PUBLISH,
            P.SIMULATION_READ,
            P.SIMULATION_RUN,
            P.STATISTICS_READ,
            P.BAND_CONFIRM,
            P.BAND_READ,
        }
    )
    | _DESK
    | _DISTRIBUTING,
    Role.ADMINISTRATOR: _BANDS
    | {
        P.ABSENCE_ENTER,
        P.ACCOUNT_MANAGE,
        P.BAND_PROPOSE,
        P.CLIENT_MANAGE,
        P.MESSAGE_MANAGE,
        P.SIGNAL_COUNT,
        P.SYSTEM_CHECK,
    },
    Role.CLERK: frozenset({P.PROXY_CONFIRM, P.PROXY_ENTER}),
    Role.PLATFORM: frozenset({P.PLATFORM_DELIVER, P.PLATFORM_LINK, P.PLATFORM_READ, P.PLATFORM_SUPPLY}),
    Role.PARTNER: frozenset({P.SETTLEMENT_DELIVER, P.SETTLEMENT_READ}),
}
GRANTS = {role: granted | {P.ACCOUNT_OWN} for role, granted in GRANTS.items()}

INCOMPATIBLE: tuple[frozenset[Role], ...] = (
    # Whoever decides does not pay, and whoever audits or administers does neither (지방보조금법 practice of 직무분리).
    frozenset({Role.APPROVER, Role.PAYER}),
    frozenset({Role.REVIEWER, Role.PAYER}),
    frozenset({Role.AUDITOR, Role.REVIEWER}),
    frozenset({Role.AUDITOR, Role.APPROVER}),
    frozenset({Role.AUDITOR, Role.PAYER}),
    frozenset({Role.ADMINISTRATOR, Role.APPROVER}),
    frozenset({Role.ADMINISTRATOR, Role.PAYER}),
    frozenset({Role.AUDITOR, Role.CLERK}),
    # Who works for a platform does nothing else here: its figures are checked against, and paid by, the others.
    *(frozenset({Role.PLATFORM, other}) for other in OF_PEOPLE if other is not Role.PLATFORM),
)


def roles_clashing(held: Collection[str]) -> tuple[frozenset[Role], ...]:
    """The pairs among these roles that one person must not gather, whichever of their accounts holds them."""
    return tuple(pair for pair in INCOMPATIBLE if pair <= set(held))


# What a signed consent opens to the official who enters for a merchant: the business, its application, its letters.
OPENED_BY_CONSENT = frozenset({P.APPLICATION_OWN, P.LETTER_OWN, P.MERCHANT_OWN})
# What a member opens to its association: the application made for it, and nothing else of the business.
OPENED_TO_ASSOCIATION = frozenset({P.ACCOUNT_OWN, P.APPLICATION_OWN})


@dataclass(frozen=True, slots=True)
class ActsFor:
    """The one business that somebody stands in for at the moment, and by which mandate."""

    mandate_id: int
    merchant_id: int
    capacity: Capacity
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """The person acting: `person_id` decides four-eyes questions, `organisation_id` what an official may see.

    `platform`: whose person it is, who sees of that organisation what concerns the platform; empty for everybody else.
    `acts_for`: while they stand in for a merchant, that business, and then no other is theirs.
    """

    user_id: int
    person_id: int
    name: str
    roles: frozenset[Role]
    organisation_id: int | None = None
    platform: str = ""
    acts_for: ActsFor | None = None

    @property
    def is_association(self) -> bool:
        """Whether they act at the moment for a member of their association."""
        return self.acts_for is not None and self.acts_for.capacity is Capacity.ASSOCIATION

    def may(self, permission: Permission) -> bool:
        if self.is_association and permission not in OPENED_TO_ASSOCIATION:
            return False
        return any(permission in GRANTS[role] for role in self.roles) or (
            permission in OPENED_BY_CONSENT
            and self.acts_for is not None
            and self.acts_for.capacity is Capacity.CONSENT
            and Role.CLERK in self.roles
        )

    def has(self, role: Role) -> bool:
        return role in self.roles

    def may_deliver(self, platform: str) -> bool:
        """Whether data of this platform may come from them: a platform's people deliver their own platform's alone."""
        if self.platform:
            return self.platform == platform and self.may(Permission.PLATFORM_DELIVER)
        return self.may(Permission.SETTLEMENT_DELIVER)

    @property
    def is_official(self) -> bool:
        return self.organisation_id is not None and not self.platform
