"""What a person does about a fact that has no voucher: a sentence, and the page where it is mended."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.finance.models import BusinessFact


@dataclass(frozen=True)
class Way:
    """`page` is the name of a page of finance, `link` what the link to it says."""

    text: str | Promise
    link: str | Promise
    page: str

    @property
    def url(self) -> str:
        return reverse(f"finance:{self.page}")


_RULES = _("打开自动凭证规则")
_CHART = _("打开科目表")
_ACCOUNT = Way(
    _("请在科目表中增加或启用规则要用的末级科目，或给规则做新版本换一个科目，然后重试。"), _CHART, "accounts"
)
_LINES = Way(
    _("请补齐推荐规则、增加缺少的科目，或给规则做新版本，然后重试；只此一笔的，搁置后手工填制凭证。"), _RULES, "rules"
)  # fmt: skip
_WAYS = {
    "no_rule": Way(_("请补齐推荐规则，或为这类业务新增规则，然后重试；不用凭证的可以搁置。"), _RULES, "rules"),
    "invalid": _LINES,
    "voucher_unbalanced": _LINES,
    "currency_required": _LINES,
    "aux_required": Way(
        _("请红冲单据，补上往来单位等内容重新录入；或给规则做新版本换一个科目后重试；也可以搁置后手工填制凭证。"),
        _RULES, "rules",
    ),
    "account_not_leaf": _ACCOUNT,
    "account_inactive": _ACCOUNT,
    "not_found": _ACCOUNT,
    "period_closed": Way(
        _("业务不会挪到别的月份：请反结账后重试，或搁置后在未结账的月份手工填制凭证。"), _("打开期末结账"), "close"
    ),
    "book_not_started": Way(_("账套启用后自动生成凭证。"), _("打开期初余额"), "opening"),
}  # fmt: skip


def way_out(fact: BusinessFact) -> Way | None:
    """None where there is a voucher, a decision, or nothing that a page could mend."""
    if fact.state == BusinessFact.State.NO_RULE:
        return None if fact.reason else _WAYS["no_rule"]
    return _WAYS.get(fact.reason) if fact.state == BusinessFact.State.WAITING else None
