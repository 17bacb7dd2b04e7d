"""`manage.py demo`: build the demo company once; a broken first try is removed and begun again."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kernel import audit, demo
from kernel.clock import follow_shared_clock, machine_now, today
from kernel.http.addresses import company_address
from kernel.models import AuditEntry
from tenants.context import company_of, load_company, tenant_context
from tenants.embedded.sign_ins import SignIn, remember_sign_ins
from tenants.models import Tenant
from tenants.services.archive import purge_company

DONE = "demo.built"


class Command(BaseCommand):
    help = "Build the demo company once."

    def handle(self, *args: Any, **options: Any) -> None:
        if self._is_built():
            return
        started = time.perf_counter()
        with follow_shared_clock():
            self._build()
        self.stdout.write(f"demo company built in {time.perf_counter() - started:.1f} s")

    def _is_built(self) -> bool:
        tenant = Tenant.objects.filter(slug=demo.SLUG, state=Tenant.State.ACTIVE).first()
        if tenant is None:
            return False
        company = company_of(tenant)
        with tenant_context(company):
            if AuditEntry.objects.filter(action=DONE).exists():
                return True
        purge_company(company=company, at=machine_now())
        return False

    def _build(self) -> None:
        made = demo.make_company(today())
        company = load_company(made.company.id)
        with tenant_context(company):
            demo.tell(made, plays=lambda module: module is None or module in company.modules)
            audit.record(actor=None, action=DONE, object="company", label=company.name)
        people = [*made.people.values(), *made.staff]
        sign_ins = [SignIn(role=person.title, account=person.account, password=person.password) for person in people]
        remember_sign_ins(Path(settings.DATA_DIR), url=company_address(company.slug), sign_ins=sign_ins)
