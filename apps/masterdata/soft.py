"""疑似重复: warnings for rows that look like something known. They are kept; the clerk is told."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.masterdata import cells
from apps.masterdata.domain.codes import code_key
from apps.masterdata.domain.duplicates import (
    Candidate,
    DuplicateRule,
    SoftDuplicate,
    item_keys,
    partner_keys,
    soft_duplicates,
)
from apps.masterdata.models import Contact, Item, Partner
from kernel.imports import Applied, ImportRow, RowError

Known = dict[tuple[DuplicateRule, str], str]


def warn_items(rows: Sequence[ImportRow], applied: Applied) -> None:
    """Same folded name and 规格型号 as another item, in the file or stored."""
    good = _good(rows, applied)
    candidates = [Candidate(row.get("code"), item_keys(name=row.get("name"), spec=row.get("spec"))) for row in good]
    keys = {key[:500] for candidate in candidates for key in candidate.keys.values()}
    own = {code_key(row.get("code")) for row in good}
    stored = Item.objects.filter(likeness__in=keys, merged_into=None).exclude(code_key__in=own).order_by("-id")
    known: Known = {(DuplicateRule.SAME_ITEM, row.likeness): row.code for row in stored}
    _add(good, applied, soft_duplicates(candidates, known=known))


def warn_partners(rows: Sequence[ImportRow], applied: Applied) -> None:
    """Same name without its legal form, or same primary mobile."""
    good = _good(rows, applied)
    candidates = [Candidate(row.get("code"), partner_keys(name=row.get("name"), mobile=_mobile(row))) for row in good]
    keys = {key for candidate in candidates for key in candidate.keys.values()}
    own = {code_key(row.get("code")) for row in good}
    partners = Partner.objects.filter(likeness__in=keys).exclude(code_key__in=own).order_by("-id")
    known: Known = {(DuplicateRule.SAME_PARTNER, row.likeness): row.code for row in partners}
    people = Contact.objects.filter(is_primary=True, mobile_key__in=keys, partner__is_own=False)
    for contact in people.exclude(partner__code_key__in=own).select_related("partner").order_by("-id"):
        known[(DuplicateRule.SAME_MOBILE, contact.mobile_key)] = contact.partner.code
    _add(good, applied, soft_duplicates(candidates, known=known))


def _good(rows: Sequence[ImportRow], applied: Applied) -> list[ImportRow]:
    bad = {error.row for error in applied.errors} | applied.skipped
    return [row for row in rows if row.number not in bad]


def _mobile(row: ImportRow) -> str:
    people = cells.parse_contacts(row.get("contacts"))
    return str(people[0]["mobile"]) if people else ""


def _add(rows: Sequence[ImportRow], applied: Applied, found: Sequence[SoftDuplicate]) -> None:
    sentences = {
        DuplicateRule.SAME_ITEM: _("名称和规格与 %(code)s 相同，可能重复。"),
        DuplicateRule.SAME_PARTNER: _("名称与 %(code)s 相近，可能重复。"),
        DuplicateRule.SAME_MOBILE: _("主要联系人手机与 %(code)s 相同，可能重复。"),
    }
    numbers = {row.get("code"): row.number for row in rows}
    for one in found:
        message = sentences[one.rule] % {"code": one.earlier}
        applied.warnings.append(RowError(numbers[one.reference], "name", str(one.rule), message, one.reference))
