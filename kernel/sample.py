"""示例数据 in a company of one's own: the demo company's story, told once where nothing is yet, cleared by a click.

The people of the story are names only: they have no sign-in, take no seat and belong to nobody. What they do is not
metered and leaves through no webhook.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kernel import audit, demo, events, first_steps, jobs
from kernel.clock import now, today
from kernel.demo import DemoCompany, Person
from kernel.errors import Forbidden
from kernel.jobs import Outcome, Running
from kernel.models import Job
from tenants.context import Company, current_company, shared_context
from tenants.models import Tenant
from tenants.rights import Member, effective_rights

KIND = "company.sample"
TITLE = gettext_noop("载入示例数据")
PEOPLE = (("chief", "周洁"), ("accountant", "王波"), ("cashier", "赵倩"), ("storekeeper", "孙强"))


class NotEmpty(Forbidden):
    """There is something already: sample data would mix with it."""

    code = "company_not_empty"


def is_possible(company: Company, member: Member) -> bool:
    """May this member load sample data now? Only the owner, and only where nothing was entered yet."""
    fits = member.role == "owner" and not company.is_demo and company.access == "full"
    return fits and any(_plays(company, module) for module in demo.modules()) and is_empty()


def is_empty() -> bool:
    """Has nobody entered anything in the company we stand in?"""
    return not first_steps.what_happened()["filled"]


def start(*, member: Member) -> Job:
    """Order the sample data. Raises Forbidden. Call outside a transaction."""
    if not is_possible(current_company(), member):
        raise NotEmpty(_("只有老板可以在还没有录入数据的企业里载入示例数据。"))
    return jobs.start(kind=KIND, title=_(TITLE), member=member, at=now())


def run(running: Running) -> Outcome:
    """Tell the story of each module that the company has, in a worker. A broken-off one is cleared, not resumed."""
    company = current_company()
    if not is_empty():
        raise NotEmpty(_("企业里已有数据，没有载入示例数据。"))
    with shared_context():
        Tenant.objects.filter(pk=company.id).update(is_demo=True)
    story = DemoCompany(company=company, people=_people(running.member), staff=(), today=today())
    with events.untold():
        demo.tell(story, plays=lambda module: _plays(company, module), report=running.report)
    audit.record(actor=running.member, action="demo.built", object="company", label=company.name)
    return Outcome(url="/", message=_("示例数据已载入，可以随时一键清空。"))


def _plays(company: Company, module: str | None) -> bool:
    return module is None or company.modules.get(module) == "full"


def _people(owner: Member) -> dict[str, Person]:
    members = [owner, *_invented(PEOPLE)]
    return {
        member.role: Person(role=member.role, title="", account="", password="", member=member) for member in members
    }


def _invented(people: Iterable[tuple[str, str]]) -> list[Member]:
    # Ids below zero are nobody's: rows keep them beside the name and never meet a person.
    return [
        Member(user_id=-number, name=name, email="", role=role, rights=effective_rights(role, {}))
        for number, (role, name) in enumerate(people, start=1)
    ]
