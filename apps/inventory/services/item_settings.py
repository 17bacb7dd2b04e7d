"""Settings of stock: of the company, and of an item with its reorder rules."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.inventory.models import CostGroup, ItemSettings, Level, ReorderRule, StockMove, StockSettings
from apps.inventory.models.settings import Method, Scope
from apps.inventory.services.refusals import InUse, wrong
from apps.inventory.services.stock.loading import BEGINNING
from apps.inventory.services.stock.opening import close_books
from kernel import audit
from kernel.errors import StaleVersion
from tenants.rights import Member

MONTHLY = Method.MONTHLY_AVERAGE


@transaction.atomic
def save_settings(*, values: Mapping[str, Any], actor: Member) -> StockSettings:
    """Change `default_method`, `default_scope`, `stocktake_tolerance` of the company.

    Raises Invalid `bad_method`, `method_needs_company_scope`; InUse while items that follow the default lie in stock.
    """
    row = close_books()
    before = {name: str(getattr(row, name)) for name in ("default_method", "default_scope", "stocktake_tolerance")}
    method, scope = values.get("default_method", row.default_method), values.get("default_scope", row.default_scope)
    check_method(method, scope, prefix="default_")
    if (method, scope) != (row.default_method, row.default_scope):
        own = ItemSettings.objects.exclude(method="", scope="").values_list("item_id", flat=True)
        _check_free(Level.objects.exclude(item_id__in=own), row)
        CostGroup.objects.exclude(item_id__in=own).update(method=method)
    row.default_method, row.default_scope = method, scope
    if "stocktake_tolerance" in values:
        row.stocktake_tolerance = values["stocktake_tolerance"]
    row.version += 1
    row.save()
    after = {name: str(getattr(row, name)) for name in before}
    changes = audit.difference(before, after)
    audit.record(actor=actor, action="stock_settings.change", object="stock_settings:1", label="", changes=changes)
    return row


@transaction.atomic
def save_item_settings(
    *,
    item_id: int,
    method: str = "",
    scope: str = "",
    over_receipt_tolerance: Decimal = Decimal(0),
    count_class: str = "",
    reorder: Sequence[Mapping[str, Any]] | None = None,
    version: int | None = None,
    actor: Member,
) -> ItemSettings:
    """Set an item's method, scope, tolerance (a share) and reorder rules (None: leave them).

    A rule is {"warehouse_id", "rule", "reorder_point", "reorder_to", "safety_stock", "min_lot", "multiple",
    "lead_days", "supplier_id"}. Raises Invalid `bad_method`, `method_needs_company_scope`; InUse, StaleVersion.
    """
    company = close_books()
    row = ItemSettings.objects.select_for_update().filter(item_id=item_id).first() or ItemSettings(
        item_id=item_id, version=0
    )
    if version is not None and version != row.version:
        raise StaleVersion(_("内容已被他人修改，请刷新后重试。"), extra={"current": row.version})
    before = _effective(row, company)
    row.method, row.scope = method, scope
    if method == MONTHLY and not scope:
        row.scope = Scope.COMPANY
    after = _effective(row, company)
    check_method(*after)
    _check_rules(reorder or ())
    if after != before:
        _check_free(Level.objects.filter(item_id=item_id), company)
        CostGroup.objects.filter(item_id=item_id).update(method=after[0])
    row.over_receipt_tolerance, row.count_class = over_receipt_tolerance, count_class
    row.version += 1
    row.save()
    if reorder is not None:
        ReorderRule.objects.filter(item_id=item_id).delete()
        ReorderRule.objects.bulk_create(ReorderRule(item_id=item_id, **rule) for rule in reorder)
    audit.record(
        actor=actor, action="item_settings.change", object=f"item:{item_id}", label="",
        changes=audit.difference({"method": before[0], "scope": before[1]}, {"method": after[0], "scope": after[1]}),
    )  # fmt: skip
    return row


def _check_rules(rules: Sequence[Mapping[str, Any]]) -> None:
    """A warehouse has one rule. Raises Invalid."""
    seen: set[int] = set()
    for place, rule in enumerate(rules):
        if rule["warehouse_id"] in seen:
            raise wrong(_("一个仓库只能有一条补货规则。"), "invalid", f"reorder.{place}.warehouse")
        seen.add(rule["warehouse_id"])


def _effective(row: ItemSettings, company: StockSettings) -> tuple[str, str]:
    method = row.method or company.default_method
    return method, "company" if method == MONTHLY and not row.scope else row.scope or company.default_scope


def check_method(method: str, scope: str, *, prefix: str = "") -> None:
    """Raises Invalid `bad_method`, `bad_scope`, `method_needs_company_scope`."""
    if method not in Method.values:
        raise wrong(_("没有这种计价方法。"), "bad_method", f"{prefix}method")
    if scope not in Scope.values:
        raise wrong(_("计价范围只能是全公司或分仓库。"), "bad_scope", f"{prefix}scope")
    if method == MONTHLY and scope != Scope.COMPANY:
        raise wrong(_("全月一次加权平均只能按全公司计价。"), "method_needs_company_scope", f"{prefix}scope")


def _check_free(levels: Any, company: StockSettings) -> None:
    """Frozen after the first move, until a month starts with no stock and nothing has moved in it."""
    items = levels.filter(last_on__isnull=False).values_list("item_id", flat=True)
    since = company.closed_through or BEGINNING
    moved = StockMove.objects.filter(moved_on__gt=since, item_id__in=items)
    if levels.filter(quantity__gt=0).exists() or moved.exists():
        raise InUse(_("物料已有库存或本月有出入库，要等某个月初没有库存时才能改计价方法和范围。"))
