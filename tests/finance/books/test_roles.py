"""Who may do what (finance.md section 13), and what a cashier may never be given (令98 art. 12)."""

import pytest

from tenants.rights import conflicting, rights_of_role

VERBS = {"view", "prepare", "review", "post", "sign", "close", "reopen", "settings", "rules", "export", "audit"}
HOLDS = {
    "owner": VERBS,
    "chief": VERBS - {"sign"},
    "accountant": {"view", "prepare", "post", "close", "export"},
    "reviewer": {"view", "review"},
    "cashier": {"view", "sign"},
    "bookkeeper": {"view", "prepare", "review", "post", "close", "export"},
    "auditor": {"view", "export"},
    "storekeeper": set(),
    "admin": set(),
}


@pytest.mark.parametrize("role", sorted(HOLDS))
def test_roles_hold_their_rights(role):
    held = {right.removeprefix("finance.") for right in rights_of_role(role) if right.startswith("finance.")}

    assert held == HOLDS[role]


def test_a_cashier_keeps_no_books():
    wanted = {"finance.review", "finance.prepare", "finance.post", "finance.view"}

    assert conflicting("cashier", wanted) == {"finance.review", "finance.prepare", "finance.post"}
    assert conflicting("accountant", wanted) == frozenset()
