"""Who still needs a record? Floors above answer here, so that master data need not know them."""

from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from apps.masterdata.services.refusals import InUse

Guard = Callable[[int], str | None]

_guards: dict[str, list[Guard]] = {}


def guard(record: str, check: Guard) -> None:
    """Register `check(id)`: a sentence why this `item`, `warehouse`, `location` or `partner` is needed, or None.

    Foreign keys need no guard; this is for what a key cannot say: stock on hand, an open document.
    """
    listeners = _guards.setdefault(record, [])
    if check not in listeners:
        listeners.append(check)


def check_unused(record: str, record_id: int) -> None:
    """Raise InUse with the first guard's reason."""
    for check in _guards.get(record, []):
        reason = check(record_id)
        if reason:
            raise InUse(reason)


def remove(record: str, row: models.Model) -> None:
    """Delete `row` unless a guard or a foreign key of any floor needs it. Raises InUse."""
    check_unused(record, row.pk)
    if not try_delete(row):
        raise InUse(_("“%(record)s”已被使用，不能删除，可以停用。") % {"record": row})


def try_delete(row: Any) -> bool:
    """Delete `row`; False when something points to it."""
    try:
        with transaction.atomic():
            row.delete()
    except (ProtectedError, RestrictedError):
        return False
    return True
