"""Shared tables: companies, people, and what joins them."""

from tenants.models.company import Domain, ModuleGrant, SchemaPool, Tenant, TestClock
from tenants.models.people import (
    ApiToken,
    HandOff,
    Invitation,
    Membership,
    PasswordReset,
    Session,
    SignInFailure,
    User,
)

__all__ = [
    "ApiToken",
    "Domain",
    "HandOff",
    "Invitation",
    "Membership",
    "ModuleGrant",
    "PasswordReset",
    "SchemaPool",
    "Session",
    "SignInFailure",
    "Tenant",
    "TestClock",
    "User",
]
