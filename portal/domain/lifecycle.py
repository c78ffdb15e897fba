"""A lifecycle is a table of steps: may it happen, who may, which button to show, what the diagram says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.actors import Actor, Role
from portal.domain.errors import InvalidTransition, NotPermitted, SamePerson

REOPEN = "reopen"  # an objection was granted: the case is decided on anew, by others
OBJECTED_TO = "objected_to"  # in `apart_from`: whoever took part in the decision that was objected to


@dataclass(frozen=True, slots=True)
class Step:
    """One row: from `source`, `action` by `role` (`or_by` too) leads to `target`; never by who did one of `apart_from`.

    `role` None: a step the portal takes by itself, in the name of whoever asked for it.
    """

    source: StrEnum
    action: str
    target: StrEnum
    role: Role | None
    apart_from: tuple[str, ...] = ()
    or_by: Role | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who may take it; empty where the portal does."""
        return tuple(role for role in (self.role, self.or_by) if role is not None)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    noun: str
    initial: StrEnum
    steps: tuple[Step, ...]

    @property
    def statuses(self) -> tuple[StrEnum, ...]:
        return tuple(type(self.initial))

    @property
    def actions_known(self) -> frozenset[str]:
        return frozenset(step.action for step in self.steps)

    def step(self, status: StrEnum, action: str) -> Step:
        """The row for this action in this status. Raises InvalidTransition where there is none."""
        for step in self.steps:
            if step.source == status and step.action == action:
                return step
        raise InvalidTransition(f"{self.noun}: {action} from {status}")

    def check(self, step: Step, by: Actor, done_by: Mapping[str, Collection[int]]) -> None:
        """Raises NotPermitted or SamePerson. `done_by`: action -> ids of the persons who took it on this record."""
        if step.roles and not any(map(by.has, step.roles)):
            raise NotPermitted(f"{self.noun}: {step.action} needs {' or '.join(step.roles)}")
        if any(by.person_id in done_by.get(earlier, ()) for earlier in step.apart_from):
            raise SamePerson(f"{self.noun}: {step.action} apart from {', '.join(step.apart_from)}")

    def actions(self, status: StrEnum, by: Actor, done_by: Mapping[str, Collection[int]]) -> list[str]:
        """The actions this person may take now, in table order: the buttons of a page."""
        return [s.action for s in self.steps if s.source == status and self._allows(s, by, done_by)]

    def _allows(self, step: Step, by: Actor, done_by: Mapping[str, Collection[int]]) -> bool:
        try:
            self.check(step, by, done_by)
        except NotPermitted:
            return False
        return True

    def mermaid(self) -> str:
        """The state diagram of the docs, made from the table."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for s in self.steps:
            apart = f" ≠ {', '.join(s.apart_from)}" if s.apart_from else ""
            lines.append(f"    {s.source} --> {s.target}: {s.action} ({' or '.join(s.roles) or 'portal'}{apart})")
        ends = [status for status in self.statuses if not any(s.source == status for s in self.steps)]
        lines += [f"    {status} --> [*]" for status in ends]
        return "\n".join(lines) + "\n"


def persons_by_action(events: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    """Action -> ids of the persons who took it, from the events of a record in their order.

    Whoever acted before it was reopened counts as having taken part in what was objected to.
    """
    persons: dict[str, set[int]] = defaultdict(set)
    for action, person_id in events:
        if action == REOPEN:
            persons[OBJECTED_TO] |= set[int]().union(*persons.values())
        persons[action].add(person_id)
    return dict(persons)
