"""Facts that master data tells the floors above; ids only, details through `public.py`."""

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ItemSaved(Event):
    """An item was made or changed."""

    name = "masterdata.item_saved"
    item_id: int


@dataclass(frozen=True, kw_only=True)
class ItemMerged(Event):
    """`dropped_id` turned out to be `kept_id`; its codes now lead there."""

    name = "masterdata.item_merged"
    kept_id: int
    dropped_id: int


@dataclass(frozen=True, kw_only=True)
class PartnerSaved(Event):
    """A partner was made or changed."""

    name = "masterdata.partner_saved"
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class PartnerBlocked(Event):
    """A partner was blocked: no new documents, no proposals."""

    name = "masterdata.partner_blocked"
    partner_id: int


@dataclass(frozen=True, kw_only=True)
class ContactErased(Event):
    """A contact's personal data are gone; whoever keeps a copy erases it too."""

    name = "masterdata.contact_erased"
    partner_id: int
    contact_id: int
