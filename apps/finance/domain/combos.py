"""辅助核算: the canonical key of a combination of dimension values, and its written form in files."""

from collections.abc import Collection, Iterable, Mapping

from apps.finance.domain.errors import BookkeepingError, gettext_noop

BUILT_IN = {
    "客户": "customer",
    "供应商": "supplier",
    "部门": "department",
    "员工": "employee",
    "项目": "project",
    "存货": "item",
}
_BAD_AUX = gettext_noop("辅助核算“%(text)s”读不懂，请写成 customer:C001;item:M1 或 客户:C001。")


def combo_key(values: Mapping[str, str]) -> str:
    """`customer:C001;department:D1`, sorted by dimension; "" is combo 0. Equal values give an equal key."""
    return ";".join(f"{dimension}:{value}" for dimension, value in sorted(values.items()))


def parse_aux(text: str, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """Values by dimension code. Half- or full-width `:` and `;`, blanks around them; `names` maps printed
    names of dimensions to codes (the built-in ones are known).

    Raises BookkeepingError `invalid` on a part without a value or a dimension named twice.
    """
    known = {**BUILT_IN, **(names or {})}
    values: dict[str, str] = {}
    for part in text.replace("：", ":").replace("；", ";").split(";"):
        if not part.strip():
            continue
        name, _, value = (piece.strip() for piece in part.partition(":"))
        dimension = known.get(name, name)
        if not dimension or not value or dimension in values:
            raise BookkeepingError("invalid", _BAD_AUX, text=text[:60])
        values[dimension] = value
    return values


def check_dimensions(
    account: str, given: Iterable[str], *, allowed: Mapping[str, bool], labels: Mapping[str, str]
) -> None:
    """Every required dimension (value True in `allowed`) is given, and only dimensions of the account.

    Raises BookkeepingError `aux_required` or `invalid`; `labels` are the printed names.
    """
    present: Collection[str] = set(given)
    missing = [labels.get(code, code) for code, required in allowed.items() if required and code not in present]
    if missing:
        message = gettext_noop("科目 %(account)s 必须填写辅助核算：%(names)s。")
        raise BookkeepingError("aux_required", message, account=account, names="、".join(missing))
    foreign = sorted(labels.get(code, code) for code in present if code not in allowed)
    if foreign:
        message = gettext_noop("科目 %(account)s 没有辅助核算：%(names)s，请去掉。")
        raise BookkeepingError("invalid", message, account=account, names="、".join(foreign))
