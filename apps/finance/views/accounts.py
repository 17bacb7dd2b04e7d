"""科目与期初: set up the book, keep the chart, fill in the opening balances, start."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.finance.domain.periods import Period
from apps.finance.forms import AccountForm, AccountNameForm, BookForm, SettingsForm, take_refusal
from apps.finance.models import Book, TaxpayerKind
from apps.finance.selectors import accounts as account_rows
from apps.finance.selectors.account_names import account_names, matching_ids
from apps.finance.services import (
    AccountInput,
    BookChange,
    BookSetup,
    add_account,
    alter_account,
    alter_book,
    delete_account,
    opening_totals,
    set_up_book,
    start_book,
)
from apps.finance.views.common import act, book_tabs, needs_book, show
from kernel.clock import now, today
from kernel.errors import DomainError
from kernel.http.gates import check_right, require_module
from kernel.http.request import Request


def _steps() -> list[str]:
    return [_("单位信息"), _("科目与期初余额"), _("启用账套")]


@require_module("finance", "finance.view", write="finance.settings")
@require_http_methods(["GET", "POST"])
def chart(request: Request) -> HttpResponse:
    """The chart of accounts; before there is a book, the form that makes one."""
    book = Book.objects.first()
    if book is None:
        return _set_up(request)
    text = request.GET.get("q", "").strip()[:60]
    rows = account_rows.listed(account_rows.AccountFilter())
    if text:
        rows = rows.filter(pk__in=matching_ids(text))
    names = account_names()
    found = [{"row": row, "name": names[row.pk].name} for row in rows]
    context = {"book": book, "rows": found, "q": text, "tabs": book_tabs("chart"), **_progress(book)}
    part = "#rows" if request.htmx and not request.htmx.history_restore_request else ""
    return show(request, f"finance/account/chart.html{part}", context)


def _set_up(request: Request) -> HttpResponse:
    initial = {"company_name": request.company.name, "start_period": str(Period.of(today()).january)}
    form = BookForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_up_book(setup=BookSetup(**form.setup()), actor=request.member, at=now())
        except DomainError as error:
            take_refusal(form, error)
        else:
            return HttpResponseRedirect(reverse("finance:accounts"))
    context = {"form": form, "steps": _steps()}
    return show(request, "finance/account/setup.html", context, status=422 if form.is_bound else 200)


def _progress(book: Book) -> dict[str, Any]:
    """How far the book is; nothing once it is started."""
    if book.is_started:
        return {"steps": [], "totals": None}
    return {"steps": _steps(), "totals": opening_totals()}


@require_module("finance", "finance.view", write="finance.settings")
@require_POST
def start(request: Request) -> HttpResponse:
    """启用账套: from here on vouchers may be typed and the opening is fixed."""
    return act(
        request, reverse("finance:accounts"), lambda: start_book(actor=request.member),
        lambda book: _("账套已启用，可以录入凭证了"),
    )  # fmt: skip


@require_module("finance", "finance.settings")
@require_http_methods(["GET", "POST"])
@needs_book(started=False)
def new(request: Request, book: Book) -> HttpResponse:
    """A sub-account; the parent is found by its code."""
    parent = request.GET.get("parent", "")
    form = AccountForm(request.POST or None, initial={"code": parent})
    if form.is_valid():
        given = AccountInput(code=form.cleaned_data["code"].strip(), name=form.cleaned_data["name"])
        try:
            made = add_account(account=given, actor=request.member, at=now())
        except DomainError as error:
            take_refusal(form, error)
        else:
            return HttpResponseRedirect(f"{reverse('finance:accounts')}#a{made.code}")
    context = {"form": form, "title": _("新增科目")}
    return show(request, "finance/account/account.html", context, status=422 if form.is_bound else 200)


@require_module("finance", "finance.view", write="finance.settings")
@require_http_methods(["GET", "POST"])
@needs_book(started=False)
def account(request: Request, book: Book, code: str) -> HttpResponse:
    """One account: its properties, another name, out of use, away."""
    row = account_rows.detail(code)
    form = AccountNameForm(request.POST or None, initial={"name": row.name, "version": row.version})
    if form.is_valid():
        changes = {"name": form.cleaned_data["name"]}
        try:
            alter_account(code=code, changes=changes, actor=request.member, version=form.cleaned_data["version"])
        except DomainError as error:
            take_refusal(form, error)
        else:
            return HttpResponseRedirect(f"{reverse('finance:accounts')}#a{code}")
    names = account_names()
    context = {"form": form, "row": row, "title": _("科目 %(code)s") % {"code": code}, "name": names[row.pk].name}
    return show(request, "finance/account/account.html", context, status=422 if form.is_bound else 200)


@require_module("finance", "finance.view", write="finance.settings")
@require_POST
def account_state(request: Request, code: str) -> HttpResponse:
    """停用, 启用 or 删除 one account."""
    verb = request.POST.get("verb", "")
    back = reverse("finance:account", args=[code])
    if verb == "delete":
        return act(
            request, reverse("finance:accounts"), lambda: delete_account(code=code, actor=request.member),
            lambda _none: _("科目 %(code)s 已删除") % {"code": code},
        )  # fmt: skip
    changes = {"is_active": verb == "activate"}
    return act(
        request, back, lambda: alter_account(code=code, changes=changes, actor=request.member),
        lambda row: (_("科目 %(code)s 已启用") if row.is_active else _("科目 %(code)s 已停用")) % {"code": code},
    )  # fmt: skip


@require_module("finance", "finance.view", write="finance.settings")
@require_http_methods(["GET", "POST"])
@needs_book(started=False)
def book_settings(request: Request, book: Book) -> HttpResponse:
    """账套参数: who reviews, who signs, how balances are printed."""
    names = ("separate_reviewer", "cashier_sign", "monthly_profit_transfer", "balance_side", "version")
    form = SettingsForm(request.POST or None, initial={name: getattr(book, name) for name in names})
    if request.method == "POST":
        check_right(request.member, "finance.settings")
    if form.is_valid():
        given = dict(form.cleaned_data)
        version = given.pop("version")
        try:
            alter_book(change=BookChange(**given), actor=request.member, version=version)
        except DomainError as error:
            take_refusal(form, error)
        else:
            return HttpResponseRedirect(reverse("finance:book-settings"))
    kind = TaxpayerKind.objects.order_by("-from_date").first()
    context = {"book": book, "form": form, "kind": kind, "tabs": book_tabs("settings"), **_progress(book)}
    return show(request, "finance/account/settings.html", context, status=422 if form.is_bound else 200)
