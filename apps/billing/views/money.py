"""The operator's money: invoices, the bank's queue, dunning."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.billing import offers
from apps.billing.forms import MatchForm, ReasonForm, StatementForm, UntilForm
from apps.billing.models import BankAccount
from apps.billing.paper import invoice_document
from apps.billing.selectors import bank_page, invoice_pages, operator
from apps.billing.selectors.board import bank_row
from apps.billing.services import bank, invoices
from apps.billing.services.payments import Part
from apps.billing.views.common import back, operator_page, page_of, show
from kernel.clock import now, today
from kernel.errors import DomainError
from kernel.http.request import Request


@operator_page
@require_GET
def invoice_list(request: Request) -> HttpResponse:
    """账单 of all companies."""
    state, text, day = request.GET.get("state", ""), request.GET.get("q", "").strip()[:100], today()
    late = day if state == "overdue" else None
    page = page_of(request, invoice_pages.all_invoices(state=state, text=text, overdue_on=late))
    said = invoice_pages.announced({row.tenant_id for row in page})
    states = [
        ("", _("全部"), None), ("draft", _("草稿"), None), ("open", _("待付款"), None), ("overdue", _("逾期"), None),
        ("paid", _("已付清"), None), ("void", _("已作废"), None),
    ]  # fmt: skip
    rows = [invoice_pages.list_row(row, said, day) for row in page]
    context = {"page": page, "rows": rows, "state": state, "q": text, "states": states}
    return show(request, "operator/invoices.html", context, fragment="table")


@operator_page
@require_GET
def invoice_page(request: Request, invoice_id: int) -> HttpResponse:
    """One invoice with the verbs that its state allows."""
    return _invoice(request, invoice_id)


def _invoice(request: Request, invoice_id: int, form: ReasonForm | None = None) -> HttpResponse:
    context = invoice_pages.detail(invoice_pages.find_any(invoice_id), today())
    context["form"] = form or ReasonForm()
    return render(request, "operator/invoice.html", context, status=422 if form else 200)


@operator_page
@require_GET
def invoice_pdf(request: Request, invoice_id: int) -> HttpResponse:
    return invoice_document(invoice_pages.detail(invoice_pages.find_any(invoice_id), today()))


@operator_page
@require_POST
def finalise(request: Request, invoice_id: int) -> HttpResponse:
    """出账 now, before the grace is over, by a person's decision."""
    try:
        done = invoices.finalise(invoice_id=invoice_id, at=now(), actor=request.member, early=True)
    except DomainError as error:
        messages.error(request, error.message)
        return back("operator:invoice", invoice_id)
    if done is None:
        messages.success(request, _("没有需要收费的内容，草稿已删除。"))
        return back("operator:invoice-list")
    messages.success(request, _("账单 %(number)s 已出账。") % {"number": done})
    return back("operator:invoice", invoice_id)


@operator_page
@require_POST
def void(request: Request, invoice_id: int, verb: str) -> HttpResponse:
    """作废 an invoice of which nothing is paid, or 核销 what is left as a bad debt; both with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _invoice(request, invoice_id, form)
    act = {"void": invoices.void, "uncollectible": invoices.write_off}[verb]
    try:
        act(invoice_id=invoice_id, reason=form.cleaned_data["reason"], at=now(), actor=request.member)
    except DomainError as error:
        form.add_error(None, error.message)
        return _invoice(request, invoice_id, form)
    messages.success(request, _("已保存。"))
    return back("operator:invoice", invoice_id)


@operator_page
@require_GET
def bank_list(request: Request) -> HttpResponse:
    """银行对账: what waits for a person first."""
    return _bank(request)


def _bank(request: Request, form: StatementForm | None = None) -> HttpResponse:
    state, text = request.GET.get("state", "queue"), request.GET.get("q", "").strip()[:100]
    page = page_of(request, operator.bank_lines(state="" if state == "all" else state, search=text))
    states = [("queue", _("待核对"), None), ("matched", _("已核对"), None), ("ignored", _("已忽略"), None),
              ("returned", _("已退回"), None), ("all", _("全部"), None)]  # fmt: skip
    context = {
        "page": page, "rows": [bank_row(row) for row in page], "state": state, "q": text, "states": states,
        "form": form or StatementForm(accounts=_accounts()),
    }  # fmt: skip
    fragment = "" if form else "table"
    return show(request, "operator/bank.html", context, fragment=fragment, status=422 if form else 200)


def _accounts() -> list[tuple[str, str]]:
    return [(row.code, f"{row.name} {row.number}") for row in BankAccount.objects.order_by("code")]


@operator_page
@require_POST
def import_statement(request: Request) -> HttpResponse:
    """导入银行流水: says what became of each row."""
    form = StatementForm(request.POST, request.FILES, accounts=_accounts())
    if not form.is_valid():
        return _bank(request, form)
    upload = form.cleaned_data["file"]
    try:
        batch = bank.import_statement(
            account=form.cleaned_data["account"], profile="generic", file_name=upload.name, content=upload.read(),
            at=now(), actor=request.member,
        )  # fmt: skip
    except DomainError as error:
        form.add_error("file", error.message)
        return _bank(request, form)
    messages.success(request, _import_words(batch.counts))
    return back("operator:bank")


def _import_words(counts: dict[str, int]) -> str:
    return _(
        "共 %(rows)s 行：新增 %(new)s，重复 %(duplicates)s，冲突 %(conflicts)s，自动核对 %(matched)s，"
        "待核对 %(unmatched)s，支出 %(outgoing)s，出错 %(errors)s。"
    ) % {name: counts.get(name, 0) for name in ("rows", "new", "duplicates", "conflicts", "matched", "unmatched",
                                                "outgoing", "errors")}  # fmt: skip


@operator_page
@require_GET
def bank_line(request: Request, line_id: int) -> HttpResponse:
    """核对: the row beside its candidates, as a dialog."""
    context = bank_page.line_page(line_id, request.GET.get("q", "").strip()[:100])
    fragment = "candidates" if "q" in request.GET else "dialog"
    return show(request, "operator/bank_line.html", context, fragment=fragment)


@operator_page
@require_POST
def match(request: Request, line_id: int) -> HttpResponse:
    """The row pays this invoice; what is left over goes to the company's balance."""
    form = MatchForm(request.POST)
    if not form.is_valid():
        return _line_refused(request, line_id, _("请选择一张账单。"))
    data = form.cleaned_data
    parts = [Part(data["invoice"])] if data["invoice"] else []
    try:
        bank.pay(line_id=line_id, tenant_id=data["tenant"], parts=parts, at=now(), actor=request.member)
    except DomainError as error:
        return _line_refused(request, line_id, error.message)
    messages.success(request, _("已核对。"))
    return back("operator:bank")


@operator_page
@require_POST
def put_aside(request: Request, line_id: int, verb: str) -> HttpResponse:
    """忽略 or 退回 with the reason."""
    state = {"ignore": "ignored", "return": "returned"}[verb]
    reason = request.POST.get("reason", "")[:200]
    try:
        bank.put_aside(line_id=line_id, state=state, reason=reason, at=now(), actor=request.member)
    except DomainError as error:
        return _line_refused(request, line_id, error.message)
    messages.success(request, _("已保存。"))
    return back("operator:bank")


def _line_refused(request: Request, line_id: int, sentence: str) -> HttpResponse:
    context: dict[str, Any] = {**bank_page.line_page(line_id), "refused": sentence}
    return show(request, "operator/bank_line.html", context, fragment="body", status=422)


@operator_page
@require_http_methods(["GET"])
def dunning_list(request: Request) -> HttpResponse:
    """催收: by days late, what comes next and when."""
    rows = [
        {**row, "word": offers.state(offers.SUBSCRIPTION_WORDS, row["state"]),
         "next": offers.SUBSCRIPTION_WORDS[row["next_step"]][0] if row["next_step"] else ""}
        for row in operator.dunning_board(today())
    ]  # fmt: skip
    page = page_of(request, rows)
    context = {"page": page, "rows": list(page), "form": UntilForm(prefix="pause"), "today": today()}
    return render(request, "operator/dunning.html", context)
