"""What billing tells the frame of every page: the trial that runs, and what a module would cost."""

from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.billing import offers
from apps.billing.models import Subscription
from apps.billing.selectors import company_pages
from apps.billing.selectors.catalogue import price_book
from kernel.clock import today
from kernel.registry import NavItem
from tenants.context import Company, shared_context
from tenants.rights import Member

NAV = (
    NavItem(label=gettext_lazy("应用与订阅"), url_name="billing:apps", icon="apps", right="billing.view"),
    NavItem(label=gettext_lazy("用量"), url_name="billing:usage", icon="gauge", right="billing.view"),
    NavItem(label=gettext_lazy("账单"), url_name="billing:invoice-list", icon="file-invoice", right="billing.view"),
)
REMEMBERED = 300  # seconds; a subscription changes rarely and every page asks


def trial(company: Company) -> dict[str, Any] | None:
    """{days_left, text, percent, url} while the company's trial runs; asked of the database every five minutes."""
    day = today()
    key = f"billing-trial:{company.id}:{day.isoformat()}"
    known = cache.get(key)
    if known is None:
        with shared_context():
            known = _trial(company) or {}
        cache.set(key, known, REMEMBERED)
    if not known:
        return None
    brands = "、".join(str(offers.item_words(module)) for module in known["modules"])
    return {
        "days_left": known["days_left"],
        "percent": known["percent"],
        "text": _("%(brands)s · %(seats)s 个席位") % {"brands": brands, "seats": company.seats},
        "url": "/company/apps/",
    }


def _trial(company: Company) -> dict[str, Any] | None:
    subscription = Subscription.objects.of(company.id).filter(state="trialing").first()
    running = company_pages.trial_of(subscription, today()) if subscription else None
    if running is None:
        return None
    held = [offer.module for offer in offers.OFFERS if company.modules.get(offer.module) == "full"]
    return {"days_left": running["days_left"], "percent": running["percent"], "modules": held}


def offer(company: Company, module: str, member: Member | None) -> dict[str, Any]:
    """{what, price, can_subscribe, ask} of a module for the page that refuses it."""
    known = offers.BY_MODULE.get(module)
    if known is None:
        return {}
    with shared_context():
        book = price_book()
        price = book.item(book.plan_on(today()), module, "month")
        asks = company_pages.who_manages(company.id)
    return {
        "what": str(known.what),
        "price": f"{price.unit_price:.2f}" if price else "",
        "can_subscribe": bool(member and member.can("billing.manage")),
        "ask": asks,
    }
