"""自动凭证规则: the list, one rule with its versions, and which account holds which stock."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.finance import fact_words
from apps.finance.forms import take_refusal
from apps.finance.models import Book, PostingRule, StockAccount
from apps.finance.rule_form import Editor, RuleHeadForm, RuleSwitchForm, StockAccountForm, rule_input
from apps.finance.selectors import posting as selectors
from apps.finance.services import add_rule, alter_rule, load_standard_rules, new_rule_version
from apps.finance.services.stock_accounts import choose_stock_account, drop_stock_account
from apps.finance.views.common import act, book_tabs, needs_book, show, word_shown
from kernel.clock import now
from kernel.errors import DomainError
from kernel.http.gates import check_right, require_module
from kernel.http.request import Request, posted, wants_fragment


@require_module("finance", "finance.view", write="finance.rules")
@require_http_methods(["GET"])
@needs_book(started=False)
def rule_list(request: Request, book: Book) -> HttpResponse:
    """规则列表, in the order in which rules are asked."""
    text = request.GET.get("q", "").strip()[:60]
    rows = [_listed(rule) for rule in selectors.rules(search=text or None)]
    context = {"rows": rows, "q": text, "tabs": book_tabs("rules")}
    part = "#rows" if wants_fragment(request) else ""
    return show(request, f"finance/rule/list.html{part}", context)


def _listed(rule: PostingRule) -> dict[str, Any]:
    versions = list(rule.versions.all())
    return {"rule": rule, "version": versions[-1] if versions else None,
            "type": fact_words.fact_text(rule.fact),
            "when": fact_words.when_text(versions[-1].when) if versions else ""}  # fmt: skip


@require_module("finance", "finance.view", write="finance.rules")
@require_POST
def load_standard(request: Request) -> HttpResponse:
    """补齐推荐规则: the shipped rules that are missing."""
    return act(
        request, reverse("finance:rules"), lambda: load_standard_rules(actor=request.member, at=now()),
        lambda count: _("已补齐 %(count)s 条推荐规则") % {"count": count} if count else _("推荐规则都在，没有缺少的"),
    )  # fmt: skip


def _words(book: Book) -> list[tuple[str, str]]:
    return [(word, word_shown(word)) for word in book.voucher_words]


@require_module("finance", "finance.rules")
@require_http_methods(["GET", "POST"])
@needs_book(started=False)
def rule_new(request: Request, book: Book) -> HttpResponse:
    """A rule with its first version."""
    data = posted(request)
    head, editor = RuleHeadForm(data), Editor(_words(book), data=data)
    if editor.bound and head.is_valid() and editor.is_valid():
        given = rule_input(head.cleaned_data, editor.version())
        try:
            made = add_rule(rule=given, actor=request.member, at=now())
        except DomainError as error:
            editor.take(error, head)
        else:
            return HttpResponseRedirect(reverse("finance:rule", args=[made.code]))
    context = {"head": head, "editor": editor, "title": _("新增规则")}
    return show(request, "finance/rule/new.html", context, status=422 if editor.bound else 200)


@require_module("finance", "finance.view", write="finance.rules")
@require_http_methods(["GET", "POST"])
@needs_book(started=False)
def rule_page(request: Request, book: Book, code: str) -> HttpResponse:
    """One rule: its switches, what it says, what it said before. POST `what` switch or version."""
    rule = selectors.rule(code)
    versions = list(rule.versions.all())
    names = ("name", "priority", "grouping", "auto_review")
    switches = {**{name: getattr(rule, name) for name in names}, "active": rule.is_active}
    what = request.POST.get("what", "")
    switch = RuleSwitchForm(request.POST if what == "switch" else None, initial=switches)
    editor = Editor(
        _words(book), data=request.POST if what == "version" else None, version=versions[-1] if versions else None
    )
    if request.method == "POST" and _saved(request, rule, switch, editor):
        return HttpResponseRedirect(reverse("finance:rule", args=[code]))
    context = {
        "rule": rule,
        "type": fact_words.fact_text(rule.fact),
        "versions": versions[::-1],
        "switch": switch,
        "editor": editor,
    }
    return show(request, "finance/rule/rule.html", context, status=422 if request.method == "POST" else 200)


def _saved(request: Request, rule: PostingRule, switch: RuleSwitchForm, editor: Editor) -> bool:
    try:
        if switch.is_bound and switch.is_valid():
            alter_rule(code=rule.code, actor=request.member, **switch.cleaned_data)
            return True
        if editor.is_valid():
            new_rule_version(code=rule.code, version=editor.version(), actor=request.member, at=now())
            return True
    except DomainError as error:
        if switch.is_bound:
            take_refusal(switch, error)
        else:
            editor.take(error)
    return False


@require_module("finance", "finance.view", write="finance.rules")
@require_http_methods(["GET", "POST"])
@needs_book(started=False)
def stock_accounts(request: Request, book: Book) -> HttpResponse:
    """存货科目: which account holds the items of a category."""
    form = StockAccountForm(request.POST or None)
    if request.method == "POST":
        check_right(request.member, "finance.rules")
    if form.is_valid():
        try:
            choose_stock_account(**form.cleaned_data, actor=request.member, at=now())
        except DomainError as error:
            take_refusal(form, error)
        else:
            return HttpResponseRedirect(reverse("finance:stock-accounts"))
    rows = StockAccount.objects.select_related("account").order_by("category")
    context = {"form": form, "rows": rows, "tabs": book_tabs("rules")}
    return show(request, "finance/rule/stock_accounts.html", context, status=422 if form.is_bound else 200)


@require_module("finance", "finance.view", write="finance.rules")
@require_POST
def stock_account_drop(request: Request, row_id: int) -> HttpResponse:
    """The category goes back to the usual account."""
    return act(
        request, reverse("finance:stock-accounts"),
        lambda: drop_stock_account(row_id=row_id, actor=request.member),
        lambda row: _("%(category)s 恢复默认存货科目") % {"category": row.category},
    )  # fmt: skip
