"""People: one sign-in for many companies, and the ways in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from tenants.models.company import Tenant


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """A person, once for all companies; `email` or `phone` signs in. `is_operator`: staff of the operator."""

    email = models.CharField(max_length=254)
    phone = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    totp_secret = models.CharField(max_length=255, blank=True, default="")
    totp_confirmed_at = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    lang = models.CharField(max_length=10, blank=True, default="")
    theme = models.CharField(max_length=10, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.UniqueConstraint(fields=["phone"], condition=~Q(phone=""), name="user_phone_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """成员: a person in a company. `rights` adds or takes single rights: {"finance.review": true}."""

    class Status(models.TextChoices):
        ACTIVE = "active", "正常"
        DISABLED = "disabled", "已停用"

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30)
    rights = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.ACTIVE)
    until = models.DateField(null=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="membership_once")]


class Invitation(models.Model):
    """邀请: a link that makes one person a member; only the hash of its token is kept."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    contact = models.CharField(max_length=254)
    role = models.CharField(max_length=30)
    token_hash = models.CharField(max_length=64)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_hash"], name="invitation_token_once")]


class ApiToken(models.Model):
    """API 令牌: of one member of one company, or (no membership) of the operator's staff. Shown once, kept hashed."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=60)
    key_hash = models.CharField(max_length=64)
    prefix = models.CharField(max_length=12)
    scopes = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_hash"], name="api_token_once")]


class Session(AbstractBaseSession):
    """A sign-in on one device at one host. The company stands in the row and is compared on every request."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    tenant = models.ForeignKey(Tenant, models.CASCADE, null=True, related_name="+")
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(auto_now=True)


class SignInFailure(models.Model):
    """One refused sign-in; counted per account and per address to slow guessing down."""

    account = models.CharField(max_length=254)
    ip = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="sign_in_failure_account"),
            models.Index(fields=["ip", "at"], name="sign_in_failure_ip"),
        ]


class HandOff(models.Model):
    """A signed hand-off between hosts was used; a second use is refused."""

    nonce_hash = models.CharField(max_length=64, primary_key=True)
    used_at = models.DateTimeField()


class PasswordReset(models.Model):
    """A reset link: one use, half an hour; only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
