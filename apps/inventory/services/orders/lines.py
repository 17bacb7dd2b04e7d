"""Reading the lines of an order: codes become records, quantities stock units, prices amounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.inventory.domain.orders import line_amount
from apps.inventory.services.orders.refusals import ItemStopped
from apps.inventory.services.orders.values import LineInput
from apps.masterdata import public as masterdata
from apps.masterdata.public import ItemInfo, PartnerInfo, WarehouseInfo
from kernel.errors import DomainError, Invalid

MOST_LINES = 1000
MOST_AMOUNT = Decimal(10) ** 15
ZERO = Decimal(0)


@dataclass
class Known:
    """Master data of one set of lines, read once."""

    items: Mapping[str, ItemInfo]
    warehouses: dict[str, WarehouseInfo] = field(default_factory=dict)
    measures: masterdata.Measures | None = None

    @classmethod
    def of(cls, lines: Sequence[LineInput], also: Sequence[int] = ()) -> "Known":
        """`also`: ids of items of lines that stand."""
        items = masterdata.items_by_code({row.item for row in lines if row.item})
        measures = masterdata.Measures({*(item.id for item in items.values()), *also})
        warehouses = {}
        for code in sorted({row.warehouse for row in lines if row.warehouse}):
            found = masterdata.warehouse_by_code(code)
            if found is not None:
                warehouses[code] = found
        return cls(items, warehouses, measures)

    def item(self, code: str, spot: str) -> ItemInfo:
        """The item; raises `unknown_item`, `item_stopped`."""
        found = self.items.get(code)
        if found is None:
            raise unknown("item", _("没有物料“%(code)s”，请先建档。") % {"code": code[:40]}, f"{spot}.item")
        if not found.is_active:
            sentence = _("物料 %(item)s 已停用，不能下新订单。") % {"item": found.label}
            raise ItemStopped(sentence, fields={f"{spot}.item": [sentence]})
        return found

    def warehouse(self, code: str | None, spot: str) -> int | None:
        """Id of the warehouse; None for none. Raises `unknown_warehouse`."""
        if not code:
            return None
        if code not in self.warehouses:
            raise unknown("warehouse", _("没有仓库“%(code)s”。") % {"code": code[:40]}, f"{spot}.warehouse")
        return self.warehouses[code].id

    def to_stock(self, item_id: int, quantity: Decimal, unit: str, spot: str) -> tuple[str, Decimal]:
        """(unit code, stock quantity); refusals name the line."""
        assert self.measures is not None  # noqa: S101  # `of` has read them
        try:
            return self.measures.to_stock(item_id, quantity, unit)
        except DomainError as error:
            error.fields = {f"{spot}.{name}": texts for name, texts in error.fields.items()}
            raise


def unknown(name: str, sentence: str, spot: str) -> Invalid:
    """400 `unknown_item`, `unknown_warehouse`, … at a spot."""
    return Invalid(sentence, f"unknown_{name}", fields={spot: [sentence]})


def partner_called(code: str, *, sells: bool) -> PartnerInfo:
    """The customer or supplier by code. Raises Invalid `unknown_partner`."""
    found = masterdata.partner_by_code(code)
    if found is None:
        words = _("没有客户“%(code)s”，请先建档。") if sells else _("没有供应商“%(code)s”，请先建档。")
        raise unknown("partner", words % {"code": code[:40]}, "partner")
    return found


def written(values: LineInput, *, known: Known, spot: str, partner: PartnerInfo, order: Any) -> dict[str, Any]:
    """Columns of a new line. Raises `unknown_item`, `item_stopped`, `unknown_unit`, `unit_not_exact`, `invalid`."""
    if not values.item:
        raise Invalid(_("请填写物料。"), fields={f"{spot}.item": [_("请填写物料。")]})
    item = known.item(values.item, spot)
    quantity = _quantity(values.quantity, spot)
    unit, stock = known.to_stock(item.id, quantity, values.unit or "", spot)
    columns: dict[str, Any] = {
        "item_id": item.id,
        "unit": unit,
        "quantity": quantity,
        "stock_quantity": stock,
        "unit_price": values.unit_price if values.unit_price is not None else ZERO,
        "tax_rate": values.tax_rate if values.tax_rate is not None else (partner.tax_rate or ZERO),
        "due_on": values.due_on or order.ordered_on,
        "promised_on": values.promised_on,
        "warehouse_id": known.warehouse(values.warehouse, spot),
        "note": values.note or "",
    }
    return columns | {"amount": amount_of(columns["quantity"], columns["unit_price"], spot)}


def amount_of(quantity: Decimal, unit_price: Decimal, spot: str) -> Decimal:
    """The line's amount; refused where the ledgers could not hold it."""
    amount = line_amount(quantity, unit_price)
    if amount >= MOST_AMOUNT:
        sentence = _("金额太大，请检查数量和单价。")
        raise Invalid(sentence, fields={f"{spot}.unit_price": [sentence]})
    return amount


def _quantity(quantity: Decimal | None, spot: str) -> Decimal:
    if quantity is None or quantity <= 0:
        sentence = _("数量要大于零。")
        raise Invalid(sentence, fields={f"{spot}.quantity": [sentence]})
    return quantity


def check_count(lines: Sequence[LineInput]) -> None:
    """An order has at least one line and at most 1000, each number once."""
    if not lines:
        sentence = _("订单至少要有一行。")
        raise Invalid(sentence, fields={"lines": [sentence]})
    if len(lines) > MOST_LINES:
        sentence = _("一张订单最多 %(most)s 行，请分成几张。") % {"most": MOST_LINES}
        raise Invalid(sentence, fields={"lines": [sentence]})
    numbers = [row.line for row in lines if row.line is not None]
    if len(numbers) != len(set(numbers)):
        sentence = _("行号重复，请检查。")
        raise Invalid(sentence, fields={"lines": [sentence]})
