"""Background work knows its company: the message carries its id, the worker enters it before the first line."""

import logging
from typing import Any

from celery import Task

from tenants.clock import follow_shared_clock
from tenants.context import current_company_or_none, leave_company, load_company, tenant_context
from tenants.models import Tenant

log = logging.getLogger(__name__)
HEADER = "qz_tenant"


class TenantTask(Task):
    """`task.delay(...)` inside a company runs inside that company; `send_to_company(task, id, ...)` names one.

    A message without a company runs on the shared tables. A company that is gone is a logged no-op.
    """

    def apply_async(
        self,
        args: Any = None,
        kwargs: Any = None,
        *positional: Any,
        headers: dict[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        headers = dict(headers or {})
        company = current_company_or_none()
        if company is not None:
            headers.setdefault(HEADER, company.id)
        return super().apply_async(args, kwargs, *positional, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        tenant_id = (self.request.headers or {}).get(HEADER) or self.request.get(HEADER)
        if tenant_id is None or current_company_or_none() is not None:
            return self.run(*args, **kwargs)  # shared work, or a direct call from inside the company
        leave_company()
        try:
            company = load_company(int(tenant_id))
        except Tenant.DoesNotExist:
            log.warning("task %s: the company is gone", self.name)
            return None
        with follow_shared_clock(), tenant_context(company):
            return self.run(*args, **kwargs)


def send_to_company(task: Any, tenant_id: int, **kwargs: Any) -> None:
    """Queue `task` to run inside the company `tenant_id`, from wherever we stand."""
    task.apply_async(kwargs=kwargs, headers={HEADER: tenant_id})
