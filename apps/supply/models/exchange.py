"""Rows of the exchange. Its tables are made by its own SQL (`apps/supply/exchange/sql`), never by Django.

What a query returns is what row security lets the company's role see; nothing here filters by company.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Party(models.Model):
    """A firm in the exchange: a company of this installation or a guest."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    uscc = models.CharField(max_length=18)
    public_key = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = '"exchange"."party"'


class PartyKey(models.Model):
    """A signing key of one's own party; `secret` is sealed with the installation's key."""

    id = models.UUIDField(primary_key=True)
    party = models.UUIDField()
    public_key = models.CharField(max_length=64)
    secret = models.CharField(max_length=500)
    valid_from = models.DateTimeField()

    class Meta:
        managed = False
        db_table = '"exchange"."party_key"'


class Bond(models.Model):
    """协同关系 as both ends see it. Its state changes through the functions of the schema alone."""

    id = models.UUIDField(primary_key=True)
    buyer = models.UUIDField(null=True)
    seller = models.UUIDField(null=True)
    state = models.CharField(max_length=20)
    invited_by = models.UUIDField()
    expires_at = models.DateTimeField(null=True)
    changed_by = models.UUIDField(null=True)
    events = models.IntegerField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = '"exchange"."link"'


class DocVersion(models.Model):
    """One signed, immutable message. `payload` is the canonical text that was hashed."""

    id = models.UUIDField(primary_key=True)
    link = models.UUIDField()
    chain = models.UUIDField()
    about = models.UUIDField(null=True)
    seq = models.IntegerField()
    kind = models.CharField(max_length=30)
    sender = models.UUIDField()
    recipient = models.UUIDField()
    idem = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    payload = models.TextField()
    prev_hash = models.CharField(max_length=64, null=True)
    body_hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    key = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = '"exchange"."doc_version"'


class Acknowledgement(models.Model):
    """回执: what became of a version at its recipient: received, applied, refused with a reason."""

    id = models.UUIDField(primary_key=True)
    version = models.UUIDField()
    party = models.UUIDField()
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = '"exchange"."receipt"'


class Consent(models.Model):
    """授权 of a feed beyond documents; a revocation is a row of its own that names the one it ends."""

    id = models.UUIDField(primary_key=True)
    link = models.UUIDField()
    grantor = models.UUIDField()
    scope = models.CharField(max_length=30)
    items = models.JSONField()
    granularity = models.CharField(max_length=10)
    starts_at = models.DateTimeField(db_column="from")
    until = models.DateTimeField(null=True)
    revokes = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = '"exchange"."consent"'


class GuestContact(models.Model):
    """Whom a guest's codes are sent to: personal data, erased one by one."""

    party = models.UUIDField(primary_key=True)
    owner = models.UUIDField()
    name = models.CharField(max_length=60)
    mobile = models.CharField(max_length=30)
    email = models.CharField(max_length=254)

    class Meta:
        managed = False
        db_table = '"exchange"."guest_contact"'


class GuestToken(models.Model):
    """供应商链接: what opens it (its hash), what it shows and allows. The token itself is kept nowhere."""

    id = models.UUIDField(primary_key=True)
    hash = models.CharField(max_length=64)
    link = models.UUIDField()
    chain = models.UUIDField(null=True)
    verbs = ArrayField(models.CharField(max_length=20))
    check_mode = models.CharField(max_length=10, db_column="check")
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    issuer = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = '"exchange"."guest_token"'


class PersonValue(models.Model):
    """A name, phone or mail whose salted hash stands in a payload."""

    pk = models.CompositePrimaryKey("version", "field")
    version = models.UUIDField()
    field = models.CharField(max_length=60)
    salt = models.CharField(max_length=64)
    value = models.CharField(max_length=300)

    class Meta:
        managed = False
        db_table = '"exchange"."person_value"'


class Look(models.Model):
    """访问记录: who looked at which version of what somebody else had sent."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    party = models.UUIDField()
    who = models.CharField(max_length=10)
    link = models.UUIDField()
    chain = models.UUIDField()
    seq = models.IntegerField()
    what = models.CharField(max_length=10)
    via = models.CharField(max_length=10)

    class Meta:
        managed = False
        db_table = '"exchange"."access"'
