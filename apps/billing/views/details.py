"""企业结算资料: whom the invoices are written to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.billing.forms import BillingDetailsForm
from apps.billing.services import accounts
from apps.billing.views.common import back, company_page
from kernel.clock import now
from kernel.errors import DomainError
from kernel.http.request import Request, posted


@company_page("billing.view", write="billing.manage")
@require_http_methods(["GET", "POST"])
def billing_details(request: Request) -> HttpResponse:
    """Name, tax id and bank of the company, as they will stand on the next invoice."""
    account = accounts.of(request.company.id)
    initial = {name: getattr(account, name) for name in BillingDetailsForm.base_fields}
    form = BillingDetailsForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change(tenant_id=request.company.id, values=form.cleaned_data, at=now(), actor=request.member)
        except DomainError as error:
            for name, texts in error.fields.items():
                form.add_error(name if name in form.fields else None, texts)
            if not error.fields:
                form.add_error(None, error.message)
        else:
            messages.success(request, _("结算资料已保存，用于今后的账单。"))
            return back("billing:details")
    context = {"form": form, "account": account, "can_manage": request.member.can("billing.manage")}
    return render(request, "billing/details.html", context, status=422 if form.is_bound else 200)
