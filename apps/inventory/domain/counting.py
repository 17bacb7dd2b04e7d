"""盘点: what a count says about the book, while goods go on moving."""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Counted:
    """One key of a stocktake: `book` at the moment of its last count, `counted` None = not counted."""

    book: Decimal = ZERO
    counted: Decimal | None = None

    def count(self, quantity: Decimal, *, book: Decimal, add: bool = False) -> "Counted":
        """The last count stands, or with `add` joins what was counted before (counting in several places)."""
        before = self.counted if add and self.counted is not None else ZERO
        return Counted(book=book, counted=before + quantity)

    def difference(self, *, now: Decimal, missing_is_zero: bool) -> Decimal:
        """What posting has to move: gain +, loss -. `now`: the book as it stands, for keys that nobody counted."""
        if self.counted is not None:
            return self.counted - self.book
        return -now if missing_is_zero else ZERO
