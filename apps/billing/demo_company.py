"""The demo company as a sale: the operator's member of staff, the company with all that is built, its people."""

import secrets
from datetime import date

from apps.billing.services.companies import create_company
from apps.billing.services.companies import create_operator as make_operator
from kernel import demo
from kernel.clock import now
from tenants.context import Company, load_company
from tenants.models import Membership, User
from tenants.rights import Member, effective_rights
from tenants.services.provisioning import mirror_staff

PEOPLE = (
    ("owner", "老板", "李敏", "limin"),
    ("chief", "会计主管", "周洁", "zhoujie"),
    ("accountant", "会计", "王波", "wangbo"),
    ("cashier", "出纳", "赵倩", "zhaoqian"),
    ("storekeeper", "仓管", "孙强", "sunqiang"),
)
MODULES = ("finance",)  # what has pages today


def make_demo_company(today: date) -> demo.DemoCompany:
    """Make 宏达五金制品 with its people. Stands on the shared tables."""
    created = create_company(
        slug=demo.SLUG,
        name=demo.NAME,
        owner_email=f"limin@{demo.SLUG}.example",
        owner_name="李敏",
        modules=MODULES,
        at=now(),
        trial_days=14,
        is_demo=True,
    )
    company = load_company(created.tenant_id)
    people = {role: _join(company, role, title, name, handle) for role, title, name, handle in PEOPLE}
    return demo.DemoCompany(company=company, people=people, staff=(_staff(),), today=today)


def _join(company: Company, role: str, title: str, name: str, handle: str) -> demo.Person:
    email, password = f"{handle}@{demo.SLUG}.example", secrets.token_urlsafe(9)
    user = User.objects.filter(email=email).first() or User(email=email, name=name)
    user.name = name
    user.set_password(password)
    user.save()
    row, _created = Membership.objects.update_or_create(
        tenant_id=company.id, user=user, defaults={"role": role, "status": Membership.Status.ACTIVE}
    )
    mirror_staff(company, user, is_active=True)
    member = Member(
        user_id=user.pk,
        name=name,
        email=email,
        role=role,
        rights=effective_rights(role, {}),
        membership_id=row.pk,
    )
    return demo.Person(role=role, title=title, account=email, password=password, member=member)


def _staff() -> demo.Person:
    email = "operator@qingzhun.example"
    make_operator(email=email, name="运营")
    password = secrets.token_urlsafe(9)
    user = User.objects.get(email=email)
    user.set_password(password)
    user.save(update_fields=["password"])
    member = Member(user_id=user.pk, name=user.name, email=email, role="operator", is_operator=True)
    return demo.Person(role="operator", title="运营", account=email, password=password, member=member)
