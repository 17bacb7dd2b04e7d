"""工艺路线: write, activate and retire versions. Orders copy a routing, so editing one never reaches into them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.masterdata import public as masterdata
from apps.production.domain.codes import code_key
from apps.production.models import Routing, RoutingStep, WorkCentre
from apps.production.services.bom_lines import check_range
from apps.production.services.plan_refusals import (
    BomOverlap,
    WrongState,
    absent,
    check_version,
    item_called,
    wrong,
)
from apps.production.services.work_centres import unknown_work_centre
from kernel import audit
from kernel.errors import DomainError
from tenants.rights import Member

Values = Mapping[str, Any]
MINUTES = ("setup_minutes", "run_minutes", "fixed_minutes")


@transaction.atomic
def create_routing(*, values: Values, actor: Member, at: datetime) -> Routing:
    """A new version: `item`, `version` (or the next number), `valid_from/to`, `steps`, `activate`.

    Raises Invalid `unknown_item`, `unknown_work_centre`, `bad_range`; DomainError `duplicate_version`, BomOverlap.
    """
    item = item_called(str(values["item"]))
    check_range(values.get("valid_from"), values.get("valid_to"), "valid_to")
    version = str(values.get("version") or "") or _next_version(item.id)
    if Routing.objects.filter(item_id=item.id, version=version).exists():
        raise _duplicate(item.code, version)
    routing = Routing.objects.create(
        item_id=item.id,
        version=version,
        valid_from=values.get("valid_from"),
        valid_to=values.get("valid_to"),
        created_at=at,
        created_by_id=actor.user_id,
        created_by_name=actor.name[:60],
    )
    write_steps(routing, values.get("steps") or ())
    _record(routing, "create", actor, item.code)
    if values.get("activate"):
        _activate(routing, actor, item.code)
    return routing


@transaction.atomic
def change_routing(*, routing_id: int, values: Values, actor: Member) -> Routing:
    """Change a version that is not retired; `steps` are replaced as a whole. Raises WrongState, StaleVersion."""
    routing = _locked(routing_id)
    check_version(routing.version_no, values.get("version_no"))
    if routing.state == Routing.State.RETIRED:
        raise WrongState(_("工艺路线 %(routing)s 已停用，不能再改，请新建一个版本。") % {"routing": routing})
    _set_head(routing, values)
    if routing.state == Routing.State.ACTIVE:
        _check_overlap(routing)
    routing.version_no += 1
    routing.save()
    if values.get("steps") is not None:
        write_steps(routing, values["steps"])
    _record(routing, "change", actor, routing.item.code)
    if values.get("activate") and routing.state == Routing.State.DRAFT:
        _activate(routing, actor, routing.item.code)
    return routing


@transaction.atomic
def activate_routing(*, routing_id: int, actor: Member, version_no: int | None = None) -> Routing:
    """draft → active. Raises WrongState (not a draft, or no steps), BomOverlap with the other version."""
    routing = _locked(routing_id)
    check_version(routing.version_no, version_no)
    routing.version_no += 1
    _activate(routing, actor, routing.item.code)
    return routing


@transaction.atomic
def retire_routing(*, routing_id: int, actor: Member, version_no: int | None = None) -> Routing:
    """active → retired: new orders no longer take it. Raises WrongState."""
    routing = _locked(routing_id)
    check_version(routing.version_no, version_no)
    if routing.state != Routing.State.ACTIVE:
        raise WrongState(
            _("只有启用的版本能停用，%(routing)s 是%(state)s。")
            % {"routing": routing, "state": routing.get_state_display()}
        )
    routing.state = Routing.State.RETIRED
    routing.version_no += 1
    routing.save(update_fields=["state", "version_no"])
    _record(routing, "retire", actor, routing.item.code)
    return routing


@transaction.atomic
def delete_routing(*, routing_id: int, actor: Member) -> None:
    """Remove a draft. Raises WrongState."""
    routing = _locked(routing_id)
    if routing.state != Routing.State.DRAFT:
        raise WrongState(_("工艺路线 %(routing)s 启用过，不能删除，可以停用。") % {"routing": routing})
    _record(routing, "delete", actor, routing.item.code)
    routing.delete()


def write_steps(routing: Routing, rows: Sequence[Values]) -> None:
    """Replace the steps. Raises Invalid `unknown_work_centre`, `invalid` (a number twice), `unknown_partner`."""
    known = _centres(rows)
    seen: set[int] = set()
    steps = []
    for index, row in enumerate(rows):
        if row["seq"] in seen:
            raise wrong("invalid", _("工序号 %(seq)s 重复。") % {"seq": row["seq"]}, f"steps.{index}.seq")
        seen.add(row["seq"])
        steps.append(_step(routing, row, index, known))
    routing.steps.all().delete()
    RoutingStep.objects.bulk_create(steps)


def _centres(rows: Sequence[Values]) -> dict[str, WorkCentre]:
    codes = {code_key(str(row["work_centre"])) for row in rows}
    codes |= {code_key(str(one["work_centre"])) for row in rows for one in row.get("alternatives") or ()}
    return {centre.code_key: centre for centre in WorkCentre.objects.filter(code_key__in=codes)}


def _step(routing: Routing, row: Values, index: int, known: Mapping[str, WorkCentre]) -> RoutingStep:
    field = f"steps.{index}"
    centre = _centre(str(row["work_centre"]), known, f"{field}.work_centre")
    step = RoutingStep(routing=routing, seq=row["seq"], work_centre=centre, alternatives=[])
    for name in ("name", "queue_minutes", *MINUTES, "overlap_quantity", "setup_group", "inspect", "report_point"):
        if row.get(name) is not None:
            setattr(step, name, row[name])
    step.piece_rate = row.get("piece_rate")
    taken = {centre.pk}
    for place, one in enumerate(row.get("alternatives") or ()):
        spot = f"{field}.alternatives.{place}.work_centre"
        other = _centre(str(one["work_centre"]), known, spot)
        if other.pk in taken:
            raise wrong("invalid", _("替代工作中心不能重复。"), spot)
        taken.add(other.pk)
        step.alternatives.append(
            {"work_centre": other.code, **{name: plain(one.get(name), row.get(name)) for name in MINUTES}}
        )
    step.subcontract = subcontract_of(row.get("subcontract"), f"{field}.subcontract")
    return step


def plain(given: Any, otherwise: Any) -> str:
    """Minutes as text; what an alternative leaves out is as on the first machine."""
    value = given if given is not None else otherwise if otherwise is not None else 0
    return f"{value.normalize():f}" if hasattr(value, "normalize") else str(value)


def _centre(code: str, known: Mapping[str, WorkCentre], field: str) -> WorkCentre:
    found = known.get(code_key(code))
    if found is None:
        raise unknown_work_centre(code, field)
    return found


def subcontract_of(given: Values | None, field: str) -> dict[str, Any] | None:
    """{partner (code), lead_days, price (text or None)} as a step keeps it. Raises Invalid `unknown_partner`."""
    if not given:
        return None
    partner = masterdata.partner_by_code(str(given.get("partner") or ""))
    if partner is None:
        sentence = _("没有往来单位“%(code)s”。") % {"code": str(given.get("partner") or "")[:64]}
        raise wrong("unknown_partner", sentence, f"{field}.partner")
    price = given.get("price")
    return {
        "partner": partner.code,
        "lead_days": int(given.get("lead_days") or 0),
        "price": None if price is None else plain(price, 0),
    }


def _set_head(routing: Routing, values: Values) -> None:
    for name in ("valid_from", "valid_to"):
        if name in values:
            setattr(routing, name, values[name])
    if values.get("version"):
        routing.version = str(values["version"])
        others = Routing.objects.filter(item_id=routing.item_id, version=routing.version).exclude(pk=routing.pk)
        if others.exists():
            raise _duplicate(routing.item.code, routing.version)
    check_range(routing.valid_from, routing.valid_to, "valid_to")


def _locked(routing_id: int) -> Routing:
    found = Routing.objects.select_for_update(of=("self",)).select_related("item").filter(pk=routing_id).first()
    if found is None:
        raise absent()
    return found


def _activate(routing: Routing, actor: Member, code: str) -> None:
    if routing.state != Routing.State.DRAFT:
        state = routing.get_state_display()
        raise WrongState(_("只有草稿能启用，%(routing)s 是%(state)s。") % {"routing": routing, "state": state})
    if not routing.steps.exists():
        raise WrongState(_("工艺路线 %(routing)s 还没有工序，先加一行。") % {"routing": routing})
    _check_overlap(routing)
    routing.state = Routing.State.ACTIVE
    try:
        with transaction.atomic():
            routing.save()
    except IntegrityError as error:  # the second guard, should the first have been too slow
        raise BomOverlap(_("同一时间只能启用一个版本。")) from error
    _record(routing, "activate", actor, code)


def _check_overlap(routing: Routing) -> None:
    others = Routing.objects.filter(item_id=routing.item_id, state=Routing.State.ACTIVE).exclude(pk=routing.pk)
    if routing.valid_to is not None:
        others = others.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=routing.valid_to))
    if routing.valid_from is not None:
        others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=routing.valid_from))
    other = others.order_by("id").first()
    if other is not None:
        raise BomOverlap(
            _("版本 %(other)s 在同一时间已启用，请先停用它，或填好生效日期。") % {"other": other.version},
            extra={"version": other.version, "id": other.pk},
        )


def _next_version(item_id: int) -> str:
    taken = set(Routing.objects.filter(item_id=item_id).values_list("version", flat=True))
    return next(str(number) for number in range(1, len(taken) + 2) if str(number) not in taken)


def _duplicate(code: str, version: str) -> DomainError:
    sentence = _("物料 %(item)s 已有工艺路线版本“%(version)s”。") % {"item": code, "version": version}
    return DomainError(sentence, "duplicate_version", fields={"version": [sentence]})


def _record(routing: Routing, verb: str, actor: Member, code: str) -> None:
    label = f"{code} {routing.version}"
    audit.record(actor=actor, action=f"routing.{verb}", object=f"routing:{routing.pk}", label=label)
