"""Fill the database that every test worker copies: roles, tables, template, and two companies that may never meet.

宏达五金 (Alice owns, Bob works) and 恒信机械 (Charlie owns). Run once a test session, in its own process.
"""

import os

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
django.setup()

from django.db import connections  # noqa: E402  # Django must be set up first
from django.utils import timezone  # noqa: E402  # as above

from tenants.models import Membership, ModuleGrant, Tenant, User  # noqa: E402  # as above
from tenants.services.provisioning import mirror_staff, provision_company  # noqa: E402  # as above

PASSWORD = "Hongda-2026-falan"


def main() -> None:
    call_command("bootstrap", pool=0)
    alice, bob, charlie = (_person(name, email) for name, email in PEOPLE)
    hongda = provision_company(slug="hongda", name="宏达五金制品", owner=alice, created_at=timezone.now())
    hengxin = provision_company(slug="hengxin", name="恒信机械", owner=charlie, created_at=timezone.now())
    Membership.objects.create(tenant_id=hongda.id, user=bob, role="accountant")
    mirror_staff(hongda, bob, is_active=True)
    for company in (hongda, hengxin):
        for module in ("finance", "inventory", "production", "supply"):
            ModuleGrant.objects.create(
                tenant=Tenant.objects.get(pk=company.id), module=module, granted_at=timezone.now()
            )
    connections.close_all()


PEOPLE = (
    ("李敏", "alice@hongda.example"),
    ("王波", "bob@hongda.example"),
    ("陈诚", "charlie@hengxin.example"),
)


def _person(name: str, email: str) -> User:
    user = User(name=name, email=email)
    user.set_password(PASSWORD)
    user.save()
    return user


if __name__ == "__main__":
    main()
