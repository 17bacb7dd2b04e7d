"""What master data hangs into the frame: rights, seed rows of a fresh company."""

from apps.masterdata import importing
from apps.masterdata.services.catalogue import seed_units
from apps.masterdata.services.numbers import seed_rules
from tenants import hooks, rights

EDITORS = ("admin", "chief", "accountant", "bookkeeper", "storekeeper", "planner", "buyer", "sales", "data_officer")

rights.register(
    "masterdata",
    {
        "view": rights.EVERYBODY,
        "edit": EDITORS,
        "secret": ("admin", "accountant", "chief", "buyer"),
        "settings": ("admin", "chief", "accountant", "data_officer"),
    },
)
for seeder in (seed_units, seed_rules):
    if seeder not in hooks.template_seeders:
        hooks.template_seeders.append(seeder)
importing.register_all()
