"""What saving any coded record has in common: code rules, version, audit entry."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from apps.masterdata.domain.codes import clean_code, code_key
from apps.masterdata.models.base import NAME_LENGTH, CodedRecord
from apps.masterdata.services.refusals import DuplicateCode, check_version, not_found
from kernel import audit
from kernel.errors import Invalid
from tenants.rights import Member

Record = TypeVar("Record", bound=CodedRecord)


def apply(record: Any, values: Mapping[str, Any], names: Iterable[str]) -> None:
    """Copy those of `names` that `values` holds; texts lose their outer blanks."""
    for name in names:
        if name in values:
            value = values[name]
            setattr(record, name, value.strip() if isinstance(value, str) else value)


def save_record(kind: str, record: Record, values: Mapping[str, Any], *, actor: Member | None) -> Record:
    """Check code and name, count the version, save and write the audit entry. Raises DuplicateCode, StaleVersion."""
    is_new = record.pk is None
    if "code" in values or is_new:
        set_code(record, values.get("code", ""))
    set_name(record)
    if not is_new:
        check_version(record.version, values.get("version"))
        record.version += 1
    record.save()
    shown = {name: plain(value) for name, value in values.items() if name != "version"}
    audit.record(
        actor=actor,
        action=f"{kind}.{'create' if is_new else 'change'}",
        object=f"{kind}:{record.pk}",
        label=str(record),
        changes={name: [None, value] for name, value in shown.items()},
    )
    return record


def locked(row: Record) -> Record:
    """The row as it stands now, locked until the transaction ends: two clerks queue, the second sees a new version."""
    found = list(type(row)._base_manager.select_for_update().filter(pk=row.pk))
    if not found:  # somebody deleted it in between
        raise not_found()
    return found[0]


def set_code(record: CodedRecord, text: str) -> None:
    """Give `record` a code that no other row of its table has. Raises BadCode (domain), DuplicateCode."""
    record.code = clean_code(text)
    taken = type(record)._default_manager.filter(code_key=code_key(record.code)).exclude(pk=record.pk)
    if taken.exists():
        raise DuplicateCode(
            _("编码“%(code)s”已被使用，请换一个。") % {"code": record.code}, fields={"code": [_("编码重复。")]}
        )


def set_name(record: CodedRecord) -> None:
    """Trim the name; raise Invalid when it is empty or too long."""
    record.name = record.name.strip()
    if not record.name or len(record.name) > NAME_LENGTH:
        sentence = _("名称不能为空，最多 %(max)s 个字。") % {"max": NAME_LENGTH}
        raise Invalid(sentence, fields={"name": [sentence]})


def plain(value: Any) -> Any:
    """A value as the audit log keeps it."""
    return value if value is None or isinstance(value, bool | int | str | list | dict) else str(value)
