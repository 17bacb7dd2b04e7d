"""Every case file under tests/golden/production runs through the runner of its kind, `golden_<kind>.py` beside this."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
CASES = sorted((HERE.parent / "golden" / "production").glob("*.json"))


def cases() -> list[Any]:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in CASES]
    return [pytest.param(case, id=case["id"]) for case in found if (HERE / f"golden_{case['kind']}.py").exists()]


def test_every_kind_has_a_runner() -> None:
    kinds = {json.loads(path.read_text(encoding="utf-8"))["kind"] for path in CASES}

    assert [kind for kind in sorted(kinds) if not (HERE / f"golden_{kind}.py").exists()] == []


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    runner = importlib.import_module(f"tests.production.golden_{case['kind']}")

    runner.check(case["given"], case["expect"])
