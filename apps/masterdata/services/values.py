"""What the writers of items and partners hand over: checked in shape by form, serializer or import, not in meaning."""

from decimal import Decimal
from typing import Any, TypedDict


class ItemValues(TypedDict, total=False):
    """Only what is present is written. Texts name records: `stock_unit` "pcs", `category` "A/AB"."""

    code: str
    name: str
    spec: str
    drawing_no: str
    revision: str
    category: str | None
    source: str
    is_stocked: bool
    is_purchased: bool
    is_sold: bool
    is_service: bool
    is_phantom: bool
    weight: Decimal | None
    state: str
    stock_unit: str
    tracking: str
    shelf_life_days: int | None
    attributes: dict[str, Any]
    units: list[dict[str, Any]]
    barcodes: list[dict[str, Any]]
    identifiers: list[dict[str, Any]]
    standard_cost: Decimal | None
    target_price: Decimal | None
    internal_note: str
    version: int | None


class PartnerValues(TypedDict, total=False):
    """Only what is present is written; `contacts`, `addresses`, `bank_accounts` are the whole list."""

    code: str
    name: str
    short_name: str
    kind: str
    is_customer: bool
    is_supplier: bool
    uscc: str
    category: str
    status: str
    currency: str
    payment_terms: str
    tax_rate: Decimal | None
    credit_limit: Decimal | None
    owner: str | None
    gln: str
    gs1_prefix: str
    internal_note: str
    contacts: list[dict[str, Any]]
    addresses: list[dict[str, Any]]
    bank_accounts: list[dict[str, Any]]
    version: int | None
