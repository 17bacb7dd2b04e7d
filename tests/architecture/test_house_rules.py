"""What a linter cannot see: direction of foreign keys, links that climb, thin facts, sizes of files and functions."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from kernel import events

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    "tenants",
    "kernel",
    "apps.masterdata",
    "apps.inventory",
    "apps.supply",
    "apps.production",
    "apps.finance",
    "apps.billing",
]
CODE = ("tenants", "kernel", "apps", "config")
LONGEST_FILE, LONGEST_FUNCTION = 400, 50


def python_files() -> list[Path]:
    found = [path for folder in (*CODE, "tests", "benchmarks", "tools") for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def floor_of(name: str) -> int:
    return next((i for i, floor in enumerate(FLOORS) if name == floor or name.startswith(f"{floor}.")), -1)


def test_foreign_keys_point_down_or_sideways():
    climbing = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.many_to_one and field.related_model is not None
        and 0 <= floor_of(model.__module__) < floor_of(field.related_model.__module__)
    ]  # fmt: skip

    assert climbing == []


def test_no_foreign_key_between_company_and_shared_tables():
    tenant = set(settings.TENANT_APPS)
    crossing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.many_to_one and field.related_model is not None
        and (model._meta.app_config.name in tenant) != (field.related_model._meta.app_config.name in tenant)
    ]  # fmt: skip

    assert crossing == []


def test_company_tables_have_names_without_like_indexes():
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_config.name in settings.TENANT_APPS
        for field in model._meta.concrete_fields
        if not field.primary_key and field.get_internal_type() in ("CharField", "TextField", "SlugField")
        and (field.unique or getattr(field, "db_index", False))
    ]  # fmt: skip

    assert loose == []


def test_facts_are_thin():
    fat = [
        f"{name}.{field.name}: {field.type}"
        for name, event in events.registered_events().items()
        for field in fields(event)
        if field.type not in (int, str, "int", "str")
    ]

    assert fat == []


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_sizes(path: Path):
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    assert lines <= LONGEST_FILE, f"{path.name} has {lines} lines"
    tall = [
        f"{node.name}: {_length(node)}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and _length(node) > LONGEST_FUNCTION
    ]
    assert tall == []


def _length(node: ast.FunctionDef) -> int:
    """Lines without the docstring: explaining more must not cost."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    doc = first.end_lineno - first.lineno + 1 if documented and first.end_lineno else 0
    last = node.end_lineno or node.lineno
    return last - node.lineno + 1 - doc


def test_no_import_inside_a_function():
    inside = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files()
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert inside == []


FORBIDDEN = {
    r"\bcache_page\b": "pages of companies are never cached whole",
    r"\bGenericForeignKey\b": "rights and links are typed",
    r"\bget_model\(": "modules are entered through public.py",
    r"from django\.dispatch|post_save|pre_save": "facts, not signals",
    r"\bTODO\b|\bFIXME\b|\bXXX\b": "finish it or write it into the note",
    r"pytest\.(mark\.)?(skip|xfail)": "a test runs or does not exist",
}


@pytest.mark.parametrize("pattern", FORBIDDEN, ids=list(FORBIDDEN.values()))
def test_forbidden_words(pattern: str):
    hits = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]

    assert hits == []


def test_links_do_not_climb():
    """A template of a lower floor never names a page of a higher one; panels and the menu do that."""
    climbing = []
    for template in (*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.jinja")):
        owner = template.relative_to(ROOT / "templates").parts[0]
        floor = floor_of(f"apps.{owner}") if floor_of(f"apps.{owner}") >= 0 else floor_of("kernel")
        for namespace in re.findall(r"(?:{%\s*url\s+|\burl\()['\"]([a-z]+):", template.read_text(encoding="utf-8")):
            if floor_of(f"apps.{namespace}") > floor:
                climbing.append(f"{template.relative_to(ROOT)} -> {namespace}")

    assert climbing == []
