"""科目导入: sub-accounts, parents before children, saved one by one by the service that the page calls."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.finance.domain.combos import BUILT_IN
from apps.finance.imports.cells import Cells
from apps.finance.models import Dimension
from apps.finance.services.accounts import AccountInput, add_account, deactivate_account, delete_account
from kernel.errors import DomainError
from kernel.imports import Applied, ImportColumn, ImportContext, ImportKind, ImportRow, RowError

COLUMNS = (
    ImportColumn("code", "科目编码", "Code", required=True, example="100201"),
    ImportColumn("name", "科目名称", "Name", required=True, example="工商银行基本户"),
    ImportColumn("direction", "余额方向", "Direction", example="借", note="借 或 贷"),
    ImportColumn("aux", "辅助核算", "Dimensions", example="客户!;部门", note="! = 必填"),
    ImportColumn("quantity", "数量核算", "Quantity", example="否"),
    ImportColumn("currencies", "外币", "Currencies", example="USD"),
    ImportColumn("revalue", "期末调汇", "Revalue", example="否"),
    ImportColumn("inactive", "停用", "Inactive", example="否"),
)
_DIRECTIONS = {"借": "debit", "贷": "credit", "debit": "debit", "credit": "credit"}


def apply(rows: Sequence[ImportRow], context: ImportContext) -> Applied:
    """Add every account; a refused one is noted on its row and the others go on."""
    names = {**BUILT_IN, **{name: code for code, name in Dimension.objects.values_list("code", "name")}}
    applied, made = Applied(), []
    for done, row in enumerate(sorted(rows, key=lambda row: (len(row.get("code")), row.number)), start=1):
        errors = _save(Cells(row), names, context)
        applied.errors += errors
        if not errors:
            made.append(row.get("code"))
        context.progress(done)
    applied.created = len(made)
    applied.undo = made or None
    return applied


def _save(cells: Cells, names: dict[str, str], context: ImportContext) -> list[RowError]:
    account = AccountInput(code=cells.text("code"), name=cells.text("name"), given=_given(cells, names))
    inactive = cells.truth("inactive")
    if cells.errors:
        return cells.errors
    try:
        with transaction.atomic():
            add_account(account=account, actor=context.member, at=context.now)
            if inactive:
                deactivate_account(code=account.code, actor=context.member)
    except DomainError as error:
        column = next(iter(error.fields), "code").split(".")[0]
        return [RowError(cells.row.number, column, error.code, error.message, cells.text(column))]
    return []


def _given(cells: Cells, names: dict[str, str]) -> dict[str, Any]:
    """Only what the file states; empty cells leave it to the parent."""
    given: dict[str, Any] = {}
    direction = cells.text("direction")
    if direction and direction not in _DIRECTIONS:
        cells.refuse("direction", "invalid", _("余额方向要填 借 或 贷。"))
    elif direction:
        given["direction"] = _DIRECTIONS[direction]
    if cells.text("aux"):
        given["aux"] = _dimensions(cells, names)
    for key in ("quantity", "revalue"):
        if cells.text(key):
            given[key] = bool(cells.truth(key))
    if cells.text("currencies"):
        given["currencies"] = tuple(
            cells.text("currencies").replace("，", ",").replace("、", ",").replace(" ", "").split(",")
        )
    return given


def _dimensions(cells: Cells, names: dict[str, str]) -> dict[str, bool]:
    """`客户!;部门` as {customer: required, department: not}."""
    found: dict[str, bool] = {}
    for part in cells.text("aux").replace("；", ";").replace("！", "!").split(";"):
        word = part.strip()
        if not word:
            continue
        name = word.removesuffix("!").strip()
        code = names.get(name, name)
        if code not in names.values():
            cells.refuse("aux", "unknown_value", _("没有辅助核算维度“%(name)s”。") % {"name": name[:20]})
        found[code] = word.endswith("!")
    return found


def undo(made: Any, context: ImportContext) -> None:
    """Delete the accounts again, children first. Raises `account_in_use` once one was used."""
    for code in sorted(made, key=len, reverse=True):
        delete_account(code=code, actor=context.member)


ACCOUNTS = ImportKind(
    key="finance.accounts",
    title=gettext_lazy("科目"),
    columns=COLUMNS,
    apply=apply,
    undo=undo,
    right="finance.settings",
    view_right="finance.view",
    module="finance",
    list_url="/finance/accounts/",
)
