"""Addresses of other hosts of this installation, for links in pages and mails."""

from django.conf import settings


def bare_address() -> str:
    """`http://localhost:8000`: the operator's host."""
    return _with_port(settings.QZ_BASE_DOMAIN)


def company_address(slug: str) -> str:
    """`http://hongda.localhost:8000`: a company's host."""
    return _with_port(f"{slug}.{settings.QZ_BASE_DOMAIN}")


def _with_port(host: str) -> str:
    port = f":{settings.QZ_PUBLIC_PORT}" if settings.QZ_PUBLIC_PORT else ""
    return f"{settings.QZ_SCHEME}://{host}{port}"
