"""变体系列 as a form: one row an axis, its values in one line."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.masterdata.cells import entries
from apps.masterdata.forms import RecordForm, Row, category_choices, chars, own, unit_choices


class FamilyForm(RecordForm):
    code = chars(_("系列编码"), 64, required=True)
    name = chars(_("系列名称"), required=True)
    stock_unit = own(_("库存单位"), unit_choices, required=True, initial="pcs")
    category = own(_("物料分类"), category_choices)
    pattern = chars(_("编码规则"), help_text=_("例如 {family}-{颜色}-{尺码}；不填就按轴的顺序用短横线连接。"))


class AxisRow(Row):
    key = "axis"
    axis = chars(_("规格轴"), 60)
    values = chars(_("可选值（用；分开）"), 1000)


def axes_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """`颜色`, `RD=红；BL=蓝` → {"颜色": [{"code": "RD", "name": "红"}, …]}; a value without `=` is its own code."""
    return {str(row["axis"]): [_value(text) for text in entries(str(row["values"]))] for row in rows}


def _value(text: str) -> Any:
    code, equals, name = text.replace("＝", "=").partition("=")
    return {"code": code.strip(), "name": name.strip()} if equals else text


def rows_from(axes: Mapping[str, Sequence[Any]]) -> list[dict[str, str]]:
    """The rows of the form for stored axes."""
    return [{"axis": axis, "values": "；".join(_shown(value) for value in values)} for axis, values in axes.items()]


def _shown(value: Any) -> str:
    return f"{value['code']}={value['name']}" if isinstance(value, Mapping) else str(value)
