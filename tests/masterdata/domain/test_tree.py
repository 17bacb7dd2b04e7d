"""Trees: categories and departments without loops."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.masterdata.domain.tree import (
    BadPathCode,
    Cycle,
    ancestors,
    check_parent,
    check_path_code,
    in_order,
    path,
    subtree,
)

# 五金 A > 紧固件 AB > 螺栓 ABC; 塑料 B
PARENTS = {1: None, 2: 1, 3: 2, 4: None}
CODES = {1: "A", 2: "AB", 3: "ABC", 4: "B"}


def test_path_of_codes():
    assert path(PARENTS, CODES, 3) == "A/AB/ABC"
    assert path(PARENTS, CODES, 4) == "B"


@pytest.mark.parametrize(("node", "parent"), [(1, 1), (1, 2), (1, 3), (2, 3)])
def test_node_under_itself_or_its_descendant_is_refused(node, parent):
    with pytest.raises(Cycle) as refusal:
        check_parent(PARENTS, node=node, parent=parent)

    assert (refusal.value.code, refusal.value.conflict) == ("cycle", True)


def test_node_may_move_to_another_branch_or_to_the_top():
    check_parent(PARENTS, node=2, parent=4)
    check_parent(PARENTS, node=2, parent=None)
    check_parent(PARENTS, node=99, parent=3)


def test_old_loop_is_reported_not_followed():
    looped = {1: 2, 2: 1}

    with pytest.raises(Cycle):
        ancestors(looped, 1)
    assert subtree(looped, 1) == {1, 2}


def test_subtree_and_order():
    assert subtree(PARENTS, 2) == {2, 3}
    assert list(in_order(PARENTS, CODES)) == [(1, 0), (2, 1), (3, 2), (4, 0)]


def test_separator_cannot_be_in_a_code():
    assert check_path_code("AB") == "AB"
    with pytest.raises(BadPathCode):
        check_path_code("A/B")


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40))
def test_accepted_moves_never_make_a_loop(moves):
    parents = dict.fromkeys(range(10))
    for node, parent in moves:
        try:
            check_parent(parents, node=node, parent=parent)
        except Cycle:
            continue
        parents[node] = parent

    assert all(len(ancestors(parents, node)) < 10 for node in parents)
    assert len(list(in_order(parents, {node: str(node) for node in parents}))) == 10
