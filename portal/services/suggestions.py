"""Suggests whose an unlinked store may be, and takes an official's word for it on the way that every link goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound, NotPermitted
from portal.domain.identifiers import digits_of
from portal.domain.links import LIFECYCLE, LinkStatus
from portal.domain.permissions import Permission
from portal.domain.platform_stores import StoreTold
from portal.domain.suggestions import Likeness, LinkSuggested, NamedStore, Place, Suggestion
from portal.models.links import PlatformLink
from portal.queries import suggestions
from portal.services import links, settlements, steps
from portal.storage.lines import LineStore, StoreSeen

MOST = 3  # suggestions for a store
LOOKED_AT = 100  # stores for which suggestions are sought: those with most orders come first
ALIKE, CONTAINED = 70, 85  # of 100: a name as a whole, a part of an address
_LIVE = (LinkStatus.PROPOSED, LinkStatus.CONFIRMED)
_ORDER = {likeness: rank for rank, likeness in enumerate(Likeness)}


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A store that no link covers, the places it may belong to, the likeliest first; `told`: by its platform."""

    store: StoreSeen
    suggestions: Sequence[Suggestion] = ()
    told: StoreTold | None = None


def unlinked(session: Session, lines: LineStore, by: Actor) -> list[Unlinked]:
    """The stores nobody linked, most orders first."""
    stores = settlements.unlinked_stores(session, lines, by)
    known = _Known.of(session, by.organisation_id or 0, stores)
    looked_at = [Unlinked(store, known.suggested(store), known.told_of(store)) for store in stores[:LOOKED_AT]]
    return looked_at + [Unlinked(store) for store in stores[LOOKED_AT:]]


def link(session: Session, lines: LineStore, command: LinkSuggested, *, by: Actor, at: datetime) -> PlatformLink:
    """Follows a suggestion: answers the proposal there is, or else proposes the link in the merchant's place, from the
    store's first order on, for another official to confirm.

    Raises NotFound for what is not suggested (any more), and what links.confirm raises.
    """
    if not by.may(Permission.LINK_CONFIRM):
        raise NotPermitted(Permission.LINK_CONFIRM)
    store, suggestion = _wanted(unlinked(session, lines, by), command)
    if suggestion.link_id is not None:
        return links.confirm(session, suggestion.link_id, by=by, at=at)
    proposed = PlatformLink(
        merchant_id=suggestion.place.merchant_id,
        platform=store.platform,
        store_id=store.store_id,
        valid_from=store.first_seen.date(),
        proposed_at=at,
    )
    steps.begin(session, proposed, LIFECYCLE, "propose", by=by, at=at)
    return proposed


def _wanted(found: Sequence[Unlinked], command: LinkSuggested) -> tuple[StoreSeen, Suggestion]:
    for each in found:
        if (each.store.platform, each.store.store_id) == (command.platform, command.store_id):
            for suggestion in each.suggestions:
                if suggestion.place.merchant_id == command.merchant_id:
                    return each.store, suggestion
    raise NotFound(f"suggestion for {command.platform} {command.store_id}")


@dataclass(frozen=True, slots=True)
class _Known:
    """What stores are compared with. `names`: (merchant id, letters) of what a place calls itself and platforms call
    its stores; `addresses`: merchant id -> letters; `numbered`: the numbers of an address -> merchant ids; `doubted`:
    numbers that merchants named and no delivery knows, by link id; `told`: what platforms say of them."""

    places: Mapping[int, Place]
    named: Sequence[NamedStore]
    names: Sequence[tuple[int, str]]
    addresses: Mapping[int, str]
    numbered: Mapping[tuple[str, ...], Sequence[int]]
    doubted: Mapping[int, NamedStore]
    told: Mapping[suggestions.StoreKey, StoreTold]

    @classmethod
    def of(cls, session: Session, organisation_id: int, stores: Sequence[StoreSeen]) -> _Known:
        places = {place.merchant_id: place for place in suggestions.places(session, organisation_id)}
        named = suggestions.named_stores(session, organisation_id)
        seen = {(store.platform, store.store_id) for store in stores}
        return cls(
            places=places,
            named=named,
            names=[
                (number, _letters(name))
                for number, name in (
                    *((place.merchant_id, place.trade_name) for place in places.values()),
                    *suggestions.aliases(session, organisation_id),
                )
            ],
            addresses={number: _letters(place.address) for number, place in places.items()},
            numbered=_by_numbers(places.values()),
            doubted={
                each.link_id: each
                for each in named
                if each.status is LinkStatus.PROPOSED and (each.platform, each.store_id) not in seen
            },
            told=suggestions.told(
                session, organisation_id, [(store.platform, store.store_id) for store in stores[:LOOKED_AT]]
            ),
        )

    def told_of(self, store: StoreSeen) -> StoreTold | None:
        return self.told.get((store.platform, store.store_id))

    def suggested(self, store: StoreSeen) -> list[Suggestion]:
        """The best of each place; never one whose claim to this very store was answered already."""
        answered = {
            each.merchant_id
            for each in self.named
            if (each.platform, each.store_id) == (store.platform, store.store_id)
            and each.status is not LinkStatus.PROPOSED
        }
        best: dict[int, Suggestion] = {}
        for found in sorted(self._all(store), key=lambda each: (-each.score, _ORDER[each.likeness])):
            if found.place.merchant_id not in answered:
                best.setdefault(found.place.merchant_id, found)
        return list(best.values())[:MOST]

    def _all(self, store: StoreSeen) -> Iterator[Suggestion]:
        yield from self._by_number(store)
        told = self.told_of(store)
        names = self._by_name(_letters(told.name if told and told.name else store.store_id))
        addresses = self._by_address(told.address) if told and told.address else self._in_address(store)
        for number in dict.fromkeys((*names, *addresses)):
            name, address = names.get(number, 0), addresses.get(number, 0)
            both = 100 - (100 - name) * (100 - address) // 100  # two likenesses are surer than either
            likeness = Likeness.NAME_AND_ADDRESS if name and address else Likeness.NAME if name else Likeness.ADDRESS
            yield Suggestion(self.places[number], likeness, both)

    def _by_name(self, text: str) -> dict[int, int]:
        """Merchant id -> how alike the best of its names is."""
        found: dict[int, int] = {}
        if _is_a_name(text):
            letters = [name for _number, name in self.names]
            for _name, score, at in process.extract(text, letters, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None):
                number = self.names[at][0]
                found[number] = max(found.get(number, 0), int(score))
        return found

    def _in_address(self, store: StoreSeen) -> dict[int, int]:
        """Places whose address holds what a store's number says in letters."""
        text = _letters(store.store_id)
        if not _is_a_name(text):
            return {}
        partly = process.extract(text, self.addresses, scorer=fuzz.partial_ratio, score_cutoff=CONTAINED, limit=None)
        return {number: int(score * CONTAINED // 100) for _address, score, number in partly}

    def _by_address(self, address: str) -> dict[int, int]:
        """Places at an address of the same numbers and alike otherwise: neighbours differ in a number alone."""
        text = _letters(_street(address))
        near = {number: self.addresses[number] for number in self.numbered.get(_numbers(address), ())}
        alike = process.extract(text, near, scorer=fuzz.partial_ratio, score_cutoff=CONTAINED, limit=None)
        return {number: int(score * CONTAINED // 100) for _address, score, number in alike}

    def _by_number(self, store: StoreSeen) -> Iterator[Suggestion]:
        told = self.told_of(store)
        numbers = {digits_of(store.store_id), told.business_number if told else ""}
        for place in self.places.values():
            if place.business_number in numbers:
                yield Suggestion(place, Likeness.BUSINESS_NUMBER, 100)
        for each in self.named:
            place = self.places[each.merchant_id]
            if each.store_id == store.store_id and each.status in _LIVE:
                if each.platform != store.platform:
                    yield Suggestion(place, Likeness.OTHER_PLATFORM, 95)
                elif each.status is LinkStatus.PROPOSED:
                    yield Suggestion(place, Likeness.NAMED, 100, each.link_id)
        for each in self.doubted.values():
            length = max(len(each.store_id), len(store.store_id))
            if each.platform == store.platform and OSA.distance(each.store_id, store.store_id, score_cutoff=1) == 1:
                yield Suggestion(self.places[each.merchant_id], Likeness.NUMBER, 100 - 100 // length)


def _letters(text: str) -> str:
    """What of a text can be part of a name: letters, in lower case."""
    return re.sub(r"[\W\d_]", "", text).lower()


def _street(address: str) -> str:
    """An address without what few write alike: remarks in brackets, floors and rooms."""
    return re.sub(r"\(.*?\)|,.*|(지하)?\s*\d+\s*(층|호)\b", "", address)


def _numbers(address: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", _street(address)))


def _by_numbers(places: Iterable[Place]) -> dict[tuple[str, ...], list[int]]:
    """Merchant ids by the numbers of their address, for those that have any."""
    found: dict[tuple[str, ...], list[int]] = {}
    for place in places:
        if numbers := _numbers(place.address):
            found.setdefault(numbers, []).append(place.merchant_id)
    return found


def _is_a_name(letters: str) -> bool:
    """Two syllables of Hangul say something; two Latin letters are the beginning of a number."""
    return len(letters) >= (4 if letters.isascii() else 2)
