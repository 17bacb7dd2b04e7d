"""How the arithmetic says no; services turn these into refusals."""


class PlanningError(Exception):
    """A rule of planning is broken. `code` is the refusal's stable code."""

    code = "bad_range"


class BomCycle(PlanningError):
    """An item would be made of itself; `path` leads from an item back to it."""

    code = "bom_cycle"

    def __init__(self, path: list[object]) -> None:
        super().__init__(" > ".join(str(node) for node in path))
        self.path = path


class TooLarge(PlanningError):
    """A requirement is beyond what a ledger can hold."""

    code = "bad_range"
