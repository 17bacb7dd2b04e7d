"""The operator's log and his jobs speak in words."""

from datetime import UTC, datetime

from apps.billing.log_words import counts_text, entry_row
from apps.billing.models import AuditLog

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def _entry(action, label, changes, actor_id=None, actor_name="系统"):
    return AuditLog(at=AT, action=action, label=label, changes=changes, actor_id=actor_id, actor_name=actor_name)


def _said(row):
    return [(one.name, one.before, one.after) for one in row["changes"]]


def test_a_matched_line_is_told_in_words():
    row = entry_row(_entry("bank_line.matched", "299.61", {"state": ["new", "matched"]}))

    assert (row["action"], row["actor"]) == ("银行流水 · 核对", "系统")
    assert _said(row) == [("状态", "待核对", "已核对")]


def test_states_and_modules_are_named():
    state = entry_row(_entry("subscription.state", "active", {"state": ["trialing", "active"]}, 7, "运营"))
    begun = entry_row(_entry("subscription.begun", "宏达五金", {"modules": [None, ["finance", "inventory"]]}))

    assert (state["label"], state["actor"], _said(state)) == ("已开通", "运营", [("状态", "试用中", "已开通")])
    assert _said(begun) == [("应用", "轻财务、快仓库", None)]


def test_the_counts_of_a_job_are_words_and_an_unknown_one_stays():
    assert counts_text({"due": 3, "done": 2, "moons": 1}) == "应处理 3，已处理 2，moons 1"
