"""Payloads: what may leave the company, by allow-list, out of frozen values and never out of a model."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from apps.masterdata import public as masterdata
from apps.supply.domain.terms import Change, Header, Line, write_change, write_header, write_line
from apps.supply.models import PersonValue

# Fixed at import: naming an internal or secret field here stops the program at start.
ITEM = masterdata.SharedPayload("item", ("code", "name", "spec"), hashed=True)
PERSONAL = ("receiver", "contact", "name", "phone", "mobile", "email")


def item_words(item: masterdata.ItemInfo) -> dict[str, Any]:
    """What a partner may know of an item: item, name, spec."""
    shared = ITEM.build({"code": item.code, "name": item.name, "spec": item.spec})
    return {"item": str(shared["code"]), "name": str(shared["name"]), "spec": str(shared["spec"])}


def order(header: Header, lines: Iterable[Line]) -> dict[str, Any]:
    return {**write_header(header), "lines": [write_line(line) for line in lines]}


def response(
    code: str, changes: Iterable[Change], reason: str, items: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:  # fmt: skip
    """An answer; `items` are the seller's own codes of the lines."""
    payload: dict[str, Any] = {"code": code, "reason": reason}
    lines = [write_change(change) for change in changes]
    if lines:
        payload["lines"] = lines
    told = [{"line": row["line"], "item": row["item"], "unit": row["unit"]} for row in items]
    if told:
        payload["items"] = told
    return payload


def change(changes: Iterable[Change], reason: str) -> dict[str, Any]:
    return {"lines": [write_change(row) for row in changes], "reason": reason}


def hide_persons(values: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
    """(what is hashed, {field: (salt, value)}): names, phones and mails leave the payload as salted hashes."""
    shown: dict[str, Any] = {}
    hidden: dict[str, tuple[str, str]] = {}
    for key, value in sorted(values.items()):
        if key in PERSONAL and value:
            salt = secrets.token_hex(16)
            shown[key] = {"sha256": hashlib.sha256((salt + value).encode()).hexdigest()}
            hidden[key] = (salt, value)
        else:
            shown[key] = value
    return shown, hidden


def keep_persons(version: UUID, hidden: Mapping[str, tuple[str, str]]) -> None:
    """Store what `hide_persons` took out, beside the version that was written."""
    PersonValue.objects.bulk_create(
        PersonValue(version=version, field=field, salt=salt, value=value)
        for field, (salt, value) in sorted(hidden.items())
    )


def show_persons(version: UUID | None, values: Mapping[str, Any]) -> dict[str, str]:
    """The words again, as far as they were not erased."""
    hidden = any(isinstance(value, Mapping) for value in values.values())
    rows = PersonValue.objects.filter(version=version) if hidden and version else ()
    known = {row.field: row.value for row in rows}
    return {key: known.get(key, "") if isinstance(value, Mapping) else str(value) for key, value in values.items()}
