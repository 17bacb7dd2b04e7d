"""期初余额: a grid over the leaf accounts, saved as one set until the book is started."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.finance import opening_form
from apps.finance.models import Book
from apps.finance.services import opening_totals, put_opening_balances
from apps.finance.views.accounts import _progress
from apps.finance.views.common import book_tabs, needs_book, show
from kernel.errors import DomainError
from kernel.http.gates import require_module
from kernel.http.request import Request


@require_module("finance", "finance.view", write="finance.settings")
@require_http_methods(["GET", "POST"])
@needs_book(started=False)
def opening(request: Request, book: Book) -> HttpResponse:
    """The grid; a started book shows it without fields."""
    grid = opening_form.stored(book)
    status = 200
    if request.method == "POST":
        grid = opening_form.read(request.POST, grid)
        status = 422
        if not grid.errors:
            try:
                put_opening_balances(rows=grid.inputs(), actor=request.member, cash_flow_ytd=grid.cash_flow)
            except DomainError as error:
                grid.take(error)
            else:
                messages.success(request, _("期初余额已保存"))
                return HttpResponseRedirect(reverse("finance:opening"))
    context = {
        "book": book, "grid": grid, "tabs": book_tabs("opening"), "mid_year": book.start.month > 1, **_progress(book),
        "sums": opening_totals(), "editable": not book.is_started and request.member.can("finance.settings"),
    }  # fmt: skip
    template = "finance/account/opening.html"
    return show(request, f"{template}#form" if request.htmx and status != 200 else template, context, status=status)
