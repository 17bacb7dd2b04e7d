"""Tables of master data in each company's schema."""

from apps.masterdata.models.catalogue import AttributeTemplate, Category, Family, Unit
from apps.masterdata.models.items import Barcode, Item, ItemCode, ItemIdentifier, ItemUnit
from apps.masterdata.models.numbers import IssuedNumber, NumberRule
from apps.masterdata.models.partners import Address, BankAccount, BankChange, Contact, Partner
from apps.masterdata.models.places import Department, Employee, Location, Warehouse

__all__ = [
    "Address",
    "AttributeTemplate",
    "BankAccount",
    "BankChange",
    "Barcode",
    "Category",
    "Contact",
    "Department",
    "Employee",
    "Family",
    "IssuedNumber",
    "Item",
    "ItemCode",
    "ItemIdentifier",
    "ItemUnit",
    "Location",
    "NumberRule",
    "Partner",
    "Unit",
    "Warehouse",
]
