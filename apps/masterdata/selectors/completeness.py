"""数据完整性 (K4): how many of the required attributes an item has."""

from apps.masterdata.domain import attributes as rules
from apps.masterdata.models import Item
from apps.masterdata.services.item_parts import rows_of, template_for

NOTHING_REQUIRED = rules.AttributeTemplate("", 0, ())


def completeness(item: Item) -> rules.Completeness:
    """Against the version the item was filled against, else the present one of its category."""
    template = item.template or template_for(item.category)
    return rules.completeness(rows_of(template) if template else NOTHING_REQUIRED, item.attributes)
