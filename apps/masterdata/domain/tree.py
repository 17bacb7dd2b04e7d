"""Trees of categories and departments: no loops, one path for each node."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from apps.masterdata.domain.errors import RuleError, gettext_noop

SEPARATOR = "/"

Node = TypeVar("Node", int, str)


class Cycle(RuleError):
    """A node would become its own ancestor."""

    code = "cycle"
    conflict = True


class BadPathCode(RuleError):
    """A code of a tree cannot be part of a path."""

    code = "bad_code"


def ancestors(parents: Mapping[Node, Node | None], node: Node) -> list[Node]:
    """Parents of `node` from the nearest to the root. Raises Cycle instead of running for ever."""
    found: list[Node] = []
    seen = {node}
    parent = parents.get(node)
    while parent is not None:
        if parent in seen:
            raise Cycle(gettext_noop("上下级关系成了一个圈，请先改正上级。"))
        seen.add(parent)
        found.append(parent)
        parent = parents.get(parent)
    return found


def check_parent(parents: Mapping[Node, Node | None], *, node: Node, parent: Node | None) -> None:
    """Raise Cycle when hanging `node` under `parent` would close a loop; its own id counts as one."""
    if parent is None:
        return
    if parent == node or node in ancestors(parents, parent):
        raise Cycle(gettext_noop("不能把自己或自己的下级设为上级。"))


def path(parents: Mapping[Node, Node | None], codes: Mapping[Node, str], node: Node) -> str:
    """The path of codes from the root, `A/AB`."""
    line = [codes[node]]
    line.extend(codes[step] for step in ancestors(parents, node))
    return SEPARATOR.join(reversed(line))


def check_path_code(code: str) -> str:
    """Return `code`, or raise BadPathCode when it holds the separator of paths."""
    if SEPARATOR in code:
        raise BadPathCode(gettext_noop("分类编码“%(code)s”不能含有 /。"), {"code": code})
    return code


def subtree(parents: Mapping[Node, Node | None], root: Node) -> set[Node]:
    """`root` and everything below it, whatever loops old data may hold."""
    children = _children(parents)
    found: set[Node] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(children.get(node, ()))
    return found


def in_order(parents: Mapping[Node, Node | None], codes: Mapping[Node, str]) -> Iterator[tuple[Node, int]]:
    """Every node with its depth (root = 0), parents before children, siblings by code."""
    children = _children(parents)

    def by_code(node: Node) -> tuple[str, str]:
        return codes[node].casefold(), codes[node]

    waiting = [(node, 0) for node in sorted(children.get(None, ()), key=by_code, reverse=True)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        below = sorted(children.get(node, ()), key=by_code, reverse=True)
        waiting.extend((child, depth + 1) for child in below)


def _children(parents: Mapping[Node, Node | None]) -> dict[Node | None, list[Node]]:
    children: dict[Node | None, list[Node]] = {}
    for node, parent in parents.items():
        children.setdefault(parent, []).append(node)
    return children
