"""What a scanned text is: an item, a lot of one, a location, a package."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.masterdata.domain import gs1, own_labels
from apps.masterdata.domain.codes import code_key
from apps.masterdata.domain.gs1 import ScanKind
from apps.masterdata.models import Barcode, Item, ItemIdentifier, Location, Partner
from apps.masterdata.selectors import finding
from apps.masterdata.services.refusals import refusing


@dataclass(frozen=True, kw_only=True)
class Scan:
    """The answer. `quantity` is in `unit`; `kind` is item, lot, location or package."""

    kind: str
    code: str
    item_id: int | None = None
    item: str = ""
    name: str = ""
    unit: str = ""
    lot: str = ""
    serial: str = ""
    quantity: Decimal | None = None
    made_on: date | None = None
    expires_on: date | None = None
    location_id: int | None = None
    location: str = ""
    warehouse: str = ""
    sscc: str = ""
    gtin: str = ""


def read(text: str, *, today: date) -> Scan | None:
    """What `text` is; None when the company knows nothing of that name. Raises Invalid for a damaged code."""
    with refusing("code"):
        label = own_labels.read_label(text)
        reading = gs1.read_scan(text, today=today) if label is None else None
    if label is not None:
        return _of_label(label)
    return _of_reading(reading) if reading is not None and reading.code else None


def _of_label(label: own_labels.OwnLabel) -> Scan | None:
    if label.kind is ScanKind.LOCATION:
        return _of_location(finding.location_or_none(label.code))
    if label.kind is ScanKind.PACKAGE:
        return Scan(kind=ScanKind.PACKAGE, code=label.code, lot=label.lot, serial=label.serial, quantity=label.quantity)
    item = _item(label.code)
    if item is None:
        return None
    return Scan(
        kind=ScanKind.LOT if label.lot else ScanKind.ITEM,
        code=label.code,
        item_id=item.pk,
        item=item.code,
        name=item.name,
        unit=item.stock_unit.code,
        lot=label.lot,
        serial=label.serial,
        quantity=label.quantity,
    )


def _of_reading(reading: gs1.Reading) -> Scan | None:
    if reading.kind is ScanKind.PACKAGE:
        return _with_goods(reading)
    if reading.gtin:
        barcode = _barcode(reading.gtin)
        return _of_goods(reading, barcode.item, barcode.unit.code) if barcode else None
    if reading.gln:
        own = Partner.everybody.filter(gln=reading.gln).first()
        return Scan(kind=ScanKind.LOCATION, code=reading.gln, name=own.name) if own else None
    return _of_own_code(reading)


def _of_own_code(reading: gs1.Reading) -> Scan | None:
    barcode = _barcode(reading.code)
    if barcode is not None:
        return _of_goods(reading, barcode.item, barcode.unit.code)
    key = code_key(reading.code)
    location = Location.objects.select_related("warehouse").filter(barcode_key=key).exclude(barcode_key="").first()
    if location is not None:
        return _of_location(location)
    item = _item(reading.code) or _by_identifier(reading.code)
    if item is not None:
        return _of_goods(reading, item, item.stock_unit.code)
    return _of_location(finding.location_or_none(reading.code))


def _with_goods(reading: gs1.Reading) -> Scan:
    barcode = _barcode(reading.gtin) if reading.gtin else None
    return Scan(
        kind=ScanKind.PACKAGE,
        code=reading.sscc,
        sscc=reading.sscc,
        gtin=reading.gtin,
        item_id=barcode.item_id if barcode else None,
        item=barcode.item.code if barcode else "",
        name=barcode.item.name if barcode else "",
        unit=barcode.unit.code if barcode else "",
        lot=reading.lot,
        quantity=_quantity(reading),
        expires_on=reading.expires_on,
    )


def _of_goods(reading: gs1.Reading, item: Item, unit: str) -> Scan:
    return Scan(
        kind=ScanKind.LOT if reading.lot else ScanKind.ITEM,
        code=reading.code,
        item_id=item.pk,
        item=item.code,
        name=item.name,
        unit=unit,
        lot=reading.lot,
        serial=reading.serial,
        quantity=_quantity(reading),
        made_on=reading.made_on,
        expires_on=reading.expires_on,
        gtin=reading.gtin,
    )


def _quantity(reading: gs1.Reading) -> Decimal | None:
    return Decimal(reading.count) if reading.count is not None else reading.net_weight


def _of_location(location: Location | None) -> Scan | None:
    if location is None:
        return None
    return Scan(
        kind=ScanKind.LOCATION,
        code=location.barcode or location.code,
        location_id=location.pk,
        location=location.code,
        warehouse=location.warehouse.code,
        name=location.warehouse.name,
    )


def _barcode(value: str) -> Barcode | None:
    return Barcode.objects.select_related("item", "unit").filter(key=code_key(value)).first()


def _item(code: str) -> Item | None:
    return finding.live_items().select_related("stock_unit").filter(codes__key=code_key(code)).first()


def _by_identifier(value: str) -> Item | None:
    rows = ItemIdentifier.objects.select_related("item__stock_unit").filter(value__iexact=value.strip()).order_by("id")
    found = rows.first()
    return found.item if found else None
