"""What finance does when master data changes: a dimension value carries the name its record has now."""

from apps.finance.services.dimensions import follow_record
from apps.masterdata import public as masterdata
from apps.masterdata.events import ItemSaved, PartnerSaved


def rename_item_value(event: ItemSaved) -> None:
    """An item was saved."""
    item = masterdata.get_item(event.item_id)
    follow_record(dimension="item", code=item.code, name=item.name)


def rename_partner_values(event: PartnerSaved) -> None:
    """A partner was saved; it may stand in both dimensions."""
    partner = masterdata.get_partner(event.partner_id)
    for dimension in ("customer", "supplier"):
        follow_record(dimension=dimension, code=partner.code, name=partner.name)
