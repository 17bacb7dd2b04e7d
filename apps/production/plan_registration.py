"""What engineering and planning hang into the frame: jobs, imports, reactions, menu."""

from apps.inventory.events import SalesOrderCancelled, SalesOrderChanged, SalesOrderConfirmed
from apps.production import menu, plan_reactions
from apps.production.events import PlanRunFinished
from apps.production.imports.boms import BOMS
from apps.production.imports.planning import DEMANDS, PLANNING_DATA
from apps.production.services import mrp
from kernel import events, imports, jobs


def hang_in() -> None:
    """Called by `registration.py` once all models are ready."""
    jobs.register(mrp.JOB, mrp.run_job)
    for kind in (BOMS, PLANNING_DATA, DEMANDS):
        imports.register(kind)
    events.on(SalesOrderConfirmed, plan_reactions.follow_confirmed, module="production")
    events.on(SalesOrderChanged, plan_reactions.follow_changed, module="production")
    events.on(SalesOrderCancelled, plan_reactions.follow_cancelled, module="production")
    events.on(PlanRunFinished, plan_reactions.forget_old_runs, module="production")
    menu.hang_in()
