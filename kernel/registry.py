"""What modules hang into the shell: menu entries, panels in pages of lower floors, tiles and tasks of the home page."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from tenants.rights import Member


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One menu entry. `badge` runs inside the company and counts what waits; it must cost one query.

    `modules`: shown only with one of these (empty = always), for entries of master data that some modules need.
    `also`: beginnings of further addresses that belong to this entry.
    """

    label: Any  # text, lazily translated
    url_name: str
    icon: str
    right: str | None = None
    badge: Callable[[Member], int] | None = None
    badge_id: str = ""
    modules: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def is_shown(self, paid: Collection[str], member: Member) -> bool:
        """Whether `member` meets this entry in a company that has paid for the modules `paid`."""
        needed = not self.modules or any(module in paid for module in self.modules)
        return needed and (self.right is None or member.can(self.right))


@dataclass(frozen=True, kw_only=True)
class NavGroup:
    """Menu of a module. `module` None = always on; otherwise locked until subscribed."""

    key: str
    label: Any  # text, lazily translated
    icon: str
    color: str
    items: tuple[NavItem, ...]
    module: str | None = None
    position: int = 50


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A corner of a higher floor inside a page of a lower one: a lazy box that asks `url_name` with the object's id."""

    slot: str  # e.g. "inventory.document", "home"; "home.action" is a button beside the greeting that leads there
    url_name: str
    title: Any  # text, lazily translated
    module: str | None = None
    right: str | None = None
    position: int = 50


@dataclass(frozen=True, kw_only=True)
class HomeTile:
    """A figure on the home page: `read(member)` answers a dict for the KPI component, or None for «nothing to show»."""

    key: str
    read: Callable[[Member], dict[str, object] | None]
    module: str | None = None
    right: str | None = None
    position: int = 50


_groups: dict[str, NavGroup] = {}
_panels: list[Panel] = []
_tiles: dict[str, HomeTile] = {}
_tasks: dict[str, HomeTile] = {}
_searches: dict[str, Callable[[str, Member], list[dict[str, str]]]] = {}
_checklist: dict[str, HomeTile] = {}


def add_group(group: NavGroup) -> None:
    _groups[group.key] = group


def add_items(key: str, items: tuple[NavItem, ...]) -> None:
    """Put entries of a higher floor at the head of a group that stands already; again changes nothing."""
    group = _groups[key]
    known = {item.url_name for item in group.items}
    fresh = tuple(item for item in items if item.url_name not in known)
    _groups[key] = replace(group, items=(*fresh, *group.items))


def groups() -> list[NavGroup]:
    """Menu groups in the order of the floors' menu."""
    return sorted(_groups.values(), key=lambda group: (group.position, group.key))


def add_panel(panel: Panel) -> None:
    if panel not in _panels:
        _panels.append(panel)


def panels(slot: str) -> list[Panel]:
    return sorted((panel for panel in _panels if panel.slot == slot), key=lambda panel: panel.position)


def panels_for(slot: str, *, modules: Collection[str], member: Member) -> list[Panel]:
    """The panels of a slot that the company has paid for and the member may see."""
    return [
        panel
        for panel in panels(slot)
        if (panel.module is None or panel.module in modules) and (panel.right is None or member.can(panel.right))
    ]


def add_home_tile(tile: HomeTile) -> None:
    _tiles[tile.key] = tile


def home_tiles() -> list[HomeTile]:
    return sorted(_tiles.values(), key=lambda tile: (tile.position, tile.key))


def add_home_task(task: HomeTile) -> None:
    """A 待办: `read` answers {text, module, url, icon, tone} or None when nothing waits."""
    _tasks[task.key] = task


def home_tasks() -> list[HomeTile]:
    return sorted(_tasks.values(), key=lambda task: (task.position, task.key))


def add_checklist_step(step: HomeTile) -> None:
    """A step of 开始使用: `read` answers {text, url, done}."""
    _checklist[step.key] = step


def checklist_steps() -> list[HomeTile]:
    return sorted(_checklist.values(), key=lambda step: (step.position, step.key))


def add_search(key: str, search: Callable[[str, Member], list[dict[str, str]]]) -> None:
    """Records for Ctrl+K: `search(text, member)` answers at most eight {label, detail, url, icon}."""
    _searches[key] = search


def searches() -> list[Callable[[str, Member], list[dict[str, str]]]]:
    return [_searches[key] for key in sorted(_searches)]
