"""A module that was just opened hears the facts of the time before it."""

from celery import shared_task

from apps.billing.services.after import after_commit
from kernel import events
from tenants.tasks import send_to_company


@shared_task
def replay_facts(*, module: str, **_: object) -> None:
    """In the company of the message: give `module` every stored fact it has not had yet."""
    events.replay(module=module)


def catch_up_module(tenant_id: int, module: str) -> None:
    """Ask for the replay once this transaction stands; the queue being down loses nothing but time."""
    after_commit(send_to_company, replay_facts, tenant_id, module=module)
