"""One's own side of a link: which partner it is, what was agreed beside it, which items are whose."""

from django.db import models
from django.db.models import Q

from apps.supply.domain.convert import Factor

BUYER, SELLER = "buyer", "seller"
ROLES = ((BUYER, "采购方"), (SELLER, "供应方"))


class SupplyLink(models.Model):
    """协同关系, our side: `id` is the link's, `role` what we are on it. Its state is read from the exchange.

    `is_live`: neither closed nor declined, as far as we know. `settings`: price_tolerance, quantity_tolerance (shares
    as text), auto_share, guest_check. `party_ids` are the other firm's registered ids, `own_party_ids` ours.
    """

    id = models.UUIDField(primary_key=True)
    partner = models.ForeignKey("masterdata.Partner", models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=ROLES)
    own_party = models.UUIDField()
    other_party = models.UUIDField(null=True)
    is_guest = models.BooleanField(default=False)
    is_live = models.BooleanField(default=True)
    settings = models.JSONField(default=dict)
    party_ids = models.JSONField(default=list)
    own_party_ids = models.JSONField(default=list)
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "role"], condition=Q(is_live=True), name="supply_link_partner_once"
            ),
        ]


class ItemMap(models.Model):
    """物料对照: one unit of the partner's item is `numerator/denominator` own stock units, exactly.

    `is_proposed`: learned from the partner's answer, not yet taken over by a person; it maps nothing until then.
    """

    link = models.ForeignKey(SupplyLink, models.PROTECT, related_name="maps")
    partner_item = models.CharField(max_length=64)
    partner_unit = models.CharField(max_length=64)
    partner_name = models.CharField(max_length=200, blank=True, default="")
    item = models.ForeignKey("masterdata.Item", models.PROTECT, related_name="+")
    numerator = models.BigIntegerField(default=1)
    denominator = models.BigIntegerField(default=1)
    is_proposed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "partner_item", "partner_unit"], name="supply_map_once"),
            models.CheckConstraint(condition=Q(numerator__gt=0, denominator__gt=0), name="supply_map_factor_positive"),
        ]

    @property
    def factor(self) -> Factor:
        return Factor(self.numerator, self.denominator)
