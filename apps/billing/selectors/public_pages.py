"""What visitors see: the price list in words, and where their sign-up stands."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from apps.billing import offers
from apps.billing.models import Signup
from apps.billing.selectors.subscriptions import pricing
from kernel.errors import NotFound
from tenants.models import User


def price_page(today: date) -> dict[str, Any]:
    """Modules with their prices, the seat, the meters of what can be used today, days of trial."""
    known = pricing(today)
    items = {row["item"]: row for row in known["items"]}
    built = {offer.module for offer in offers.OFFERS if offer.is_built} | {"platform"}
    meters = [
        {
            **row,
            "name": offers.item_words(row["meter"], row["name"]),
            "unit": offers.unit_words(row["meter"], row["unit"]),
        }
        for row in known["meters"]
        if row["meter"].partition(".")[0] in built
    ]
    return {
        "cards": [{"offer": offer, **items[offer.module]} for offer in offers.OFFERS],
        "seat": items["seat"],
        "meters": meters,
        "trial_days": known["trial_days"],
    }


def signup_row(public_id: str) -> Signup:
    """Raises NotFound."""
    row = Signup.objects.select_related("tenant").filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("找不到这次注册，请重新填写。"))
    return row


def new_owner(row: Signup) -> User | None:
    """The person that this sign-up made. One who was known before signs in as always: a mailbox is not a password."""
    user = User.objects.filter(email__iexact=row.owner_email, is_active=True).first()
    return user if user is not None and user.created_at >= row.created_at and not user.totp_confirmed_at else None
