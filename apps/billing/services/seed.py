"""What a fresh installation sells: plan `standard` 1, its meters, the VAT rates and our bank account."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from apps.billing.models import BankAccount, Meter, Price, PricePlan, TaxRate, UsageWatermark
from apps.billing.services.usage_rows import MONTHS_AHEAD, ensure_months
from kernel.clock import machine_now

IN_FORCE_FROM = date(2020, 1, 1)  # before any clock a test may set


class _Item(NamedTuple):
    code: str
    kind: str
    name: str
    month: str
    year: str


class _Metered(NamedTuple):
    code: str
    name: str
    unit: str
    source: str
    free: str
    model: str
    tiers: tuple[tuple[str | None, str], ...]


ITEMS = (
    _Item("base", "base", "基础版", "0.00", "0.00"),
    _Item("finance", "module", "轻财务", "99.00", "990.00"),
    _Item("inventory", "module", "快仓库", "129.00", "1290.00"),
    _Item("production", "module", "准排产", "159.00", "1590.00"),
    _Item("supply", "module", "小协同", "89.00", "890.00"),
    _Item("seat", "seat", "席位", "20.00", "200.00"),
)
METERS = (
    _Metered(
        "finance.vouchers_posted", "已记账凭证", "张", "fact", "300", "graduated",
        (("2000", "0.10"), ("10000", "0.08"), (None, "0.05")),
    ),
    _Metered(
        "inventory.stock_moves", "出入库流水", "条", "fact", "2000", "graduated", (("20000", "0.02"), (None, "0.01"))
    ),
    _Metered(
        "production.scheduled_operations", "排程工序", "道", "fact", "1000", "graduated",
        (("10000", "0.05"), (None, "0.03")),
    ),
    _Metered(
        "supply.exchange_documents", "交换单据", "份", "fact", "100", "graduated", (("1000", "0.30"), (None, "0.20"))
    ),
    _Metered("platform.api_calls", "接口调用", "次", "fact", "20000", "package", (("10000", "5.00"),)),
    _Metered(
        "platform.device_readings", "设备采集", "条", "api", "5000", "graduated",
        (("100000", "0.001"), (None, "0.0005")),
    ),
    _Metered("platform.storage_gb", "存储", "GB·月", "gauge", "2", "per_unit", ((None, "2.00"),)),
)  # fmt: skip
TAX_RATES = (
    ("general", "一般纳税人 信息技术服务 6%", "0.06", None, True),
    ("small_scale", "小规模纳税人 3%", "0.03", None, False),
    ("relief", "小规模纳税人 减按 1%", "0.01", date(2027, 12, 31), False),
)


@transaction.atomic
def seed_shared() -> None:
    """Write what is missing, change nothing that is there. Called by `bootstrap` once the shared tables are up."""
    for position, row in enumerate(METERS):
        Meter.objects.get_or_create(
            code=row.code,
            defaults={"name": row.name, "unit": row.unit, "source": row.source, "position": position},
        )
    for code, name, rate, valid_to, standard in TAX_RATES:
        TaxRate.objects.get_or_create(
            code=code,
            valid_from=IN_FORCE_FROM,
            defaults={"name": name, "rate": Decimal(rate), "valid_to": valid_to, "is_standard": standard},
        )
    BankAccount.objects.get_or_create(code="main", defaults=settings.QZ_BANK_ACCOUNT)
    UsageWatermark.objects.get_or_create(id=1)
    ensure_months(machine_now() + timedelta(days=31 * number) for number in range(MONTHS_AHEAD + 1))
    _seed_plan()


def _seed_plan() -> None:
    plan, fresh = PricePlan.objects.get_or_create(
        code="standard",
        version=1,
        defaults={"name": "标准价目表", "effective_from": IN_FORCE_FROM, "created_at": machine_now()},
    )
    if not fresh:
        return
    Price.objects.bulk_create([*_item_prices(plan), *_meter_prices(plan)])
    plan.state, plan.published_at = PricePlan.State.PUBLISHED, machine_now()
    plan.save(update_fields=["state", "published_at"])


def _item_prices(plan: PricePlan) -> list[Price]:
    return [
        Price(
            plan=plan, kind=row.kind, item=row.code, name=row.name, position=position,
            interval=interval, unit_price=Decimal(amount), timing="advance",
        )
        for position, row in enumerate(ITEMS)
        for interval, amount in (("month", row.month), ("year", row.year))
    ]  # fmt: skip


def _meter_prices(plan: PricePlan) -> list[Price]:
    return [_meter_price(plan, row, position) for position, row in enumerate(METERS)]


def _meter_price(plan: PricePlan, row: _Metered, position: int) -> Price:
    price = Price(
        plan=plan, kind="usage", meter_id=row.code, name=row.name, position=len(ITEMS) + position,
        interval="month", model=row.model, free_units=Decimal(row.free), timing="arrears",
    )  # fmt: skip
    if row.model == "package":
        size, amount = row.tiers[0]
        price.package_size, price.package_price = Decimal(size or 1), Decimal(amount)
    elif row.model == "per_unit":
        price.unit_price = Decimal(row.tiers[0][1])
    else:
        price.tiers = [{"up_to": top, "unit_price": amount} for top, amount in row.tiers]
    return price
