"""链头指纹: once a day both sides are mailed the newest hash of every live chain, so that nothing can be denied."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from apps.supply.models import Despatch, GuestContact, SharedOrder, SupplyLink, VersionCopy
from apps.supply.services.telling import listening

log = logging.getLogger(__name__)
KIND = "heads"


def mail_heads() -> int:
    """Mail the heads to the channels of this company, and to each guest those of its link; answers how many mails."""
    lines: dict[UUID, list[str]] = defaultdict(list)
    numbers = _live_chains()
    heads = VersionCopy.objects.filter(chain__in=numbers).order_by("chain", "-seq").distinct("chain")
    for head in sorted(heads, key=lambda row: numbers[row.chain]):
        lines[head.link].append(f"{numbers[head.chain]}  {head.seq}  {head.body_hash}")
    if not lines:
        return 0
    everything = [line for rows in lines.values() for line in rows]
    sent = sum(_mail(channel.address, everything) for channel in listening(KIND) if channel.kind == "mail")
    guests = dict(SupplyLink.objects.filter(pk__in=lines, is_guest=True).values_list("other_party", "pk"))
    for contact in GuestContact.objects.filter(party__in=[party for party in guests if party]).order_by("party"):
        if contact.email:
            sent += _mail(contact.email, lines[guests[contact.party]])
    return sent


def _live_chains() -> dict[UUID, str]:
    """{chain: number} of orders that have not ended and of deliveries on their way, on links that live."""
    orders = SharedOrder.objects.filter(link__is_live=True, closed_at=None).exclude(progress="received")
    coming = Despatch.objects.filter(link__is_live=True, state__in=Despatch.COMING)
    return dict(orders.values_list("pk", "number")) | dict(coming.values_list("pk", "number"))


def _mail(address: str, lines: Iterable[str]) -> bool:
    text = _("以下是每张未结单据的最新版本号和指纹，请保存备查：") + "\n\n" + "\n".join(lines)
    try:
        send_mail(subject=_("供应协同单据指纹"), message=text, from_email=None, recipient_list=[address])
    except OSError as error:
        log.warning("the heads of the chains could not be mailed: %s", type(error).__name__)
        return False
    return True
