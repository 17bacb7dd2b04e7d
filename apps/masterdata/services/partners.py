"""往来单位 and the company's own record: create, change, block, delete, erase a contact."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.masterdata.domain.duplicates import mobile_key, partner_name_key
from apps.masterdata.domain.gtin import clean_company_prefix, clean_gln
from apps.masterdata.domain.uscc import clean_uscc
from apps.masterdata.events import ContactErased, PartnerBlocked, PartnerSaved
from apps.masterdata.models import Address, Contact, Partner
from apps.masterdata.selectors import finding
from apps.masterdata.services import banking
from apps.masterdata.services.records import apply, locked, plain, set_code, set_name
from apps.masterdata.services.refusals import DuplicateUscc, check_secret, check_version, refusing
from apps.masterdata.services.usage import remove
from apps.masterdata.services.values import PartnerValues
from kernel import audit
from kernel.errors import Invalid
from kernel.events import publish
from tenants.context import current_company
from tenants.rights import Member

PLAIN_FIELDS = (
    "name",
    "short_name",
    "kind",
    "is_customer",
    "is_supplier",
    "category",
    "status",
    "currency",
    "payment_terms",
    "tax_rate",
    "credit_limit",
    "internal_note",
)
# Tax ids, bank numbers, credit and personal data stay out of the audit log.
LOGGED = tuple(name for name in PLAIN_FIELDS if name != "credit_limit")
OWN_CODE = "OWN"


@refusing()
@transaction.atomic
def create_partner(*, values: PartnerValues, actor: Member) -> Partner:
    """A new partner from `code, name` and what else is given.

    Publishes PartnerSaved. Raises DuplicateCode, Invalid `bad_uscc`, DuplicateUscc, Forbidden for secret fields.
    """
    _check_secrets(None, values, actor)
    partner = Partner()
    set_code(partner, values.get("code", ""))
    _save(partner, values, actor, action="partner.create")
    return partner


@refusing()
def update_partner(*, partner: Partner, values: PartnerValues, actor: Member) -> Partner:
    """Change what `values` holds; lists are replaced as a whole.

    Publishes PartnerSaved and, when it becomes blocked, PartnerBlocked. Raises as `create_partner`, StaleVersion,
    and SecondPersonNeeded when existing bank accounts would change: the wish is kept for the second person.
    """
    try:
        return _update(partner, values, actor)
    except banking.SecondPersonNeeded as refusal:
        # The refusal undid everything else; the wish itself must outlive it.
        change = banking.ask(partner=partner, accounts=values["bank_accounts"], actor=actor)
        refusal.extra["change"] = change.pk
        raise


@transaction.atomic
def _update(partner: Partner, values: PartnerValues, actor: Member) -> Partner:
    row = locked(partner)
    check_version(row.version, values.get("version"))
    _check_secrets(row, values, actor)
    was_blocked = row.status == Partner.Status.BLOCKED
    if "code" in values and not row.is_own:
        set_code(row, values["code"])
    row.version += 1
    _save(row, values, actor, action="company.change" if row.is_own else "partner.change")
    if row.status == Partner.Status.BLOCKED and not was_blocked:
        publish(PartnerBlocked(partner_id=row.pk))
    return row


def save_own_company(*, values: PartnerValues, actor: Member) -> Partner:
    """Change the company's own record; it is made at the first save. Raises as `update_partner`."""
    own = Partner.everybody.filter(is_own=True).first()
    if own is None:
        own = Partner(is_own=True, code=OWN_CODE, name=current_company().name)
        own.save()
    return update_partner(partner=own, values=values, actor=actor)


@refusing()
@transaction.atomic
def delete_partner(*, partner: Partner, actor: Member) -> None:
    """Remove a partner nothing points to, contacts and accounts with it. Raises InUse."""
    pk = partner.pk
    remove("partner", partner)
    audit.record(actor=actor, action="partner.delete", object=f"partner:{pk}", label=str(partner))


@transaction.atomic
def erase_contact(*, partner: Partner, contact: Contact, actor: Member) -> None:
    """Erase one contact's personal data (个人信息保护法 art. 47). Publishes ContactErased."""
    contact_id = contact.pk
    contact.delete()
    audit.record(actor=actor, action="contact.erase", object=f"partner:{partner.pk}", label=str(partner))
    publish(ContactErased(partner_id=partner.pk, contact_id=contact_id))


def _save(partner: Partner, values: PartnerValues, actor: Member, *, action: str) -> None:
    before = {name: plain(getattr(partner, name)) for name in LOGGED} if partner.pk else {}
    apply(partner, values, PLAIN_FIELDS)
    set_name(partner)
    _set_numbers(partner, values)
    if "owner" in values:
        partner.owner = finding.employee_called(values["owner"]) if values["owner"] else None
    partner.likeness = partner_name_key(partner.name)[:255]
    partner.save()
    if "contacts" in values:
        _write_contacts(partner, values["contacts"])
    if "addresses" in values:
        _write_addresses(partner, values["addresses"])
    if "bank_accounts" in values:
        banking.write(partner, values["bank_accounts"], actor=actor)
    changes = audit.difference(before, {name: plain(getattr(partner, name)) for name in LOGGED})
    audit.record(actor=actor, action=action, object=f"partner:{partner.pk}", label=str(partner), changes=changes)
    if not partner.is_own:
        publish(PartnerSaved(partner_id=partner.pk))


def _check_secrets(partner: Partner | None, values: PartnerValues, actor: Member) -> None:
    limit = values.get("credit_limit", partner.credit_limit if partner else None)
    changed = limit != (partner.credit_limit if partner else None)
    check_secret(
        actor, changed or bool(values.get("bank_accounts")) or ("bank_accounts" in values and partner is not None)
    )
    if limit is not None and limit < 0:
        raise Invalid(_("信用额度不能是负数。"), fields={"credit_limit": [_("不能是负数。")]})


def _set_numbers(partner: Partner, values: PartnerValues) -> None:
    if "uscc" in values:
        with refusing("uscc"):
            partner.uscc = clean_uscc(values["uscc"]) if values["uscc"].strip() else ""
        _refuse_taken_uscc(partner)
    if "gln" in values:
        with refusing("gln"):
            partner.gln = clean_gln(values["gln"]) if values["gln"].strip() else ""
    if "gs1_prefix" in values:
        with refusing("gs1_prefix"):
            partner.gs1_prefix = clean_company_prefix(values["gs1_prefix"]) if values["gs1_prefix"].strip() else ""


def _refuse_taken_uscc(partner: Partner) -> None:
    if not partner.uscc or partner.is_own:
        return
    holder = Partner.objects.filter(uscc=partner.uscc).exclude(pk=partner.pk).first()
    if holder is not None:
        sentence = _("这个统一社会信用代码已属于 %(partner)s。") % {"partner": holder}
        raise DuplicateUscc(sentence, fields={"uscc": [sentence]})


def _write_contacts(partner: Partner, given: list[dict[str, Any]]) -> None:
    if sum(bool(entry.get("is_primary")) for entry in given) > 1:
        sentence = _("只能有一个主要联系人。")
        raise Invalid(sentence, fields={"contacts": [sentence]})
    known = {contact.pk: contact for contact in partner.contacts.all()}
    by_person = {(contact.name, contact.mobile): contact.pk for contact in known.values()}
    partner.contacts.update(is_primary=False)
    kept = set()
    for place, entry in enumerate(given):
        pk = entry.get("id") or by_person.get((str(entry.get("name", "")), str(entry.get("mobile", ""))), 0)
        contact = known.get(pk) if pk not in kept else None
        kept.add(_write_contact(contact or Contact(partner=partner), entry, place))
    _choose_primary(partner)
    for pk in known.keys() - kept:
        known[pk].delete()
        publish(ContactErased(partner_id=partner.pk, contact_id=pk))


def _write_contact(contact: Contact, entry: Mapping[str, Any], place: int) -> int:
    contact.name = str(entry.get("name", "")).strip()
    if not contact.name:
        sentence = _("请填写联系人姓名。")
        raise Invalid(sentence, fields={f"contacts.{place}.name": [sentence]})
    for name in ("mobile", "email", "role"):
        setattr(contact, name, str(entry.get(name) or "").strip())
    contact.mobile_key = mobile_key(contact.mobile)[:30]
    contact.is_primary = bool(entry.get("is_primary"))
    contact.save()
    return contact.pk


def _choose_primary(partner: Partner) -> None:
    first = partner.contacts.order_by("-is_primary", "id").first()
    if first is not None and not first.is_primary:
        first.is_primary = True
        first.save(update_fields=["is_primary"])


def _write_addresses(partner: Partner, given: list[dict[str, Any]]) -> None:
    partner.addresses.all().delete()
    rows = []
    for place, entry in enumerate(given):
        text = str(entry.get("text", "")).strip()
        if not text:
            sentence = _("请填写地址。")
            raise Invalid(sentence, fields={f"addresses.{place}.text": [sentence]})
        details = {name: str(entry.get(name) or "").strip() for name in ("receiver", "phone")}
        rows.append(Address(partner=partner, kind=entry.get("kind") or Address.Kind.REGISTERED, text=text, **details))
    Address.objects.bulk_create(rows)
