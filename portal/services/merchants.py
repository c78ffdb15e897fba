"""Registering business places and keeping what is known of them up to date."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import data
from portal.domain import codes, identifiers
from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, NotPermitted, Problem
from portal.domain.merchants import MerchantRegistration
from portal.domain.periods import korean_date
from portal.models.keys import keyring
from portal.models.merchants import AnnualSales, Merchant
from portal.queries import merchants, proxy_entries
from portal.services import account_changes, eligibility, steps

HALF = Decimal("0.5")
MOST_WORKERS = 9_999
TEXTS = ("trade_name", "representative", "address", "account_holder")
LONGEST = 200


def register(
    session: Session, command: MerchantRegistration, *, owner_id: int | None = None, by: Actor, at: datetime
) -> Merchant:
    """Registers a business place of `by`, or of the account `owner_id` that it is entered for.

    Raises Incomplete, AlreadyDone for a number that is registered, NotPermitted while acting in another's place.
    """
    if by.acts_for is not None:
        raise NotPermitted("a mandate is for one business", [Problem("mandate_one_business")])
    _check(command, on=korean_date(at), account_required=True)
    if merchants.number_taken(session, command.business_number):
        raise _number_taken()
    merchant = Merchant(owner_id=owner_id or by.user_id, registered_at=at)
    _fill(merchant, command, at=at)
    session.add(merchant)
    try:
        session.flush()
    except IntegrityError as lost_the_race:
        raise _number_taken() from lost_the_race
    steps.write(session, "merchant", merchant.id, "register", by=by, at=at)
    return merchant


def update(session: Session, merchant_id: int, command: MerchantRegistration, *, by: Actor, at: datetime) -> Merchant:
    """Changes a business place; an account number left empty stays as it is. Findings of drafts are made anew.

    Raises Incomplete, AlreadyDone, NotFound, NotPermitted where a clerk who acts by a consent may not (any more).
    """
    proxy_entries.refuse_record(session, by)
    return take_in(session, merchant_id, command, by=by, at=at)


def take_in(session: Session, merchant_id: int, command: MerchantRegistration, *, by: Actor, at: datetime) -> Merchant:
    """The same of what was looked at before: what a second official confirmed of an entry by proxy."""
    merchant = merchants.owned(session, merchant_id, by)
    _check(command, on=korean_date(at), account_required=False)
    if command.business_number != merchant.business_number:
        _check_new_number(session, merchant, command.business_number)
    before = merchant.bank_code, merchant.account_number
    if _changes_account(merchant, command):
        account_changes.refuse_agent(by)
    changed = _fill(merchant, command, at=at)
    session.flush()
    if before != (merchant.bank_code, merchant.account_number):
        account_changes.record(session, merchant, before, by=by, at=at)
    steps.write(session, "merchant", merchant.id, "update", by=by, at=at, details={"changed": changed})
    for draft in merchants.drafts(session, merchant.id):
        draft.findings = eligibility.findings(session, draft, at=at)
    session.flush()
    return merchant


def check(command: MerchantRegistration, *, on: date) -> None:
    """Raises Incomplete with all that is wrong with what is stated of a business on record."""
    _check(command, on=on, account_required=False)


def _changes_account(merchant: Merchant, command: MerchantRegistration) -> bool:
    stated = (command.bank_code, command.account_number or merchant.account_number, command.account_holder.strip())
    return stated != (merchant.bank_code, merchant.account_number, merchant.account_holder)


def _check_new_number(session: Session, merchant: Merchant, number: str) -> None:
    if merchants.has_handed_in(session, merchant.id):
        raise Incomplete(problems=[Problem("business_number_fixed", "business_number")])
    if merchants.number_taken(session, number, but=merchant.id):
        raise _number_taken()


def _number_taken() -> AlreadyDone:
    return AlreadyDone(problems=[Problem("business_number_taken", "business_number")])


def _check(command: MerchantRegistration, *, on: date, account_required: bool) -> None:
    """Raises Incomplete with all that is wrong with what was stated, at once."""
    if wrong := faults(command, on=on, account_required=account_required):
        raise Incomplete(problems=wrong)


def faults(command: MerchantRegistration, *, on: date, account_required: bool = True) -> list[Problem]:
    """All that is wrong with what was stated of a business."""
    wrong = [Problem("required", name) for name in TEXTS if not getattr(command, name).strip()]
    wrong += [Problem("too_long", name) for name in TEXTS if len(getattr(command, name)) > LONGEST]
    wrong += [problem for problem in _code_problems(command, on) if problem]
    if not identifiers.is_business_number(command.business_number):
        wrong.append(Problem("business_number_check", "business_number"))
    if not identifiers.is_phone(command.phone):
        wrong.append(Problem("phone_invalid", "phone"))
    if command.opened_on > on:
        wrong.append(Problem("date_in_future", "opened_on"))
    if command.regular_workers % HALF or not 0 <= command.regular_workers <= MOST_WORKERS:
        wrong.append(Problem("workers_not_halves", "regular_workers"))
    wrong += [Problem("won_negative", f"sales_{year}") for year, amount in command.sales.items() if amount < 0]
    given = command.account_number or account_required
    if given and not identifiers.is_account_number(command.account_number):
        wrong.append(Problem("account_number_invalid", "account_number"))
    return wrong


def _code_problems(command: MerchantRegistration, on: date) -> list[Problem]:
    region = codes.region_of(data.regions(), command.region_code)
    fits = {
        "region_code": region is not None and region.valid_on(on) and len(region.code) > 2,
        "industry_code": (command.industry_edition, command.industry_code) in data.industry_names(),
        "bank_code": command.bank_code in data.banks(),
    }
    return [Problem("unknown_choice", field) for field, known in fits.items() if not known]


def _fill(merchant: Merchant, command: MerchantRegistration, *, at: datetime) -> list[str]:
    """Sets every column and returns the names of those that changed, for the audit trail: never their values."""
    region = codes.region_of(data.regions(), command.region_code)
    stated = {
        "business_number": command.business_number,
        "trade_name": command.trade_name.strip(),
        "representative": command.representative.strip(),
        "phone": command.phone,
        "region_system": region.system if region else "",
        "region_code": command.region_code,
        "address": command.address.strip(),
        "industry_edition": command.industry_edition,
        "industry_code": command.industry_code,
        "opened_on": command.opened_on,
        "regular_workers_tenths": int(command.regular_workers * 10),
        "bank_code": command.bank_code,
        "account_holder": command.account_holder.strip(),
    }
    if command.account_number:
        stated["account_number"] = command.account_number
        # Without the bank: the same number written under two names of one bank is still the same account.
        stated["account_index"] = keyring.blind_index(command.account_number, context="merchant.account_number")
    changed = [name for name, value in stated.items() if getattr(merchant, name) != value]
    for name in changed:
        setattr(merchant, name, stated[name])
    changed += _fill_sales(merchant, command)
    merchant.changed_at = at
    return changed


def _fill_sales(merchant: Merchant, command: MerchantRegistration) -> list[str]:
    """The years stated replace those on record. Returns the names of the years that changed."""
    before = {row.year: row.amount for row in merchant.sales}
    if before == dict(command.sales):
        return []
    known = {row.year: row for row in merchant.sales}
    for year, amount in command.sales.items():
        row = known.get(year) or AnnualSales(year=year)
        row.amount = amount
        known[year] = row
    merchant.sales = [known[year] for year in sorted(command.sales)]
    return [
        f"sales_{year}" for year in sorted({*before, *command.sales}) if before.get(year) != command.sales.get(year)
    ]
