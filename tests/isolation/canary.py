"""Canary rows: each table of a company filled as far as its rules allow, all free text holding one tell-tale word."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, models, transaction

from kernel.clock import now, today

NEEDLE = "卡纳瑞"
WORD = f"{NEEDLE}Z9"
FOUND_BY = "Z9"  # finds the rows without naming the needle, which pages may echo
FIRST_ID = 900_001  # no row of the other company has such a number
DIGITS = {"finance.LedgerAccount.code": "1409"}  # columns whose rule wants figures
SHAPES = tuple({NEEDLE, json.dumps(NEEDLE)[1:-1], quote(NEEDLE)})


def sings(content: bytes) -> bool:
    """True when the tell-tale word stands in `content`, in any of the ways it can be written."""
    text = content.decode("utf-8", errors="replace")
    return any(shape in text for shape in SHAPES)


def company_models() -> list[type[models.Model]]:
    """Models of a company's schema, those that are pointed at first."""
    found = [
        model for name in settings.TENANT_APPS for model in apps.get_app_config(name.rpartition(".")[2]).get_models()
    ]
    ordered: list[type[models.Model]] = []
    while found:
        ready = [model for model in found if not _targets(model) & set(found) - {model}] or found[:1]
        ordered += ready
        found = [model for model in found if model not in ready]
    return ordered


def _targets(model: type[models.Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if field.is_relation}


def plant() -> tuple[list[str], list[str]]:
    """A canary row in every table of the company of this thread; (tables with one, tables whose rules refused it)."""
    planted: list[str] = []
    refused: list[str] = []
    for model in company_models():
        (planted if _plant_one(model) else refused).append(model._meta.label)
    return planted, refused


def _plant_one(model: type[models.Model]) -> bool:
    for spare in (False, True):  # first every text, then only those that must be filled
        try:
            with transaction.atomic():
                model(**dict(_values(model, spare=spare))).save(force_insert=True)
        except (DatabaseError, ValueError, TypeError):
            continue
        return True
    return False


def _values(model: type[models.Model], *, spare: bool) -> Iterator[tuple[str, Any]]:
    for field in model._meta.concrete_fields:
        if field.primary_key and isinstance(field, models.AutoField | models.BigAutoField | models.BigIntegerField):
            yield field.attname, FIRST_ID
        elif field.is_relation:
            target = cast(type[models.Model], field.related_model)
            row = target._default_manager.order_by("-pk").first() if not field.null else None
            yield field.attname, row.pk if row else None
        elif not (spare and (field.blank or field.null or field.has_default())):
            yield field.attname, DIGITS.get(f"{model._meta.label}.{field.name}", _value(field))


def _value(field: "models.Field[Any, Any]") -> Any:
    if field.choices:
        return next(iter(dict(field.flatchoices)))
    if isinstance(field, models.GenericIPAddressField):
        return None if field.null else "10.0.0.1"
    if isinstance(field, models.CharField | models.TextField):
        return WORD[: field.max_length or len(WORD)]
    if isinstance(field, models.JSONField):
        return [WORD] if callable(field.default) and field.default() == [] else {"name": [WORD, WORD]}
    if field.has_default():
        return field.get_default()
    if field.null:
        return None
    plain = {
        models.DateTimeField: now, models.DateField: today, models.BooleanField: lambda: True,
        models.DecimalField: lambda: Decimal(1),
    }  # fmt: skip
    return next((make() for kind, make in plain.items() if isinstance(field, kind)), 1)
