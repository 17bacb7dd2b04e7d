"""Quantities of an item in its units: exact, or refused."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.masterdata.domain import units as rules
from apps.masterdata.models import Item, Unit
from apps.masterdata.selectors import finding
from apps.masterdata.services.refusals import refusing
from kernel.errors import Invalid


def factor_of(item: Item, unit: Unit, *, field: str = "unit") -> rules.Factor:
    """Stock units of `item` in one `unit`. Raises Invalid `unknown_unit` when the item has no such unit."""
    if unit.pk == item.stock_unit_id:
        return rules.STOCK_UNIT_FACTOR
    row = next((row for row in item.units.all() if row.unit_id == unit.pk), None)
    if row is None:
        sentence = _("物料 %(item)s 没有单位“%(unit)s”，请先填换算系数。") % {"item": item.code, "unit": unit.name}
        raise Invalid(sentence, "unknown_unit", fields={field: [sentence]})
    return row.factor


def converted(*, item: Item, quantity: Decimal | str, source: str, target: str) -> tuple[Decimal, Unit]:
    """`quantity` of unit `source` in unit `target` (empty = the stock unit), and that unit.

    Raises Invalid `unknown_unit`, `bad_quantity`, `too_many_decimals`; DomainError `unit_not_exact`.
    """
    known = finding.KnownUnits()
    given = finding.unit_called(source, known=known, field="from") if source else item.stock_unit
    wanted = finding.unit_called(target, known=known, field="to") if target else item.stock_unit
    with refusing("quantity"):
        amount = rules.parse_quantity(str(quantity))
        rules.check_decimals(amount, given.decimals)
        answer = rules.convert(
            amount, source=factor_of(item, given, field="from"), target=factor_of(item, wanted, field="to")
        )
    return answer, wanted


class Measures:
    """Quantities of many items in their stock units: three queries however many lines a document has."""

    def __init__(self, item_ids: Iterable[int]) -> None:
        rows = Item.objects.select_related("stock_unit").prefetch_related("units").filter(pk__in=set(item_ids))
        self._items = {row.pk: row for row in rows}
        self._known: finding.KnownUnits | None = None

    def to_stock(self, item_id: int, quantity: Decimal, unit: str = "") -> tuple[str, Decimal]:
        """(code of the unit, `quantity` in stock units), exact; `unit` empty = the stock unit.

        Raises Invalid `unknown_unit`, `bad_quantity`, `too_many_decimals`; DomainError `unit_not_exact`.
        """
        item = self._items[item_id]
        given = self._unit(item, unit)
        with refusing("quantity"):
            amount = rules.parse_quantity(str(quantity))
            rules.check_decimals(amount, given.decimals)
            exact = rules.convert(amount, source=factor_of(item, given))
        return given.code, exact

    def _unit(self, item: Item, text: str) -> Unit:
        if not text or text == item.stock_unit.code:
            return item.stock_unit
        if self._known is None:
            self._known = finding.KnownUnits()
        return finding.unit_called(text, known=self._known)
