"""Filters that turn codes, prices and browsers into what a clerk reads."""

import pytest

from kernel import audit_words
from kernel.devices import device_text
from kernel.templatetags import qz

WINDOWS = "Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0 Safari/537.36"
EDGE = WINDOWS + " Edg/109.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (WINDOWS, "Chrome · Windows"),
        (EDGE, "Edge · Windows"),
        (IPHONE, "微信 · iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_device_is_named_as_people_call_it(agent, words):
    assert device_text(agent) == words


@pytest.mark.parametrize(
    ("value", "shown"), [("132", "132.00"), ("5.15", "5.15"), ("0.0185", "0.0185"), ("3.3000", "3.30"), (None, "")]
)
def test_a_price_has_two_decimals_and_more_where_it_was_agreed_finer(value, shown):
    assert qz.price(value) == shown


def test_what_a_rule_wrote_reads_in_words():
    assert (qz.person("rule:STD-SELL@1"), qz.person("李敏"), qz.person(None)) == ("自动生成", "李敏", "")


def test_a_code_takes_its_name_where_there_is_one():
    assert (qz.named("pcs", {"pcs": "个"}), qz.named("pcs", {})) == ("个", "pcs")


@pytest.mark.parametrize(("name", "shown"), [("法兰盘 DN50", "DN50"), ("六角螺栓 M16×60", "M16×60"), ("", "")])
def test_the_last_word_of_a_name_tells_a_size(name, shown):
    assert qz.tail(name) == shown


def test_a_new_record_shows_what_it_holds_and_nothing_that_is_blank():
    changes = audit_words.changes_in({"source": ["", "buy"], "note": [None, ""], "name": ["螺栓", "螺母"]})

    assert [(one.name, one.before, one.after) for one in changes] == [
        ("来源", "外购", None),
        ("名称", "螺栓", "螺母"),
    ]


def test_a_verb_of_one_noun_goes_before_the_common_one():
    assert audit_words.action_text("work_order.release") == "工单 · 下达"
    assert audit_words.action_text("stock_receipt.post") == "入库单 · 确认入库"
    assert audit_words.action_text("voucher.post") == "凭证 · 记账"
    assert audit_words.action_text("supply_order.send") == "协同订单 · 发出"
