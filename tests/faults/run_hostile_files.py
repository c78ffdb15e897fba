"""The whole corpus of hostile files at a live server, and how responsive it stays: `make faults`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.faults import harness, page
from tests.faults.hostile.siege import OWN_CPU, Siege, badly_answered, costs, read_by_the_server, siege
from tests.faults.hostile.throwing import Thrown

VARIANT = "reads_in_the_web_process"
_AIM = 0.2  # seconds beyond the idle answer
_ABOUT = f"""Every file of `tests/faults/hostile/corpus.py` (bombs, a cell at XFD1048576, entities, formulas, wrong
types, cut files, odd names) by the page and by the API, one after the other, at one server process with 4 threads and
one worker, while another connection asks for an ordinary page every 20 ms. Each is refused in a sentence, or taken in
row by row where that does no harm; no answer is 5xx. Nothing is read by the process that answers requests: none may
cost it more than {OWN_CPU:.0f} s of CPU. Aim: the page never waits more than {_AIM * 1000:.0f} ms longer than idle."""
_HEAD = ("", "files", "5xx or unclear", "most CPU of the server", "page idle: 99%, worst", "page meanwhile: 99%, worst")


def _row(name: str, thrown: Sequence[Thrown], found: Siege) -> tuple[object, ...]:
    dearest = max(thrown, key=lambda each: each.cpu)
    return (
        name,
        len(thrown),
        len(badly_answered([*thrown, *found.thrown])),
        f"{dearest.cpu:.2f} s ({dearest.what}, {dearest.way})",
        *(f"{_ms(asked.within(0.99))}, {_ms(max(asked.answers))}" for asked in (found.idle, found.meanwhile)),
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def _both(variant: str = "") -> tuple[list[Thrown], Siege]:
    """Thrown twice, at two fresh portals: for what it costs, and for how others are answered meanwhile."""
    with harness.settings("sqlite") as settings:
        thrown = costs(settings, variant=variant)
    with harness.settings("sqlite") as settings:
        return thrown, siege(settings, variant=variant)


def main() -> None:
    print("Hostile files", flush=True)
    thrown, found = _both()
    control, beside = _both(VARIANT)
    rows = [_row("the portal", thrown, found), _row(f"control: `{VARIANT}`", control, beside)]
    print("\n".join(f"  {row}" for row in rows), flush=True)
    bad = [*badly_answered([*thrown, *found.thrown]), *read_by_the_server(thrown)]
    if bad or found.meanwhile.failed:
        sys.exit("\n".join(["answered badly, or read by the server:", *map(str, bad)]))
    if not read_by_the_server(control):
        sys.exit("the control was not noticed: the harness proves nothing")
    longer = max(max(found.meanwhile.answers) - max(found.idle.answers), 0)
    after = f"The page waited {_ms(longer)} longer than idle at worst (aim: {_ms(_AIM)})."
    page.keep(page.section("Hostile files", _ABOUT, _HEAD, rows, after))


if __name__ == "__main__":
    main()
