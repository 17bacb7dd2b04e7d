"""The secret that signs posts: kept sealed with the installation's key, read again only to sign."""

import secrets

from cryptography.fernet import InvalidToken
from django.utils.translation import gettext as _

from kernel.errors import DomainError
from kernel.models import Webhook
from tenants import secretbox

PLAIN = "whsec_"  # how a secret begins that is not sealed


class SecretUnreadable(DomainError):
    """The secret came with an archive of another installation, whose key we do not have."""

    code = "webhook_secret_unreadable"


def new_secret() -> tuple[str, str]:
    """(the secret, to be shown once; what is kept)."""
    secret = f"{PLAIN}{secrets.token_urlsafe(32)}"
    return secret, secretbox.seal(secret)


def signing_secret(webhook: Webhook) -> str:
    """What signs the posts to `webhook`. Raises SecretUnreadable."""
    if webhook.secret.startswith(PLAIN):  # written before secrets were sealed: sealed now
        Webhook.objects.filter(pk=webhook.pk).update(secret=secretbox.seal(webhook.secret))
        return webhook.secret
    try:
        return secretbox.unseal(webhook.secret)
    except InvalidToken:
        raise SecretUnreadable(_("签名密钥无法读取，请删除这个地址后重新添加。")) from None
