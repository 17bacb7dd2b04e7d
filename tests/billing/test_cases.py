"""Every case of every file in tests/golden/billing through the product's code.

`expect` is a sub-set of the answer: objects by key, lists by length and place, scalars exactly.
"""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

GOLDEN = Path(__file__).parents[1] / "golden" / "billing"
FORMAT = "qingzhun-billing-cases/1"
CASE_KEYS = {"id", "kind", "title", "rules", "given", "expect", "derivation"}
DATABASE_KINDS = frozenset({"billing_run"})

Json = dict[str, Any]


def _load(path: Path) -> Json:
    return json.loads(path.read_text(encoding="utf-8"))


# The schemas stand in one file only; the others carry cases.
KINDS: Json = _load(GOLDEN / "example_cases.json")["meta"]["kinds"]
FILES = sorted(GOLDEN.glob("*.json"))
CASES = [
    pytest.param(case, id=f"{path.stem}-{case.get('kind')}-{case.get('id')}")
    for path in FILES
    for case in _load(path).get("cases", [])
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_has_the_known_format_and_cases(path: Path):
    document = _load(path)

    assert document["format"] == FORMAT
    assert set(document) <= {"format", "meta", "cases"}
    assert document["cases"]


@pytest.mark.parametrize("case", CASES)
def test_case(case: Json, request: pytest.FixtureRequest):
    _validate(case)
    if case["kind"] in DATABASE_KINDS:
        request.getfixturevalue("committed_db")

    adapter = importlib.import_module(f"tests.billing.case_kinds.{case['kind']}")
    answer = adapter.run(case["given"])

    differences = list(_differences(case["expect"], answer, "expect"))
    assert not differences, "\n".join([*differences, case.get("derivation", "")])


def test_comparison_is_a_subset_by_key_but_not_by_length():
    answer = {"lines": [{"amount": "1.00", "kind": "fixed"}], "net": "1.00"}

    assert not list(_differences({"lines": [{"amount": "1.00"}]}, answer, ""))
    assert list(_differences({"lines": []}, answer, ""))
    assert list(_differences({"lines": [{"amount": "1.0"}]}, answer, ""))
    assert list(_differences({"tax": "0.06"}, answer, ""))
    assert list(_differences({"created": 1}, {"created": True}, ""))


def test_unknown_kinds_and_keys_fail():
    known = {"anchor": "2026-01-31", "interval": "month", "count": 1}

    _validate({"kind": "calendar", "given": known, "expect": {}})
    for wrong in (
        {"kind": "horoscope", "given": {}, "expect": {}},
        {"kind": "calendar", "given": {**known, "drift": 1}, "expect": {}},
        {"kind": "calendar", "given": known, "expect": {"weekdays": []}},
        {"kind": "calendar", "given": known, "expect": {}, "hint": ""},
    ):
        with pytest.raises(AssertionError):
            _validate(wrong)


def _validate(case: Json) -> None:
    assert set(case) <= CASE_KEYS, f"unknown keys {sorted(set(case) - CASE_KEYS)}"
    kind = case["kind"]
    assert kind in KINDS and kind != "$defs", f"unknown kind {kind}"
    for part in ("given", "expect"):
        schema = {"$defs": KINDS["$defs"], **KINDS[kind][part]}
        faults = [error.message for error in Draft202012Validator(schema).iter_errors(case[part])]
        assert not faults, f"{part}: {faults}"


def _differences(expected: object, answer: object, path: str):
    if isinstance(expected, dict) and isinstance(answer, dict):
        for key, value in expected.items():
            if key not in answer:
                yield f"{path}.{key}: missing"
            else:
                yield from _differences(value, answer[key], f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(answer, list):
        if len(expected) != len(answer):
            yield f"{path}: {len(expected)} expected, {len(answer)} found: {answer}"
        for index, (value, found) in enumerate(zip(expected, answer, strict=False)):
            yield from _differences(value, found, f"{path}[{index}]")
    elif type(expected) is not type(answer) or expected != answer:
        yield f"{path}: expected {expected!r}, found {answer!r}"
