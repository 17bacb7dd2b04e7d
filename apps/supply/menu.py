"""Menu, tasks of the home page and search of supply."""

from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.supply.models import Despatch
from apps.supply.selectors.orders import filtered, orders, ours_to_answer
from kernel import registry
from kernel.figures import Statement, written
from kernel.memo import remembered
from kernel.registry import HomeTile, NavGroup, NavItem, Panel
from tenants.rights import Member

VIEW = "supply.view"
MOST_HITS = 8


def hang_in() -> None:
    """Called once when all models are ready."""
    registry.add_group(
        NavGroup(
            key="supply", label=gettext_lazy("供应协同"), icon="truck-delivery", color="supply", module="supply",
            position=40, items=_items(),
        )
    )  # fmt: skip
    # Without a module too: answering is free, and who may answer must hear that something waits.
    registry.add_home_task(HomeTile(key="supply.answer", read=answer_task, right="supply.answer", position=40))
    registry.add_home_task(
        HomeTile(key="supply.receive", read=receive_task, module="supply", right="supply.receive", position=41)
    )
    registry.add_panel(
        Panel(
            slot="inventory.purchase_order", url_name="supply:purchase-panel", title=gettext_lazy("订单协同"),
            module="supply", right=VIEW,
        )
    )  # fmt: skip
    registry.add_search("supply", search)


def _items() -> tuple[NavItem, ...]:
    return (
        NavItem(
            label=gettext_lazy("订单协同"), url_name="supply:order-list", icon="file-invoice", right=VIEW,
            badge=waiting, badge_id="n-shared-orders",
        ),
        NavItem(label=gettext_lazy("送货"), url_name="supply:delivery-list", icon="truck-delivery", right=VIEW),
        NavItem(label=gettext_lazy("合作伙伴"), url_name="supply:partner-list", icon="users", right=VIEW),
    )  # fmt: skip


@remembered
def figures() -> dict[str, int]:
    """Orders whose answer is ours, and deliveries on their way to us; one query."""
    return _figures().ask()


@lru_cache(maxsize=1)
def _figures() -> Statement:
    coming = (Despatch.State.SENT, Despatch.State.PART_RECEIVED)
    return written(
        counts={
            "answer": orders().filter(ours_to_answer()),
            "coming": Despatch.objects.filter(role="buyer", state__in=coming),
        }
    )


def waiting(member: Member) -> int:
    """Orders whose answer is ours."""
    return figures()["answer"]


def answer_task(member: Member) -> dict[str, Any] | None:
    count = waiting(member)
    text = ngettext("%(count)s 张协同订单待答复", "%(count)s 张协同订单待答复", count) % {"count": count}
    return _task(count, text, f"{reverse('supply:order-list')}?show=me", "file-invoice")


def receive_task(member: Member) -> dict[str, Any] | None:
    count = figures()["coming"]
    text = ngettext("%(count)s 批送货待收货", "%(count)s 批送货待收货", count) % {"count": count}
    return _task(count, text, reverse("supply:delivery-list"), "truck-delivery")


def _task(count: int, text: str, url: str, icon: str) -> dict[str, Any] | None:
    if not count:
        return None
    return {"text": text, "module": _("供应协同"), "url": url, "icon": icon, "tone": "orange"}


def search(text: str, member: Member) -> list[dict[str, str]]:
    """Shared orders for Ctrl+K."""
    if not text.strip() or not member.can(VIEW):
        return []
    return [
        {
            "label": row.number,
            "detail": row.link.partner.name,
            "url": reverse("supply:order", args=[row.pk]),
            "icon": "file-invoice",
        }
        for row in filtered({"search": text})[:MOST_HITS]
    ]
