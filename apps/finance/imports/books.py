"""What rows are checked against: accounts, dimensions, values and periods, each read once for the whole file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from apps.finance import links
from apps.finance.domain.combos import parse_aux
from apps.finance.domain.errors import BookkeepingError
from apps.finance.domain.periods import Period as Month
from apps.finance.imports.cells import Cells
from apps.finance.models import AccountDimension, Dimension, DimensionValue, LedgerAccount, Period
from apps.finance.services.refusals import as_refusal

Aux = Mapping[str, str]


@dataclass
class Books:
    """The books as a file meets them."""

    accounts: Mapping[str, LedgerAccount]
    carried: Mapping[int, Mapping[str, bool]]
    names: Mapping[str, str]
    periods: Mapping[int, str]
    values: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def load(cls) -> "Books":
        """Four queries; values come with `know`."""
        carried: dict[int, dict[str, bool]] = {}
        for account, code, required in AccountDimension.objects.values_list(
            "account_id", "dimension__code", "required"
        ):
            carried.setdefault(account, {})[code] = required
        return cls(
            accounts={row.code: row for row in LedgerAccount.objects.all()},
            carried=carried,
            names={name: code for code, name in Dimension.objects.values_list("code", "name")},
            periods=dict(Period.objects.values_list("index", "state")),
        )

    def know(self, wanted: Iterable[Aux]) -> None:
        """Find out which of the values named in the file exist and are in use, in the books or in master data."""
        pairs = {pair for aux in wanted for pair in aux.items()}
        rows = DimensionValue.objects.filter(code__in={code for _dimension, code in pairs})
        stored = {
            (dimension, code): active
            for dimension, code, active in rows.values_list("dimension__code", "code", "is_active")
        }
        self.values = {pair for pair, active in stored.items() if active}
        for dimension, code in sorted(pairs - stored.keys()):
            if links.find_record(dimension=dimension, code=code) is not None:
                self.values.add((dimension, code))

    def account(self, cells: Cells, key: str = "account") -> LedgerAccount | None:
        """The leaf account of a row, in use; else its error is noted."""
        code = cells.text(key)
        found = self.accounts.get(code)
        if found is None:
            cells.refuse(key, "unknown_account", _("没有科目 %(code)s。") % {"code": code[:20]})
        elif not found.is_leaf:
            cells.refuse(
                key, "account_not_leaf", _("科目 %(account)s 有下级科目，请填最末级科目。") % {"account": found}
            )
        elif not found.is_active:
            cells.refuse(key, "account_inactive", _("科目 %(account)s 已停用。") % {"account": found})
        return found

    def aux(self, cells: Cells, key: str = "aux") -> dict[str, str]:
        """Values by dimension code; else the error is noted."""
        try:
            return parse_aux(cells.text(key), self.names)
        except BookkeepingError as error:
            cells.refuse(key, "unknown_value", as_refusal(error).message)
            return {}

    def check_aux(self, cells: Cells, account: LedgerAccount, aux: Aux, key: str = "aux") -> None:
        """Values exist, every required dimension is there, and none the account does not carry."""
        unknown = [f"{dimension}:{code}" for dimension, code in aux.items() if (dimension, code) not in self.values]
        carried = self.carried.get(account.pk, {})
        if unknown:
            cells.refuse(key, "unknown_value", _("没有辅助核算项目 %(values)s。") % {"values": "、".join(unknown)[:60]})
            return
        missing = [code for code, required in carried.items() if required and code not in aux]
        if missing:
            shown = {"account": account, "names": "、".join(missing)}
            cells.refuse(key, "aux_required", _("科目 %(account)s 必须填写辅助核算：%(names)s。") % shown)
        strange = sorted(set(aux) - set(carried))
        if strange and not missing:
            shown = {"account": account, "names": "、".join(strange)}
            cells.refuse(key, "unknown_value", _("科目 %(account)s 不核算 %(names)s。") % shown)

    def check_day(self, cells: Cells, day: date, key: str = "date") -> None:
        """The day lies in an open period of the book."""
        state = self.periods.get(Month.of(day).index)
        if state is None:
            cells.refuse(key, "bad_date", _("%(day)s 不在账套的会计期间内。") % {"day": day})
        elif state == Period.State.CLOSED:
            cells.refuse(key, "period_closed", _("%(period)s 已结账。") % {"period": Month.of(day)})
