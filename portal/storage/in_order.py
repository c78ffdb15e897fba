"""Work on pieces of something by several threads, and its results in the order of the pieces."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def in_order(work: Callable[[Piece], Result], pieces: Iterable[Piece], threads: int) -> Iterator[Result]:
    """`work(piece)` for each, never more than `threads` at once; the pieces are taken by the caller's own thread."""
    if threads < 2:
        yield from map(work, pieces)
        return
    under_way: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for piece in pieces:
            under_way.append(pool.submit(work, piece))
            if len(under_way) > threads:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def ahead(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The same pieces; a thread makes the next one while one is used."""

    def following() -> list[Piece]:
        return list(itertools.islice(pieces, 1))

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(following)
        while found := coming.result():
            coming = pool.submit(following)
            yield from found
