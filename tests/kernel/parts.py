"""A small importable list for the tests: parts of 宏达五金, kept in the staff mirror's table of names."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from kernel.errors import DomainError
from kernel.imports import Applied, Checked, ImportColumn, ImportContext, ImportKind, ImportRow, RowError, apply_each
from kernel.models import NumberCounter

COLUMNS = (
    ImportColumn("code", "物料编码", "Item code", required=True, example="M6-BOLT"),
    ImportColumn("name", "名称", "Name", example="六角螺栓 M6"),
    ImportColumn("quantity", "数量", "Quantity", required=True, example="100"),
)


def check(rows: Sequence[ImportRow], context: ImportContext) -> Checked:
    """Quantities are numbers; a second row with a code is bad."""
    found, seen = Checked(), set()
    for row in rows:
        code = row.get("code").casefold()
        if code in seen:
            found.errors.append(RowError(row.number, "code", "duplicate_code", "编码重复。", row.get("code")))
        seen.add(code)
        if row.get("quantity") and not _is_number(row.get("quantity")):
            found.errors.append(RowError(row.number, "quantity", "bad_quantity", "数量不是数字。", row.get("quantity")))
    return found


def _is_number(text: str) -> bool:
    try:
        return Decimal(text) >= 0
    except InvalidOperation:
        return False


def apply(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    NumberCounter.objects.bulk_create(
        NumberCounter(scope=f"part:{row.get('code')}", last=int(Decimal(row.get("quantity")))) for row in rows
    )
    return Applied(created=len(rows), undo=[row.get("code") for row in rows])


def undo(data: list[str], context: ImportContext) -> None:
    NumberCounter.objects.filter(scope__in=[f"part:{code}" for code in data]).delete()


def apply_one_by_one(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """As a service would: it refuses a part that is known."""

    def save(row: ImportRow) -> tuple[str, str]:
        scope = f"part:{row.get('code')}"
        if NumberCounter.objects.filter(scope=scope).exists():
            raise DomainError("编码已存在。", "duplicate_code", fields={"code": ["编码已存在。"]})
        NumberCounter.objects.create(scope=scope, last=1)
        return "created", scope

    return apply_each(rows, context, save)


PARTS = ImportKind(
    key="test.parts", title="零件", columns=COLUMNS, apply=apply, check=check, undo=undo,
    right="company.settings", list_url="/",
)  # fmt: skip
SINGLE = ImportKind(
    key="test.single", title="零件", columns=COLUMNS, apply=apply_one_by_one, right="company.settings", can_update=True
)


def codes() -> set[str]:
    """Codes of the parts that are stored."""
    found = NumberCounter.objects.filter(scope__startswith="part:").values_list("scope", flat=True)
    return {scope.removeprefix("part:") for scope in found}
