"""What planning does when a sales order is confirmed, changed or cancelled: its demands follow. And after a run."""

from apps.inventory.events import SalesOrderCancelled, SalesOrderChanged, SalesOrderConfirmed
from apps.production import plan_links
from apps.production.events import PlanRunFinished
from apps.production.services import mrp
from apps.production.services.demands import follow_sales_order
from kernel.clock import now


def follow_confirmed(event: SalesOrderConfirmed) -> None:
    """A sales order became a commitment."""
    follow_sales_order(number=event.number, lines=plan_links.sales_lines(event.number), at=now())


def follow_changed(event: SalesOrderChanged) -> None:
    """Quantities or dates changed, or goods were shipped."""
    follow_sales_order(number=event.number, lines=plan_links.sales_lines(event.number), at=now())


def follow_cancelled(event: SalesOrderCancelled) -> None:
    """The order is off."""
    follow_sales_order(number=event.number, lines=(), at=now(), cancelled=True)


def forget_old_runs(event: PlanRunFinished) -> None:
    """A run is in force: the rows of the one that is now too old go."""
    mrp.forget_old_runs()
