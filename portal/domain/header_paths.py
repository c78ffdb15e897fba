"""Headers of foreign tables as paths: what the levels above a column say, and which column a name means.

A name is written `group > column`. Two columns called 부가세 are told apart by their group, never by their position.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

Path = tuple[str, ...]

JOINED = " > "


@lru_cache(8192)
def plain(text: str) -> str:
    """What headers are compared by: composed (full-width letters too), in lower case, without any blank."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def parts(name: str) -> Path:
    """The levels of a written name, outermost first."""
    return tuple(part.strip() for part in name.split(JOINED.strip()) if part.strip())


def shown(path: Sequence[str]) -> str:
    """A path for people: `(E)부가세 > 부가세`."""
    return JOINED.join(" ".join(part.split()) for part in path)


def paths(levels: Sequence[Sequence[str]]) -> list[Path]:
    """The path of each column of a header of one or more rows, outermost first; an empty one for a column without name.

    Merged cells hold their text in the first cell alone: a group reaches to the right up to the next text at its level
    or above, and a column merged over all levels has one part.
    """
    width = max((len(level) for level in levels), default=0)
    padded = [[*level, *[""] * (width - len(level))] for level in levels]
    reached = [""] * len(padded)
    found: list[Path] = []
    for column in range(width):
        own = [level[column].strip() for level in padded]
        for depth, text in enumerate(own):
            starts = text or any(own[:depth])
            if starts:
                reached[depth] = text
        last = len(own) - 1
        whole = [own[depth] if depth == last else reached[depth] for depth in range(len(own))]
        found.append(_without_repeats(whole) if any(own) else ())
    return found


def matches(name: str, found: Sequence[Path]) -> list[int]:
    """The numbers of the columns that a name means: one if the name is good, several where it says too little.

    The last part is the column's own text, the parts before it stand above in this order. A column whose whole path is
    written out goes before others that only end alike.
    """
    wanted = tuple(map(plain, parts(name)))
    fitting = [number for number, path in enumerate(found) if path and _fits(wanted, tuple(map(plain, path)))]
    whole = [number for number in fitting if tuple(map(plain, found[number])) == wanted]
    return whole if len(whole) == 1 else fitting


def _fits(wanted: Path, path: Path) -> bool:
    if not wanted or wanted[-1] != path[-1]:
        return False
    above = iter(path[:-1])
    return all(part in above for part in wanted[:-1])


def _without_repeats(whole: Sequence[str]) -> Path:
    kept: list[str] = []
    for text in whole:
        if text and (not kept or plain(kept[-1]) != plain(text)):
            kept.append(text)
    return tuple(kept)
