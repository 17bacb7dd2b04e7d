"""Components as they reach a page: names, descriptions, figures."""

from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from kernel.assets.samples import style_context
from kernel.assets.widgets import LookupInput
from kernel.templatetags import qz

FRAME = {
    "theme": "light",
    "csrf_token": "t" * 32,
    "company": {"name": "宏达五金制品", "initial": "宏", "subtitle": "2026 年"},
    "member": {"name": "李敏", "initial": "李"},
    "request_path": "/style/",
    "bottom_nav": [{"label": "更多", "url": "#", "icon": "menu-2", "current": False, "raised": False, "menu": True}],
    "nav": [],
}


class PartnerForm(forms.Form):
    name = forms.CharField(label="企业名称", help_text="与营业执照一致")


def render(source, **context):
    return Template(CottonCompiler().process(source)).render(Context(context))


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_no_component_tag_reaches_a_page(lang):
    with translation.override(lang):
        request = RequestFactory().get("/style/")
        page = render_to_string("style/index.html", {**FRAME, "lang": lang, **style_context()}, request)

    assert "<c-" not in page
    assert "{%" not in page
    assert "{{" not in page


@pytest.mark.parametrize("page", ["402", "403", "404", "409", "413", "429", "500", "503", "offline"])
def test_error_pages_have_one_heading_and_its_title(page):
    headings = {
        "402": "订阅已到期", "403": "没有权限", "404": "找不到页面", "409": "内容已被他人修改", "413": "文件太大",
        "429": "操作太频繁", "500": "出错了", "503": "维护中", "offline": "网络已断开",
    }  # fmt: skip

    html = render_to_string(f"errors/{page}.html", {"lang": "zh-hans", "theme": "light"})

    assert html.count("<h1") == 1
    assert f"<h1>{headings[page]}</h1>" in html
    assert f"<title>{headings[page]} · 轻准</title>" in html


def test_unsubscribed_module_names_its_brand_and_price():
    error = {"message": "需要开通。", "extra": {"brand": "小协同", "price": Decimal(89)}}

    html = render_to_string("errors/402.html", {"lang": "zh-hans", "error": error})

    assert "<h1>未开通小协同</h1>" in html
    assert "¥89.00" in html


def test_field_at_fault_is_described_by_its_error_and_hint():
    html = render('<c-field :field="form.name" />', form=PartnerForm({}))

    assert '<label for="id_name" class="q-req">企业名称</label>' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html


def test_words_of_people_are_escaped():
    html = render('<c-status word="{{ word }}" /><c-kpi label="{{ word }}" value="1" />', word="<b>法兰盘</b>")

    assert "<b>法兰盘" not in html
    assert "&lt;b&gt;法兰盘" in html


def test_lookup_posts_the_code_and_takes_typed_text_without_a_script():
    widget = LookupInput(src="/finance/accounts/lookup/")

    assert widget.value_from_datadict({"account": "1122", "account_text": "1122 应收账款"}, {}, "account") == "1122"
    assert widget.value_from_datadict({"account": "", "account_text": "1122 应收账款"}, {}, "account") == "1122"
    assert widget.value_from_datadict({}, {}, "account") == ""


def test_lookup_is_a_combobox_with_a_list():
    html = LookupInput(src="/a/", label_of=lambda code: f"{code} 应收账款").render(
        "account", "1122", {"id": "id_account"}
    )

    assert 'role="combobox"' in html
    assert 'aria-controls="id_account-list"' in html
    assert 'value="1122 应收账款"' in html
    assert '<input type="hidden" name="account" value="1122">' in html


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1234.5", "1,234.50"), ("0", ""), (None, ""), ("-562.25", "-562.25"), (Decimal("0.005"), "0.01")],
)
def test_ledger_figures_leave_zero_blank(value, shown):
    assert qz.amount(value) == shown


@pytest.mark.parametrize(("value", "shown"), [("1234.5", "¥1,234.50"), ("0", "¥0.00"), ("-89", "-¥89.00")])
def test_prices_show_zero(value, shown):
    assert qz.money(value) == shown


@pytest.mark.parametrize(("value", "shown"), [("1200.5000", "1,200.5"), ("40.0000", "40"), ("0", "0"), (None, "")])
def test_quantities_have_no_trailing_zeros(value, shown):
    assert qz.qty(value) == shown


def test_company_words_are_marked_on_english_pages_only():
    with translation.override("en"):
        assert qz.data("宏达五金") == '<bdi lang="zh-CN">宏达五金</bdi>'
        assert qz.data("M6-BOLT") == "M6-BOLT"
    with translation.override("zh-hans"):
        assert qz.data("宏达<五金") == "宏达&lt;五金"


def test_a_spark_line_needs_two_figures():
    assert qz.spark([5]) == ""
    assert "<polyline" in qz.spark([1, 1])
