"""The people of the prepared companies, as members and as callers of the API."""

import hashlib
from datetime import timedelta

from django.utils import timezone
from rest_framework.test import APIClient

from tenants.models import ApiToken, Membership
from tenants.rights import Member, effective_rights


def member(email: str) -> Member:
    """The member with that address, with the rights of the role."""
    row = Membership.objects.select_related("user").get(user__email=email)
    return Member(
        user_id=row.user.pk, name=row.user.name, email=email, role=row.role, membership_id=row.pk,
        rights=effective_rights(row.role, row.rights),
    )  # fmt: skip


def api_client(name: str) -> APIClient:
    """An API client with a token of `name` (alice, bob, charlie) at the person's own company."""
    membership = Membership.objects.select_related("user", "tenant").get(user__email__startswith=f"{name}@")
    key = f"test-{name}"
    ApiToken.objects.get_or_create(
        key_hash=hashlib.sha256(key.encode()).hexdigest(),
        defaults={
            "user": membership.user, "membership": membership, "name": "test", "prefix": key[:8],
            "expires_at": timezone.now() + timedelta(days=1),
        },
    )  # fmt: skip
    client = APIClient(HTTP_HOST=f"{membership.tenant.slug}.localhost")
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client
