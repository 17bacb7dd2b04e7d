"""What engineering and planning hang into the frame: jobs, imports, reactions, menu."""

from apps.production import menu
from apps.production.imports.boms import BOMS
from apps.production.imports.planning import DEMANDS, PLANNING_DATA
from apps.production.services import mrp
from kernel import imports, jobs


def hang_in() -> None:
    """Called by `registration.py` once all models are ready."""
    jobs.register(mrp.JOB, mrp.run_job)
    for kind in (BOMS, PLANNING_DATA, DEMANDS):
        imports.register(kind)
    menu.hang_in()
