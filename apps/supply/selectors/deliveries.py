"""Deliveries and receipts as pages and the API read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from apps.supply.domain.packages import read_scan
from apps.supply.models import Despatch, DespatchLine, GoodsReceipt, Package, ReceiptLine

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Came:
    """What arrived of one order line of one ASN; `due` is what was sent."""

    due: Decimal = ZERO
    received: Decimal = ZERO
    rejected: Decimal = ZERO
    short: Decimal = ZERO
    over: Decimal = ZERO
    reason: str = ""

    @property
    def accepted(self) -> Decimal:
        return self.received - self.rejected


@dataclass(frozen=True, kw_only=True)
class DespatchView:
    """One ASN ready to print; what came in stands at the first of several lines of one order line."""

    row: Despatch
    lines: list[tuple[DespatchLine, Came]]
    packages: list[Package]

    @property
    def may_cancel(self) -> bool:
        return self.row.role == "seller" and self.row.state == Despatch.State.SENT

    @property
    def may_receive(self) -> bool:
        return self.row.role == "buyer" and self.row.state in (Despatch.State.SENT, Despatch.State.PART_RECEIVED)


def despatches(asked: Mapping[str, str] | None = None) -> "QuerySet[Despatch]":
    """?state=&role=&partner=&number=&order=&search=, newest first."""
    rows = Despatch.objects.select_related("link", "link__partner").order_by("-sent_at", "id")
    asked = asked or {}
    for name, lookup in (("state", "state"), ("role", "role"), ("partner", "link__partner__code__iexact")):
        if asked.get(name):
            rows = rows.filter(**{lookup: asked[name]})
    if asked.get("order"):
        rows = rows.filter(_of_order(asked["order"])).distinct()
    text = (asked.get("number") or asked.get("search") or asked.get("q") or "").strip()
    return rows.filter(number__icontains=text) if text else rows


def _of_order(text: str) -> Q:
    """An order by its chain's id or its number."""
    try:
        return Q(lines__order_id=UUID(text))
    except ValueError:
        return Q(lines__order__number=text)


def despatch_views(rows: Iterable[Despatch]) -> list[DespatchView]:
    """The rows with lines, packages and what came in; three queries however many."""
    found = list(rows)
    ids = [row.pk for row in found]
    lines: dict[UUID, list[DespatchLine]] = {}
    for line in DespatchLine.objects.select_related("order").filter(despatch_id__in=ids).order_by("id"):
        lines.setdefault(line.despatch_id, []).append(line)
    packages: dict[UUID, list[Package]] = {}
    for package in Package.objects.filter(despatch_id__in=ids).order_by("id"):
        packages.setdefault(package.despatch_id, []).append(package)
    came = _came(ids)
    return [
        DespatchView(row=row, lines=_paired(lines.get(row.pk, []), came), packages=packages.get(row.pk, []))
        for row in found
    ]


def _came(ids: list[UUID]) -> dict[tuple[UUID | None, UUID, int], Came]:
    found: dict[tuple[UUID | None, UUID, int], Came] = {}
    rows = ReceiptLine.objects.select_related("receipt").filter(
        receipt__despatch_id__in=ids, receipt__is_reversed=False
    )
    for row in rows.order_by("receipt__seq", "id"):
        key = (row.receipt.despatch_id, row.order_id, row.line)
        before = found.get(key, Came())
        found[key] = Came(
            received=before.received + row.received, rejected=before.rejected + row.rejected,
            short=before.short + row.short, over=before.over + row.over, reason=row.reason or before.reason,
        )  # fmt: skip
    return found


def _paired(
    lines: list[DespatchLine], came: Mapping[tuple[UUID | None, UUID, int], Came]
) -> list[tuple[DespatchLine, Came]]:
    seen: set[tuple[UUID, int]] = set()
    paired = []
    for line in lines:
        key = (line.order_id, line.line)
        first = key not in seen
        seen.add(key)
        paired.append((line, came.get((line.despatch_id, *key), Came()) if first else Came()))
    return paired


def package_called(text: str) -> Package | None:
    """The package of an incoming delivery with this code, newest first; its own ones where none came in."""
    code = read_scan(text)
    rows = Package.objects.select_related("despatch", "despatch__link__partner").filter(code=code)
    return (
        rows.order_by("-despatch__role", "-id").filter(despatch__role="buyer").first() or rows.order_by("-id").first()
    )


def receipts(asked: Mapping[str, str]) -> "QuerySet[GoodsReceipt]":
    """?despatch=&order=, newest first."""
    rows = (
        GoodsReceipt.objects.select_related("link", "link__partner")
        .prefetch_related("lines__order")
        .order_by("-sent_at", "id")
    )
    for name, lookup in (("despatch", "despatch_id"), ("order", "lines__order_id")):
        if asked.get(name):
            try:
                rows = rows.filter(**{lookup: UUID(asked[name])}).distinct()
            except ValueError:
                return rows.none()
    return rows
