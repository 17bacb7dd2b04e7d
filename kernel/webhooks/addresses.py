"""Where a webhook may go. The name is resolved once and the answer is what we connect to, so that it cannot change."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from kernel.errors import Invalid

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST = 500
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class BadWebhook(Invalid):
    """Not HTTPS, not a host, or a host inside a private network."""

    code = "bad_webhook"


@dataclass(frozen=True)
class Target:
    """A checked destination: `address` is what to connect to, `host` what to ask and verify."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def check_form(url: str) -> str:
    """The URL if its form is acceptable; resolves nothing. Raises BadWebhook."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise _bad(_("网址格式不对，例如 https://erp.example.com/hook。")) from None
    allowed = {"https", "http"} if settings.QZ_WEBHOOK_ALLOW_PRIVATE else {"https"}
    if parts.scheme not in allowed or not parts.hostname or len(url) > LONGEST:
        raise _bad(_("外部通知只能发往 https:// 开头的网址。"))
    if parts.username or parts.password or parts.fragment or port == 0:
        raise _bad(_("网址里不能带用户名、密码或 #。"))
    return url.strip()


def resolve(url: str) -> Target:
    """Where to connect. Raises BadWebhook when the name is unknown or any of its addresses is not public."""
    parts = urlsplit(check_form(url))
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise _bad(_("找不到网址中的主机，请检查。")) from None
    addresses = [str(entry[4][0]) for entry in found]
    if not settings.QZ_WEBHOOK_ALLOW_PRIVATE and not all(is_public(address) for address in addresses):
        raise _bad(_("不能发往内网、本机或保留地址。"))
    path = parts.path or "/"
    return Target(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path, addresses[0])


def is_public(text: str) -> bool:
    """True for an address on the open internet; an IPv4 address hidden in an IPv6 one counts as itself."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    inner = _inner(address)
    if inner is not None:
        return is_public(str(inner))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else None


def _bad(message: str) -> BadWebhook:
    return BadWebhook(message, fields={"url": [message]})
