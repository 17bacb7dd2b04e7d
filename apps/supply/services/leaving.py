"""A company leaves: what it sent stays its partners' record, its links end, its contacts are erased."""

from datetime import datetime

from django.db import connection, transaction

from apps.supply.models import Bond, GuestContact, GuestToken, SupplyLink
from apps.supply.services.links import is_over, move_link
from kernel.clock import machine_now
from tenants.rights import Member

NOBODY = Member(user_id=0, name="")


@transaction.atomic
def leave_exchange(at: datetime) -> None:
    """Close every link, which its partners are told, end the links of guests, erase names, phones and mails."""
    for link in SupplyLink.objects.filter(is_live=True).order_by("pk"):
        if not is_over(link):
            move_link(link_id=link.pk, verb="close", reason="", actor=NOBODY, at=at)
    mine = list(SupplyLink.objects.order_by("pk").values_list("own_party", flat=True).distinct())
    bonds = Bond.objects.filter(pk__in=SupplyLink.objects.values_list("pk", flat=True))
    GuestToken.objects.filter(link__in=list(bonds.values_list("pk", flat=True)), revoked_at=None).update(
        revoked_at=machine_now()
    )
    GuestContact.objects.filter(owner__in=mine).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM exchange.person_value WHERE version IN "
            "(SELECT id FROM exchange.doc_version WHERE sender = ANY (%s))",
            [mine],
        )
