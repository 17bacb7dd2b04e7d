"""One record by what a path or a body calls it: the code first, then an id; and the search of every list."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.masterdata.domain.codes import code_key, text_key
from apps.masterdata.domain.units import UnitNames
from apps.masterdata.models import Category, Department, Employee, Family, Item, Location, Partner, Unit, Warehouse
from apps.masterdata.models.base import CodedRecord
from apps.masterdata.services.refusals import UnknownReference, not_found, refusing

Record = TypeVar("Record", bound=CodedRecord)
MAX_ID = 2**63 - 1


def by_code(rows: QuerySet[Record], text: str) -> Record | None:
    """The row whose code is `text`, else the one whose id it is: an all-digit code is a code first."""
    found = rows.filter(code_key=code_key(text)).first()
    return found or rows.filter(pk=as_id(text)).first()


def as_id(text: str) -> int:
    """`text` as an id; 0, which no row has, when it is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number <= MAX_ID else 0


def item_or_none(text: str) -> Item | None:
    """The item by code, alias or id."""
    items = live_items()
    found = items.filter(codes__key=code_key(text)).first()
    return found or items.filter(pk=as_id(text)).first()


def live_items() -> QuerySet[Item]:
    """Items as people know them: without those merged away."""
    return Item.objects.filter(merged_into=None)


def codes_of_namesakes(names: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """{(name, spec): codes} of the active items with one of these names, in the order of their codes; one query."""
    rows = live_items().filter(name__in=set(names), state=Item.State.ACTIVE).order_by("code_key", "id")
    found: dict[tuple[str, str], list[str]] = {}
    for name, spec, code in rows.values_list("name", "spec", "code"):
        found.setdefault((name, spec), []).append(code)
    return found


def item_at(text: str) -> Item:
    """As `item_or_none`; raises NotFound."""
    found = item_or_none(text)
    if found is None:
        raise not_found()
    return found


def record_at(rows: QuerySet[Record], text: str) -> Record:
    """As `by_code`; raises NotFound."""
    found = by_code(rows, text)
    if found is None:
        raise not_found()
    return found


def location_or_none(text: str, *, warehouse: str = "") -> Location | None:
    """A location by `WH-RAW/A-01`, by a code that only one warehouse has, by barcode or by id."""
    rows = Location.objects.select_related("warehouse").order_by("id")
    if warehouse:
        rows = rows.filter(warehouse__code_key=code_key(warehouse))
    found = list(rows.filter(code_key=code_key(text))[:2])
    if len(found) == 1:
        return found[0]
    place, _slash, code = text.partition("/")
    if code:
        inside = rows.filter(warehouse__code_key=code_key(place), code_key=code_key(code)).first()
        if inside:
            return inside
    return (
        rows.filter(barcode_key=code_key(text)).exclude(barcode_key="").first() or rows.filter(pk=as_id(text)).first()
    )


class KnownUnits:
    """All units of the company, read with one query; an import keeps them for all its rows."""

    def __init__(self) -> None:
        rows = list(Unit.objects.order_by("id"))
        self._names = UnitNames(row.spec for row in rows)
        self._rows = {row.code: row for row in rows}

    def find(self, text: str) -> Unit:
        """The unit by code, 中文, Rec 20 code or alias. Raises UnknownUnit (domain)."""
        return self._rows[self._names.find(text).code]


def unit_called(text: str, *, known: KnownUnits | None = None, field: str = "unit") -> Unit:
    """The unit called `text`. Raises Invalid `unknown_unit`."""
    with refusing(field):
        return (known or KnownUnits()).find(text)


def category_called(text: str) -> Category:
    """A category by code, path or id. Raises Invalid `unknown_category`."""
    found = by_code(Category.objects.all(), text) or Category.objects.filter(path__iexact=text).first()
    return _known(found, "category", _("没有分类“%(code)s”，请先新增。") % {"code": text})


def department_called(text: str) -> Department:
    return _known(
        by_code(Department.objects.all(), text), "department", _("没有部门“%(code)s”，请先新增。") % {"code": text}
    )


def employee_called(text: str, *, field: str = "owner") -> Employee:
    """Somebody who may be named on something new. Raises Invalid `unknown_employee`; a leaver is unknown."""
    found = by_code(Employee.objects.filter(state=Employee.State.ACTIVE), text)
    return _known(found, "employee", _("没有在职员工“%(code)s”。") % {"code": text}, field)


def warehouse_called(text: str) -> Warehouse:
    return _known(
        by_code(Warehouse.objects.all(), text), "warehouse", _("没有仓库“%(code)s”，请先新增。") % {"code": text}
    )


def family_at(text: str) -> Family:
    return record_at(Family.objects.select_related("stock_unit", "category"), text)


def partner_at(text: str) -> Partner:
    return record_at(Partner.objects.all(), text)


def matching(rows: QuerySet[Record], search: str) -> QuerySet[Record]:
    """Rows that hold every word of `search` in code, name, pinyin, initials and what else they are found by."""
    wanted = Q()
    for word in words_of(search):
        wanted &= Q(search_text__contains=word)
    return rows.filter(wanted) if wanted else rows


def words_of(search: str) -> list[str]:
    """The words of a search, folded as the stored text is; at most six count."""
    return [folded for folded in (text_key(word) for word in search.split()[:6]) if folded]


def codes_to_ids(codes: Iterable[str]) -> dict[str, int]:
    """{code as given: item id} of the codes and aliases that are known; one query."""
    keys = {code: code_key(code) for code in codes}
    found = dict(Item.objects.filter(codes__key__in=set(keys.values())).values_list("codes__key", "id"))
    return {code: found[key] for code, key in keys.items() if key in found}


def _known(found: Record | None, name: str, sentence: str, field: str = "") -> Record:
    if found is None:
        raise UnknownReference(sentence, f"unknown_{name}", fields={field or name: [sentence]})
    return found
