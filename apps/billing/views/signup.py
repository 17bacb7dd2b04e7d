"""注册企业: the form, the code from the mailbox, and on to the new company, signed in."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from apps.billing.forms import CodeForm, SignupForm
from apps.billing.models import Signup
from apps.billing.selectors.public_pages import new_owner, signup_row
from apps.billing.services import signup as services
from apps.billing.views.common import back
from kernel.clock import now
from kernel.errors import DomainError
from kernel.http.addresses import company_address
from kernel.http.policy import leads_to_companies
from kernel.http.request import Request, posted
from tenants.middleware import client_ip
from tenants.services.links import make_hand_off
from tenants.services.provisioning import RESERVED_SLUGS

CONFIRMED = "signup_confirmed"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def signup_page(request: Request) -> HttpResponse:
    """注册企业. A known name or mailbox gets the same answer as an unknown one (C1)."""
    form = SignupForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "accept_terms"}
        try:
            row, _code = services.begin(form=services.SignupForm(**data), ip=client_ip(request))
        except DomainError as error:
            return _refused(request, form, error)
        return back("billing-public:signup-code", row.public_id)
    return _form(request, form, 422 if form.is_bound else 200)


def _form(request: Request, form: SignupForm, status: int) -> HttpResponse:
    return render(request, "signup/signup.html", {"form": form, "domain": settings.QZ_BASE_DOMAIN}, status=status)


def _refused(request: Request, form: SignupForm, error: DomainError) -> HttpResponse:
    if error.fields:
        for name, texts in error.fields.items():
            form.add_error(name if name in form.fields else None, texts)
    else:
        form.add_error("slug" if error.code.startswith("slug_") else None, error.message)
    response = _form(request, form, error.http_status if error.http_status == 429 else 422)
    if "retry_after" in error.extra:
        response["Retry-After"] = str(error.extra["retry_after"])
    return response


@require_GET
def slug_check(request: Request) -> HttpResponse:
    """Is the wished address well formed? Whether it is taken is never told: four letters are added anyway."""
    slug = request.GET.get("slug", "").strip()
    fits = 3 <= len(slug) <= 35 and slug.isascii() and slug.replace("-", "").isalnum() and slug == slug.lower()
    good = fits and slug not in RESERVED_SLUGS and not slug.startswith(("-", "t-", "qz-")) and "--" not in slug
    context = {"slug": slug, "good": good and not slug.endswith("-"), "domain": settings.QZ_BASE_DOMAIN}
    return render(request, "signup/signup.html#slug", context)


@never_cache
@leads_to_companies
@require_http_methods(["GET", "POST"])
def code_page(request: Request, public_id: str) -> HttpResponse:
    """验证邮箱: six figures from the mailbox."""
    row = signup_row(public_id)
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm(public_id=public_id, code=form.cleaned_data["code"], at=now())
        except DomainError as error:
            form.add_error("code", error.message)
        else:
            request.session[CONFIRMED] = public_id
            return back("billing-public:signup-waiting", public_id)
    context = {"form": form, "signup": row}
    return render(request, "signup/code.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_GET
def waiting(request: Request, public_id: str) -> HttpResponse:
    """正在开通: asks again until the company is ready, then leads to it."""
    row = signup_row(public_id)
    if row.status == Signup.Status.AWAITING_EMAIL:
        return back("billing-public:signup-code", public_id)
    if row.status == Signup.Status.READY:
        return HttpResponseRedirect(_way_in(request, row))
    context: dict[str, Any] = {"signup": row, "failed": row.status == Signup.Status.FAILED}
    return render(request, "signup/waiting.html#state" if request.htmx else "signup/waiting.html", context)


def _way_in(request: Request, row: Signup) -> str:
    """The company's address: with a hand-off for the browser that typed the code, else its sign-in page."""
    tenant = row.tenant
    if tenant is None:
        raise ValueError(_("注册没有完成，请联系客服。"))
    owner = new_owner(row) if request.session.get(CONFIRMED) == row.public_id else None
    if owner is None:
        return f"{company_address(tenant.slug)}/signin/"
    token = make_hand_off(user_id=owner.pk, tenant_id=tenant.pk)
    return f"{company_address(tenant.slug)}/handoff/?{urlencode({'t': token, 'next': '/'})}"
