"""What must always be true, asked as a question: modules add checks, `manage.py doctor` and the nightly job ask."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from kernel.models import Delivery
from tenants.context import Company


@dataclass(frozen=True)
class Finding:
    """One check: `problem` empty = all is well."""

    check: str
    problem: str


_company_checks: dict[str, Callable[[], list[str]]] = {}


def add_check(name: str, check: Callable[[], list[str]]) -> None:
    """Register a check that runs inside a company and answers the problems found, as sentences."""
    _company_checks[name] = check


def examine(company: Company) -> list[Finding]:
    """Run all checks; stand inside `company`."""
    found = []
    for name in sorted(_company_checks):
        problems = _company_checks[name]()
        found += [Finding(name, problem) for problem in problems] or [Finding(name, "")]
    return found


def stuck_facts() -> list[str]:
    """Facts that failed five times or more."""
    count = Delivery.objects.filter(state=Delivery.State.FAILED, attempts__gte=5).count()
    return [f"{count} deliveries of facts keep failing"] if count else []


def triggers_present() -> list[str]:
    """The database still refuses changes of what is written once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.triggers WHERE trigger_schema = current_schema() "
            "AND trigger_name = 'audit_written_once'"
        )
        count = cursor.fetchone()[0]
    return [] if count else ["the trigger audit_written_once is missing"]


add_check("facts", stuck_facts)
add_check("triggers", triggers_present)
