"""The demo company as a sale: the operator's member of staff, the company with all that is built, its people."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from apps.billing.models import Invoice
from apps.billing.services import accounts, bank, jobs
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
MODULES = ("finance", "inventory", "production", "supply")
EXTRA_SEATS = 2  # five people, three seats are in the price
DAYS_AS_CUSTOMER, TERMS_DAYS = 40, 60
STATEMENT = "serial,booked_at,amount,currency,payer_name,payer_account,remark"


def make_demo_company(today: date) -> demo.DemoCompany:
    """Make 宏达五金制品 with its people. Stands on the shared tables."""
    begun_at = now() - timedelta(days=DAYS_AS_CUSTOMER)
    created = create_company(
        slug=demo.SLUG,
        name=demo.NAME,
        owner_email=f"limin@{demo.SLUG}.example",
        owner_name="李敏",
        modules=MODULES,
        seats=EXTRA_SEATS,
        at=begun_at,
        is_demo=True,
    )
    _bill_and_pay(created.tenant_id, begun_at)
    company = load_company(created.tenant_id)
    *secret, staff_secret = _secrets(len(PEOPLE) + 1)
    people = {person[0]: _join(company, *person, one) for person, one in zip(PEOPLE, secret, strict=True)}
    return demo.DemoCompany(company=company, people=people, staff=(_staff(staff_secret),), today=today)


@dataclass(frozen=True)
class Secret:
    """A generated password and what is kept of it."""

    password: str
    kept: str


def _secrets(count: int) -> list[Secret]:
    """Hashing is slow by intent and leaves Python to others meanwhile: on two cores it is done by two."""
    words = [secrets.token_urlsafe(9) for _number in range(count)]
    with ThreadPoolExecutor(2) as hashers:
        return [Secret(word, kept) for word, kept in zip(words, hashers.map(make_password, words), strict=True)]


def _bill_and_pay(tenant_id: int, begun_at: datetime) -> None:
    """Every due step since the company came, day by day; its first invoice is paid, a stranger's money waits."""
    accounts.set_terms(tenant_id=tenant_id, terms_days=TERMS_DAYS, at=begun_at, actor=None)
    for day in range(DAYS_AS_CUSTOMER + 1):
        for job in ("start_periods", "finalise"):
            jobs.run(job, at=begun_at + timedelta(days=day))
    first = Invoice.objects.of(tenant_id).exclude(number=None).order_by("id").first()
    if first is None:
        raise RuntimeError("the demo company was not billed")
    paid_at = f"{now():%Y-%m-%d %H:%M:%S}"
    rows = [
        f"DEMO-1,{paid_at},{first.total},CNY,宏达五金制品有限公司,32001618836052500001,货款 {first.number}",
        f"DEMO-2,{paid_at},1290.00,CNY,永固紧固件厂,32050177563600000777,软件服务费",
    ]
    content = "\n".join([STATEMENT, *rows]).encode()
    bank.import_statement(
        account="main", profile="generic", file_name="流水.csv", content=content, at=now(), actor=None
    )


def _join(company: Company, role: str, title: str, name: str, handle: str, secret: Secret) -> demo.Person:
    email = f"{handle}@{demo.SLUG}.example"
    user = User.objects.filter(email=email).first() or User(email=email, name=name)
    user.name = name
    user.password = secret.kept
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
    return demo.Person(role=role, title=title, account=email, password=secret.password, member=member)


def _staff(secret: Secret) -> demo.Person:
    email = "operator@qingzhun.example"
    make_operator(email=email, name="运营")
    user = User.objects.get(email=email)
    user.password = secret.kept
    user.save(update_fields=["password"])
    member = Member(user_id=user.pk, name=user.name, email=email, role="operator", is_operator=True)
    return demo.Person(role="operator", title="运营", account=email, password=secret.password, member=member)
