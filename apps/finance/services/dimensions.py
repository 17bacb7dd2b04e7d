"""辅助核算: dimensions, their values, and the combinations that lines carry."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.finance import links
from apps.finance.models import AuxCombo, AuxComboMember, Dimension, DimensionValue
from apps.finance.models.accounts import BUILT_IN_DIMENSIONS, EMPTY_COMBO
from apps.finance.services.refusals import invalid, raise_fields, refused
from kernel import audit
from kernel.errors import DomainError, NotFound
from tenants.rights import Member

Aux = Mapping[str, str]  # dimension code -> value code
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
_VALUE_CODE = re.compile(r"[^;\s][^;]{0,59}")


def seed_dimensions() -> None:
    """The built-in dimensions and the empty combination; idempotent."""
    made_at = timezone.now()
    Dimension.objects.bulk_create(
        [
            Dimension(code=code, name=str(name), built_in=True, created_at=made_at)
            for code, name in BUILT_IN_DIMENSIONS.items()
        ],
        ignore_conflicts=True,
    )
    AuxCombo.objects.bulk_create([AuxCombo(pk=EMPTY_COMBO, key="")], ignore_conflicts=True)


def get_dimension(code: str) -> Dimension:
    """By code. Raises NotFound."""
    found = Dimension.objects.filter(code=code).first()
    if found is None:
        raise NotFound(_("没有辅助核算维度 %(code)s。") % {"code": code[:30]})
    return found


@transaction.atomic
def add_dimension(*, code: str, name: str, actor: Member, at: datetime) -> Dimension:
    """A dimension of the company's own. Raises `invalid`, `value_code_taken`."""
    if not _CODE.fullmatch(code):
        raise invalid(_("维度编码用小写字母开头，只含小写字母、数字和下划线，最多 30 位。"), "code")
    if not name.strip() or len(name) > 40:
        raise invalid(_("请填写维度名称，最多 40 字。"), "name")
    made, is_new = Dimension.objects.get_or_create(
        code=code,
        defaults={
            "name": name.strip(), "created_at": at, "created_by_id": actor.user_id, "created_by_name": actor.name,
        },
    )  # fmt: skip
    if not is_new:
        raise refused("value_code_taken", _("维度编码 %(code)s 已被使用，请换一个。") % {"code": code}, "code")
    audit.record(actor=actor, action="dimension.add", object=f"dimension:{made.pk}", label=name)
    return made


@transaction.atomic
def add_value(
    *, dimension: str, code: str, name: str, actor: Member, at: datetime, unit: str | None = None
) -> DimensionValue:
    """A value of a dimension; of a built-in one also the master-data record behind it (`unit` for items).

    Raises NotFound (dimension), `invalid`, `value_code_taken`.
    """
    of = get_dimension(dimension)
    _check_value(code, name)
    if DimensionValue.objects.filter(dimension=of, code=code).exists():
        raise _value_taken(code)
    if of.built_in:
        code = links.ensure_record(dimension=of.code, code=code, name=name, unit=unit, actor=actor).code
        if DimensionValue.objects.filter(dimension=of, code=code).exists():
            raise _value_taken(code)
    value = _create_value(of, code, name, actor, at)
    audit.record(actor=actor, action="value.add", object=f"value:{value.pk}", label=f"{of.code} {code} {name}")
    return value


def _value_taken(code: str) -> DomainError:
    return refused("value_code_taken", _("编码 %(code)s 已被使用，请换一个。") % {"code": code}, "code")


def _check_value(code: str, name: str) -> None:
    problems = {}
    if not _VALUE_CODE.fullmatch(code):
        problems["code"] = _("编码最多 60 位，不能含分号，不能以空格开头。")
    if not name.strip() or len(name) > 200:
        problems["name"] = _("请填写名称，最多 200 字。")
    raise_fields(problems)


def _create_value(of: Dimension, code: str, name: str, actor: Member, at: datetime) -> DimensionValue:
    try:
        with transaction.atomic():
            return DimensionValue.objects.create(
                dimension=of, code=code, name=name.strip(), created_at=at,
                created_by_id=actor.user_id, created_by_name=actor.name,
            )  # fmt: skip
    except IntegrityError as error:
        raise _value_taken(code) from error


@transaction.atomic
def alter_value(
    *, dimension: str, code: str, actor: Member, at: datetime, name: str | None = None, is_active: bool | None = None
) -> DimensionValue:
    """Rename a value or take it out of use; its code stays. Raises NotFound, `invalid`."""
    value = (
        DimensionValue.objects.select_for_update(of=("self",))
        .select_related("dimension")
        .filter(dimension__code=dimension, code=code)
        .first()
    )
    if value is None:
        raise NotFound(_("%(dimension)s 中没有 %(code)s。") % {"dimension": dimension[:30], "code": code[:60]})
    before = {"name": value.name, "is_active": value.is_active}
    value.name = value.name if name is None else name.strip()
    value.is_active = value.is_active if is_active is None else is_active
    _check_value(code, value.name)
    value.save(update_fields=["name", "is_active"])
    audit.record(
        actor=actor,
        action="value.alter",
        object=f"value:{value.pk}",
        label=f"{dimension} {code} {value.name}",
        changes=audit.difference(before, {"name": value.name, "is_active": value.is_active}),
    )
    return value


@transaction.atomic
def follow_record(*, dimension: str, code: str, name: str) -> None:
    """Give the value of a built-in dimension the name of its record; a code without a value is none of our business."""
    DimensionValue.objects.filter(dimension__code=dimension, code=code).exclude(name=name).update(name=name[:200])


def combo_key(aux: Aux) -> str:
    """Canonical key: `customer:C001;department:D1`, dimensions sorted; "" for none."""
    return ";".join(f"{dimension}:{aux[dimension]}" for dimension in sorted(aux))


def aux_of_key(key: str) -> dict[str, str]:
    """The inverse of `combo_key`."""
    pairs = (part.partition(":") for part in key.split(";") if part)
    return {dimension: code for dimension, _colon, code in pairs}


def resolve_combos(wanted: Iterable[tuple[str, Aux]]) -> list[int]:
    """Combo ids of `(field, aux)` pairs, 0 where aux is empty; combinations not seen before are written.

    Three queries whatever the number of lines, five when a combination is new. A value that only master data knows is
    taken over from there. Raises `invalid` at `field` for an unknown dimension or value, or one taken out of use.
    """
    pairs = [(field, dict(aux)) for field, aux in wanted]
    keys = [combo_key(aux) for _field, aux in pairs]
    if not any(keys):
        return [EMPTY_COMBO] * len(keys)
    values = _values_for(pairs)
    known = _known_combos(keys)
    missing = {key: aux for key, (_field, aux) in zip(keys, pairs, strict=True) if key and key not in known}
    if missing:
        known |= _write_combos(missing, values)
    return [known[key] if key else EMPTY_COMBO for key in keys]


def _known_combos(keys: Iterable[str]) -> dict[str, int]:
    return dict(AuxCombo.objects.filter(key__in={key for key in keys if key}).values_list("key", "id"))


def _values_for(pairs: list[tuple[str, dict[str, str]]]) -> dict[tuple[str, str], DimensionValue]:
    codes = {code for _field, aux in pairs for code in aux.values()}
    rows = DimensionValue.objects.select_related("dimension").filter(code__in=codes)
    values = {(row.dimension.code, row.code): row for row in rows}
    problems: dict[str, str] = {}
    for field, aux in pairs:
        for dimension, code in aux.items():
            value = values.get((dimension, code)) or _taken_over(dimension, code)
            if value is None:
                problems[field] = _("没有辅助核算项目 %(dimension)s:%(code)s，请先新增。") % {
                    "dimension": dimension[:30], "code": code[:60],
                }  # fmt: skip
            elif not value.is_active:
                problems[field] = _("%(value)s 已停用，请换一个。") % {"value": value}
            else:
                values[dimension, code] = value
    raise_fields(problems)
    return values


def _taken_over(dimension: str, code: str) -> DimensionValue | None:
    if dimension not in BUILT_IN_DIMENSIONS or not _VALUE_CODE.fullmatch(code):
        return None
    record = links.find_record(dimension=dimension, code=code)
    if record is None or record.code != code:
        # Master data reads m6-bolt as M6-BOLT; two values for one record would split its ledger.
        return None
    of = get_dimension(dimension)
    DimensionValue.objects.bulk_create(
        [DimensionValue(dimension=of, code=code, name=record.name, created_at=timezone.now())], ignore_conflicts=True
    )
    return DimensionValue.objects.select_related("dimension").get(dimension=of, code=code)


def _write_combos(
    missing: Mapping[str, Mapping[str, str]], values: Mapping[tuple[str, str], DimensionValue]
) -> dict[str, int]:
    # Sorted, so that two clerks writing the same new combinations wait for each other in one order.
    AuxCombo.objects.bulk_create([AuxCombo(key=key) for key in sorted(missing)], ignore_conflicts=True)
    known = _known_combos(missing)
    AuxComboMember.objects.bulk_create(
        [
            AuxComboMember(
                combo_id=known[key], dimension_id=values[pair].dimension_id, value_id=values[pair].pk
            )
            for key in sorted(missing)
            for pair in missing[key].items()
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return known
