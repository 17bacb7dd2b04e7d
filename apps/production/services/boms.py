"""物料清单: write, activate and retire versions."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.production.models import Bom, BomLine
from apps.production.services.bom_cycles import check_cycles, lock_bills
from apps.production.services.bom_lines import check_range, write_lines
from apps.production.services.plan_refusals import (
    BomInUse,
    BomOverlap,
    WrongState,
    absent,
    check_version,
    item_called,
)
from kernel import audit
from kernel.errors import DomainError
from tenants.rights import Member

Values = Mapping[str, Any]


@transaction.atomic
def create_bom(*, values: Values, actor: Member, at: datetime, check: bool = True) -> Bom:
    """A new version: `item`, `version` (or the next number), `base_quantity`, `valid_from/to`, `lines`, `activate`.

    Raises Invalid `unknown_item`, `unknown_unit`, `bad_range`; BomCycle, BomOverlap, DuplicateVersion. `check` False
    leaves the search for rings to the caller, who writes many bills under one lock.
    """
    lock_bills()
    item = item_called(str(values["item"]))
    check_range(values.get("valid_from"), values.get("valid_to"), "valid_to")
    version = str(values.get("version") or "") or _next_version(item.id)
    if Bom.objects.filter(item_id=item.id, version=version).exists():
        raise _duplicate(item.code, version)
    bom = Bom.objects.create(
        item_id=item.id,
        version=version,
        base_quantity=values.get("base_quantity") or Decimal(1),
        valid_from=values.get("valid_from"),
        valid_to=values.get("valid_to"),
        created_at=at,
        created_by_id=actor.user_id,
        created_by_name=actor.name[:60],
    )
    write_lines(bom, values.get("lines") or ())
    if check:
        check_cycles([item.id])
    _record(bom, "create", actor, item.code)
    if values.get("activate"):
        _activate(bom, actor, item.code)
    return bom


@transaction.atomic
def change_bom(*, bom_id: int, values: Values, actor: Member) -> Bom:
    """Change a version nobody used yet; `lines` are replaced as a whole. `version_no` tells what the writer read.

    Raises BomInUse, WrongState (retired), StaleVersion and what `create_bom` raises.
    """
    lock_bills()
    bom = _locked(bom_id)
    check_version(bom.version_no, values.get("version_no"))
    _check_free(bom)
    if bom.state == Bom.State.RETIRED:
        raise WrongState(_("物料清单 %(bom)s 已停用，不能再改，请新建一个版本。") % {"bom": bom})
    _set_head(bom, values)
    if bom.state == Bom.State.ACTIVE:
        _check_overlap(bom)
    bom.version_no += 1
    bom.save()
    if values.get("lines") is not None:
        write_lines(bom, values["lines"])
        check_cycles([bom.item_id])
    _record(bom, "change", actor, bom.item.code)
    if values.get("activate") and bom.state == Bom.State.DRAFT:
        _activate(bom, actor, bom.item.code)
    return bom


@transaction.atomic
def activate_bom(*, bom_id: int, actor: Member, version_no: int | None = None) -> Bom:
    """draft → active. Raises WrongState (not a draft, or no lines), BomOverlap with the other version."""
    lock_bills()
    bom = _locked(bom_id)
    check_version(bom.version_no, version_no)
    bom.version_no += 1
    _activate(bom, actor, bom.item.code)
    return bom


@transaction.atomic
def retire_bom(*, bom_id: int, actor: Member, version_no: int | None = None) -> Bom:
    """active → retired: planning no longer sees it, orders that copied it go on. Raises WrongState."""
    bom = _locked(bom_id)
    check_version(bom.version_no, version_no)
    if bom.state != Bom.State.ACTIVE:
        raise WrongState(_("只有启用的版本能停用，%(bom)s 是%(state)s。") % {"bom": bom, "state": state_word(bom)})
    bom.state = Bom.State.RETIRED
    bom.version_no += 1
    bom.save(update_fields=["state", "version_no"])
    _record(bom, "retire", actor, bom.item.code)
    return bom


@transaction.atomic
def delete_bom(*, bom_id: int, actor: Member) -> None:
    """Remove a draft that nobody used. Raises BomInUse."""
    bom = _locked(bom_id)
    _check_free(bom)
    if bom.state != Bom.State.DRAFT:
        raise BomInUse(_("物料清单 %(bom)s 启用过，不能删除，可以停用。") % {"bom": bom})
    _record(bom, "delete", actor, bom.item.code)
    bom.delete()


def mark_used(*, bom_id: int) -> None:
    """An order has copied this version: from now on it is frozen. Call in the order's transaction."""
    Bom.objects.filter(pk=bom_id, is_used=False).update(is_used=True)


def _set_head(bom: Bom, values: Values) -> None:
    for name in ("base_quantity", "valid_from", "valid_to"):
        if name in values:
            setattr(bom, name, values[name])
    if values.get("version"):
        bom.version = str(values["version"])
        if Bom.objects.filter(item_id=bom.item_id, version=bom.version).exclude(pk=bom.pk).exists():
            raise _duplicate(bom.item.code, bom.version)
    check_range(bom.valid_from, bom.valid_to, "valid_to")


def _locked(bom_id: int) -> Bom:
    found = Bom.objects.select_for_update(of=("self",)).select_related("item").filter(pk=bom_id).first()
    if found is None:
        raise absent()
    return found


def _check_free(bom: Bom) -> None:
    if bom.is_used:
        raise BomInUse(_("物料清单 %(bom)s 已被工单使用，不能再改，请新建一个版本。") % {"bom": bom})


def _activate(bom: Bom, actor: Member, code: str) -> None:
    if bom.state != Bom.State.DRAFT:
        raise WrongState(_("只有草稿能启用，%(bom)s 是%(state)s。") % {"bom": bom, "state": state_word(bom)})
    if not BomLine.objects.filter(bom_id=bom.pk).exists():
        raise WrongState(_("物料清单 %(bom)s 还没有用料，先加一行。") % {"bom": bom})
    _check_overlap(bom)
    bom.state = Bom.State.ACTIVE
    try:
        with transaction.atomic():
            bom.save()
    except IntegrityError as error:  # the second guard, should the first have been too slow
        raise BomOverlap(_("同一时间只能启用一个版本。")) from error
    _record(bom, "activate", actor, code)


def _check_overlap(bom: Bom) -> None:
    others = Bom.objects.filter(item_id=bom.item_id, state=Bom.State.ACTIVE).exclude(pk=bom.pk)
    if bom.valid_to is not None:
        others = others.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=bom.valid_to))
    if bom.valid_from is not None:
        others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=bom.valid_from))
    other = others.order_by("id").first()
    if other is not None:
        raise BomOverlap(
            _("版本 %(other)s 在同一时间已启用，请先停用它，或填好生效日期。") % {"other": other.version},
            extra={"version": other.version, "id": other.pk},
        )


def state_word(bom: Bom) -> str:
    return str(Bom.State(bom.state).label)


def active_on(day: date) -> Q:
    """The filter of versions that count on `day`."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return Q(state=Bom.State.ACTIVE) & begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def _next_version(item_id: int) -> str:
    taken = set(Bom.objects.filter(item_id=item_id).values_list("version", flat=True))
    return next(str(number) for number in range(1, len(taken) + 2) if str(number) not in taken)


def _duplicate(code: str, version: str) -> DomainError:
    sentence = _("物料 %(item)s 已有版本“%(version)s”。") % {"item": code, "version": version}
    return DomainError(sentence, "duplicate_version", fields={"version": [sentence]})


def _record(bom: Bom, verb: str, actor: Member, code: str) -> None:
    audit.record(actor=actor, action=f"bom.{verb}", object=f"bom:{bom.pk}", label=f"{code} {bom.version}")


@transaction.atomic
def activate_if_free(*, bom_id: int, actor: Member) -> Bom:
    """Activate a draft unless another version counts at the same time; then it stays a draft."""
    lock_bills()
    bom = _locked(bom_id)
    try:
        _check_overlap(bom)
    except BomOverlap:
        return bom
    _activate(bom, actor, bom.item.code)
    return bom


@transaction.atomic
def withdraw_bom(*, bom_id: int) -> None:
    """Remove a version that an import has just made, whatever its state. Raises BomInUse."""
    bom = Bom.objects.select_for_update(of=("self",)).select_related("item").filter(pk=bom_id).first()
    if bom is not None:
        _check_free(bom)
        bom.delete()
