"""客户与供应商, and the company's own record."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.masterdata import columns
from apps.masterdata.forms import AddressRow, BankRow, CompanyForm, ContactRow, PartnerForm, filled, rows_of
from apps.masterdata.models import BankChange, Partner
from apps.masterdata.selectors import lists
from apps.masterdata.services import banking, partners
from apps.masterdata.views import common
from apps.masterdata.views.common import Section
from apps.masterdata.views.settings import tabs
from kernel import registry
from kernel.errors import DomainError
from kernel.http.gates import require_right
from kernel.http.request import Request, posted

BASICS = ("code", "name", "short_name", "kind", "uscc", "status", "category", "is_customer", "is_supplier")
TERMS = ("payment_terms", "tax_rate", "credit_limit", "owner", "gln", "internal_note")


@require_right("masterdata.view")
@require_GET
def partner_list(request: Request) -> HttpResponseBase:
    words = common.filters(request)
    counts = lists.partner_counts(words)
    roles = [("", _("全部"), counts["all"]), ("customer", _("客户"), counts["customer"])]
    roles.append(("supplier", _("供应商"), counts["supplier"]))
    statuses = [("", _("全部")), *((value, _(label)) for value, label in Partner.Status.choices)]
    return common.list_page(
        request, "masterdata/partner/list.html", lists.partners(words),
        columns=columns.partner_columns(request.member), name=_("客户与供应商"),
        context={"states": roles, "wanted": words, "statuses": statuses},
    )  # fmt: skip


@require_right("masterdata.view")
@require_GET
def partner_detail(request: Request, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(lists.shown_partners(Partner.objects.all()), pk=partner_id)
    return common.show(request, "masterdata/partner/detail.html", _party(request, partner))


def _party(request: Request, partner: Partner) -> dict[str, Any]:
    secret = request.member.can("masterdata.secret")
    waiting = partner.bank_changes.filter(state=BankChange.State.WAITING).first() if secret and partner.pk else None
    return {
        "partner": partner,
        "secret": secret,
        "change": waiting,
        "own_wish": waiting is not None and waiting.asked_by_id == request.member.user_id,
        "history": common.history("partner", partner.pk) if partner.pk else [],
        "panels": registry.panels("masterdata.partner"),
    }


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def partner_new(request: Request) -> HttpResponse:
    return _edit(request, None)


@require_right("masterdata.edit")
@require_http_methods(["GET", "POST"])
def partner_edit(request: Request, partner_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(lists.shown_partners(Partner.objects.all()), pk=partner_id))


def _edit(request: Request, partner: Partner | None) -> HttpResponse:
    secret = request.member.can("masterdata.secret")
    data = posted(request)
    form = PartnerForm(data, initial=_initial(partner), secret=secret)
    rows = row_sets(data, partner, secret=secret)
    if data is not None and common.is_valid(form, rows):
        values: Any = form.values() | lists_of(rows)
        record = common.saved(form, lambda: _save(partner, values, request), rows=rows)
        if record is not None:
            return redirect("masterdata:partner", record.pk)
    sections = [
        Section(_("基本资料"), [form[name] for name in BASICS]),
        Section(_("条件"), [form[name] for name in TERMS if name in form.fields]),
        *row_sections(rows),
    ]
    back = reverse("masterdata:partner", args=[partner.pk]) if partner else reverse("masterdata:partner-list")
    title = _("修改往来单位") if partner else _("新增往来单位")
    return common.form_page(request, title=title, form=form, sections=sections, back=back)


def _save(partner: Partner | None, values: Any, request: Request) -> Partner:
    if partner is None:
        return partners.create_partner(values=values, actor=request.member)
    return partners.update_partner(partner=partner, values=values, actor=request.member)


def _initial(partner: Partner | None) -> dict[str, Any]:
    if partner is None:
        return {"is_customer": True}
    known = {name: getattr(partner, name) for name in (*BASICS, *TERMS, "version")}
    known["owner"] = partner.owner.code if partner.owner else ""
    known["tax_rate"] = None if partner.tax_rate is None else f"{partner.tax_rate.normalize():f}"
    return known


def row_sets(data: Any, partner: Partner | None, *, secret: bool) -> dict[str, Any]:
    """Contacts, addresses and, for those who may see them, bank accounts."""

    def known(related: str, names: str) -> list[dict[str, Any]]:
        rows = getattr(partner, related).all() if partner is not None and partner.pk else []
        return [{name: getattr(row, name) for name in names.split()} for row in rows]

    people = known("contacts", "id name mobile email role is_primary")
    found = {
        "contacts": rows_of(ContactRow, prefix="contacts", data=data, initial=people),
        "addresses": rows_of(
            AddressRow, prefix="addresses", data=data, initial=known("addresses", "kind text receiver phone")
        ),
    }
    if secret:
        accounts = known("bank_accounts", "bank account_no account_name cnaps")
        found["bank_accounts"] = rows_of(BankRow, prefix="bank_accounts", data=data, initial=accounts)
    return found


def lists_of(rows: dict[str, Any]) -> dict[str, Any]:
    """The filled rows as the service takes them."""
    keys = {"contacts": "name", "addresses": "text", "bank_accounts": "account_no"}
    return {name: filled(one, keys[name]) for name, one in rows.items()}


def row_sections(rows: dict[str, Any]) -> list[Section]:
    titles = {"contacts": _("联系人"), "addresses": _("地址"), "bank_accounts": _("银行账户")}
    hints = {"bank_accounts": _("改动已有的账户要由另一位有权限的人确认。")}
    return [Section(titles[name], rows=one, hint=hints.get(name, "")) for name, one in rows.items()]


@require_right("masterdata.edit")
@require_POST
def partner_delete(request: Request, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(Partner.objects.all(), pk=partner_id)
    return common.removed(
        request,
        lambda: partners.delete_partner(partner=partner, actor=request.member),
        back=reverse("masterdata:partner-list"),
        stay=reverse("masterdata:partner", args=[partner_id]),
    )


@require_right("masterdata.edit")
@require_POST
def contact_erase(request: Request, partner_id: int, contact_id: int) -> HttpResponse:
    partner = get_object_or_404(Partner.objects.all(), pk=partner_id)
    contact = get_object_or_404(partner.contacts.all(), pk=contact_id)
    partners.erase_contact(partner=partner, contact=contact, actor=request.member)
    messages.success(request, _("联系人信息已清除"))
    return redirect("masterdata:partner", partner_id)


@require_right("masterdata.secret")
@require_POST
def bank_change(request: Request, partner_id: int, change_id: int, verb: str) -> HttpResponse:
    """confirm or reject, by the second person."""
    partner = get_object_or_404(Partner.everybody.all(), pk=partner_id)
    decide = banking.confirm if verb == "confirm" else banking.reject
    try:
        decide(change_id=change_id, partner=partner, actor=request.member)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已确认") if verb == "confirm" else _("已拒绝"))
    return redirect("masterdata:company") if partner.is_own else redirect("masterdata:partner", partner_id)


@require_right("masterdata.view", write="masterdata.settings")
@require_http_methods(["GET", "POST"])
def company(request: Request) -> HttpResponse:
    """The company's own record, as documents print it."""
    own = lists.own_company()
    secret = request.member.can("masterdata.secret")
    data = posted(request)
    names = ("name", "short_name", "uscc", "gln", "gs1_prefix", "version")
    form = CompanyForm(data, initial={name: getattr(own, name) for name in names})
    rows = row_sets(data, own, secret=secret)
    if data is not None and common.is_valid(form, rows):
        values: Any = form.values() | lists_of(rows)
        values["version"] = values["version"] or None
        if common.saved(form, lambda: partners.save_own_company(values=values, actor=request.member), rows=rows):
            messages.success(request, _("已保存"))
            return redirect("masterdata:company")
    sections = [Section(_("基本资料"), [form[name] for name in names[:-1]]), *row_sections(rows)]
    context = _party(request, own) | {
        "tabs": tabs("company"),
        "read_only": not request.member.can("masterdata.settings"),
    }
    back = reverse("masterdata:settings")
    return common.form_page(request, title=_("本企业资料"), form=form, sections=sections, back=back, **context)
