"""The columns of every list, once: what an export writes, an import reads. So an export can be imported as it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from apps.masterdata import cells
from apps.masterdata.models import Employee, Item, Partner, Warehouse
from apps.masterdata.models.places import PlaceState
from kernel.exports import Column
from kernel.imports import ImportColumn
from tenants.rights import Member


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column. `read` prints the cell of a row, `parse` turns its text into the service's value.

    `blank`: an empty cell clears the value when a record is updated; else it leaves it alone.
    """

    key: str
    heading: str
    english: str
    read: Callable[[Any], Any]
    parse: Callable[[str], Any] = cells.text
    kind: str = "text"
    required: bool = False
    secret: bool = False
    blank: bool = False
    example: str = ""
    note: str = ""
    aliases: tuple[str, ...] = ()


def plain(key: str, heading: str, english: str, **more: Any) -> Field:
    """A text column that is the row's own; an empty cell clears it."""
    more.setdefault("blank", not more.get("required", False))
    return Field(key=key, heading=heading, english=english, read=lambda row: getattr(row, key), **more)


def flag(key: str, heading: str, english: str) -> Field:
    return Field(key=key, heading=heading, english=english, read=lambda row: getattr(row, key), parse=cells.flag)


def choice(key: str, heading: str, english: str, words: Any, **more: Any) -> Field:
    return Field(
        key=key,
        heading=heading,
        english=english,
        read=lambda row: cells.word(getattr(row, key), words),
        parse=lambda text: cells.choice(text, words),
        note="、".join(str(label) for _value, label in words),
        **more,
    )


def number(key: str, heading: str, english: str, **more: Any) -> Field:
    return Field(
        key=key,
        heading=heading,
        english=english,
        read=lambda row: cells.trimmed(getattr(row, key)),
        parse=cells.decimal,
        kind="quantity",
        blank=True,
        **more,
    )


def linked(key: str, heading: str, english: str, column: str = "code", **more: Any) -> Field:
    """Another record, by its code."""
    return Field(
        key=key, heading=heading, english=english,
        read=lambda row: getattr(getattr(row, key), column, ""), parse=cells.text_or_none, blank=True, **more,
    )  # fmt: skip


CODE, NAME = ("编码", "Code"), ("名称", "Name")


def code(heading: str, english: str, example: str) -> Field:
    return plain("code", heading, english, required=True, example=example, aliases=CODE)


def name(heading: str, english: str, example: str) -> Field:
    return plain("name", heading, english, required=True, example=example, aliases=NAME)


STATE = ("state", "状态", "State")

ITEMS: tuple[Field, ...] = (
    code("物料编码", "Item code", "M6-BOLT"),
    name("物料名称", "Item name", "六角螺栓"),
    plain("spec", "规格型号", "Specification", example="M6x20", aliases=("规格",)),
    Field(
        key="stock_unit",
        heading="库存单位",
        english="Stock unit",
        required=True,
        example="个",
        read=lambda row: row.stock_unit.code,
        aliases=("单位", "Unit", "计量单位"),
    ),  # fmt: skip
    linked("category", "物料分类", "Category", "path", aliases=("分类",)),
    choice("source", "来源", "Source", Item.Source.choices, example="外购"),
    choice("tracking", "追踪方式", "Tracking", Item.Tracking.choices),
    number("shelf_life_days", "保质期天数", "Shelf life days"),
    flag("is_stocked", "管理库存", "Stocked"),
    flag("is_purchased", "可采购", "Purchased"),
    flag("is_sold", "可销售", "Sold"),
    flag("is_service", "服务", "Service"),
    flag("is_phantom", "虚拟件", "Phantom"),
    number("weight", "单重（千克）", "Weight kg", aliases=("单重",)),
    plain("drawing_no", "图号", "Drawing no"),
    plain("revision", "图纸版本", "Revision"),
    Field(
        key="units",
        heading="其他单位",
        english="Other units",
        read=cells.units,
        parse=cells.parse_units,
        blank=True,
        example="箱=100",
        note="箱=100；盒=1/3",
    ),  # fmt: skip
    Field(
        key="barcodes",
        heading="条码",
        english="Barcodes",
        read=cells.barcodes,
        parse=cells.parse_barcodes,
        blank=True,
        note="6901234567892；16901234567899@箱",
        aliases=("Barcode",),
    ),  # fmt: skip
    Field(
        key="attributes",
        heading="属性",
        english="Attributes",
        read=cells.attributes,
        parse=cells.parse_attributes,
        blank=True,
        note="材质=304；表面=镀锌",
    ),  # fmt: skip
    number("standard_cost", "标准成本", "Standard cost", secret=True),
    number("target_price", "目标价", "Target price", secret=True),
    plain("internal_note", "内部备注", "Internal note"),
    choice(*STATE, Item.State.choices),
)

PARTNERS: tuple[Field, ...] = (
    code("单位编码", "Partner code", "C001"),
    name("单位名称", "Partner name", "宏图机械有限公司"),
    plain("short_name", "简称", "Short name"),
    choice("kind", "类型", "Kind", Partner.Kind.choices),
    flag("is_customer", "客户", "Customer"),
    flag("is_supplier", "供应商", "Supplier"),
    plain("uscc", "统一社会信用代码", "USCC", aliases=("税号", "信用代码")),
    plain("category", "单位分类", "Category"),
    choice("status", "状态", "Status", Partner.Status.choices),
    plain("payment_terms", "付款条件", "Payment terms", example="月结30天"),
    number("tax_rate", "税率", "Tax rate", example="0.13"),
    linked("owner", "负责人", "Owner"),
    number("credit_limit", "信用额度", "Credit limit", secret=True),
    Field(
        key="contacts",
        heading="联系人",
        english="Contacts",
        read=cells.contacts,
        parse=cells.parse_contacts,
        blank=True,
        note="张伟 13800000001；李娜 13900000002",
    ),  # fmt: skip
    Field(
        key="addresses",
        heading="地址",
        english="Addresses",
        read=cells.addresses,
        parse=cells.parse_addresses,
        blank=True,
        note="收货地址：苏州市吴中区…；开票地址：…",
    ),  # fmt: skip
    plain("internal_note", "内部备注", "Internal note"),
)

WAREHOUSES: tuple[Field, ...] = (
    code("仓库编码", "Warehouse code", "WH-RAW"),
    name("仓库名称", "Warehouse name", "原料仓"),
    choice("kind", "类型", "Kind", Warehouse.Kind.choices),
    choice(*STATE, PlaceState.choices),
)

LOCATIONS: tuple[Field, ...] = (
    Field(
        key="warehouse",
        heading="仓库",
        english="Warehouse",
        read=lambda row: row.warehouse.code,
        required=True,
        example="WH-RAW",
        aliases=("仓库编码",),
    ),  # fmt: skip
    plain("code", "库位编码", "Location code", required=True, example="A-01", aliases=("库位", *CODE)),
    plain("barcode", "库位条码", "Barcode", aliases=("条码",)),
    choice(*STATE, PlaceState.choices),
)

DEPARTMENTS: tuple[Field, ...] = (
    code("部门编码", "Department code", "D01"),
    name("部门名称", "Department name", "生产部"),
    linked("parent", "上级部门", "Parent"),
)

EMPLOYEES: tuple[Field, ...] = (
    code("工号", "Employee code", "E001"),
    name("姓名", "Employee name", "张伟"),
    linked("department", "部门", "Department"),
    plain("mobile", "手机", "Mobile"),
    choice(*STATE, Employee.State.choices),
)

CATEGORIES: tuple[Field, ...] = (
    code("分类编码", "Category code", "FST"),
    name("分类名称", "Category name", "紧固件"),
    linked("parent", "上级分类", "Parent"),
)

UNITS: tuple[Field, ...] = (
    code("单位编码", "Unit code", "pcs"),
    name("单位名称", "Unit name", "个"),
    Field(
        key="decimals",
        heading="小数位",
        english="Decimals",
        read=lambda row: row.decimals,
        parse=cells.whole,
        kind="number",
    ),  # fmt: skip
    plain("rec20", "Rec 20 代码", "Rec 20 code"),
)


def export_columns(fields: Sequence[Field], member: Member) -> list[Column]:
    """The columns that `member` may see, headings in the reader's language."""
    english = (get_language() or "").startswith("en")
    seen = [field for field in fields if not field.secret or member.can("masterdata.secret")]
    return [
        Column(field.key, field.english if english else field.heading, field.kind, value=field.read) for field in seen
    ]


def import_columns(fields: Sequence[Field]) -> tuple[ImportColumn, ...]:
    return tuple(
        ImportColumn(
            key=field.key,
            heading=field.heading,
            english=field.english,
            required=field.required,
            example=field.example,
            note=field.note,
            aliases=field.aliases,
        )
        for field in fields
    )


def item_columns(member: Member) -> list[Column]:
    return export_columns(ITEMS, member)


def partner_columns(member: Member) -> list[Column]:
    return export_columns(PARTNERS, member)


def warehouse_columns(member: Member) -> list[Column]:
    return export_columns(WAREHOUSES, member)


def location_columns(member: Member) -> list[Column]:
    return export_columns(LOCATIONS, member)


def department_columns(member: Member) -> list[Column]:
    return export_columns(DEPARTMENTS, member)


def employee_columns(member: Member) -> list[Column]:
    return export_columns(EMPLOYEES, member)


def category_columns(member: Member) -> list[Column]:
    return export_columns(CATEGORIES, member)


def unit_columns(member: Member) -> list[Column]:
    return export_columns(UNITS, member)


def template_columns(member: Member) -> list[Column]:
    """Templates are read, not imported: rows as one cell."""
    return [
        Column("category.code", "分类编码"),
        Column("version", "版本", "number"),
        Column("rows", "属性", value=lambda row: [entry["name"] for entry in row.rows]),
    ]


def family_columns(member: Member) -> list[Column]:
    return [
        Column("code", "编码"),
        Column("name", "名称"),
        Column("pattern", "编码规则"),
        Column("axes", "规格轴", value=lambda row: list(row.axes)),
    ]
