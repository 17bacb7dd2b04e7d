"""What supply hangs into the frame."""

from apps.supply.exchange.migrate import migrate_exchange
from tenants import hooks

hooks.shared_seeders.append(migrate_exchange)
