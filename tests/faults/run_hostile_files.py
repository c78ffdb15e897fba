"""The whole corpus of hostile files at a live server, and how responsive it stays: `make faults`."""

from __future__ import annotations

import sys

from tests.faults import harness, page
from tests.faults.hostile.siege import OWN_CPU, Siege, siege

VARIANT = "reads_in_the_web_process"
_AIM = 0.2  # seconds beyond the idle answer
_ABOUT = f"""Every file of `tests/faults/hostile/corpus.py` (bombs, a cell at XFD1048576, entities, formulas, wrong
types, cut files, odd names) by the page and by the API, one after the other, at one server process with 4 threads and
one worker, while another connection asks for an ordinary page every 20 ms. Each is refused in a sentence, or taken in
row by row where that does no harm; no answer is 5xx. Nothing is read by the process that answers requests: none may
cost it more than {OWN_CPU:.0f} s of CPU. Aim: the page never waits more than {_AIM * 1000:.0f} ms longer than idle."""
_HEAD = ("", "files", "5xx or unclear", "most CPU of the server", "page idle: 99%, worst", "page meanwhile: 99%, worst")


def _row(name: str, found: Siege) -> tuple[object, ...]:
    dearest = max(found.thrown, key=lambda each: each.cpu)
    return (
        name,
        len(found.thrown),
        len(found.badly_answered),
        f"{dearest.cpu:.2f} s ({dearest.what}, {dearest.way})",
        *(f"{_ms(asked.within(0.99))}, {_ms(max(asked.answers))}" for asked in (found.idle, found.meanwhile)),
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


def main() -> None:
    print("Hostile files")
    with harness.settings("sqlite") as settings:
        portal = siege(settings)
    for bad in (*portal.badly_answered, *portal.read_by_the_server):
        print(f"  {bad}")
    with harness.settings("sqlite") as settings:
        control = siege(settings, variant=VARIANT)
    rows = [_row("the portal", portal), _row(f"control: `{VARIANT}`", control)]
    print("\n".join(f"  {row}" for row in rows))
    if portal.badly_answered or portal.meanwhile.failed or not control.read_by_the_server:
        sys.exit("a file was answered badly, or the control was not noticed")
    worse = max(portal.meanwhile.answers) - max(portal.idle.answers)
    after = f"The page waited {_ms(max(worse, 0))} longer than idle at worst (aim: {_ms(_AIM)})."
    page.keep(page.section("Hostile files", _ABOUT, _HEAD, rows, after))


if __name__ == "__main__":
    main()
