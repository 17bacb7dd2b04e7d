"""追溯: what became of a lot, and what it was made of."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True)
class Found(Generic[Node]):
    """Nodes with their shortest distance from the root, by level; indexes of the links that were walked."""

    levels: dict[Node, int]
    links: tuple[int, ...]


def trace(links: Iterable[tuple[Node, Node]], root: Node, *, direction: str, levels: int) -> Found[Node]:
    """Walk (from, to) pairs `down`, `up` or `both` ways from `root`, at most `levels` steps; loops do no harm."""
    pairs = list(links)
    found: dict[Node, int] = {root: 0}
    walked: set[int] = set()
    for way in ("up", "down"):
        if direction in (way, "both"):
            reached, used = _walk(pairs, root, down=way == "down", levels=levels)
            walked |= used
            for node, level in reached.items():
                found[node] = min(level, found.get(node, level))
    return Found(dict(sorted(found.items(), key=lambda pair: pair[1])), tuple(sorted(walked)))


def _walk(pairs: list[tuple[Node, Node]], root: Node, *, down: bool, levels: int) -> tuple[dict[Node, int], set[int]]:
    leaving: dict[Node, list[tuple[int, Node]]] = defaultdict(list)
    for index, (source, target) in enumerate(pairs):
        leaving[source if down else target].append((index, target if down else source))
    reached, used, edge = {root: 0}, set[int](), [root]
    for level in range(1, levels + 1):
        further: list[Node] = []
        for node in edge:
            for index, other in leaving[node]:
                used.add(index)
                if other not in reached:
                    reached[other] = level
                    further.append(other)
        edge = further
    return reached, used
