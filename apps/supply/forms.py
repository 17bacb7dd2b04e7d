"""Shapes of what is set on a link; what a code or a factor means is decided by the services."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.supply.domain.canonical import number
from apps.supply.models import SupplyLink

MOST_IDS = 20
SCHEME_LENGTH, VALUE_LENGTH = 30, 100
HUNDRED = Decimal(100)


class SettingsForm(forms.Form):
    """Our own settings of a link. Tolerances are typed in per cent; ids one a line, `scheme:value`."""

    price_tolerance = forms.DecimalField(
        label=gettext_lazy("价格允差（%）"), min_value=0, max_value=100, max_digits=7, decimal_places=4
    )
    quantity_tolerance = forms.DecimalField(
        label=gettext_lazy("数量允差（%）"), min_value=0, max_value=100, max_digits=7, decimal_places=4
    )
    auto_share = forms.BooleanField(label=gettext_lazy("采购订单确认后自动发给对方"), required=False)
    guest_check = forms.ChoiceField(
        label=gettext_lazy("链接首次操作的校验"),
        choices=[("code", gettext_lazy("邮箱校验码")), ("none", gettext_lazy("不校验"))],
    )
    party_ids = forms.CharField(
        label=gettext_lazy("对方的标识"), required=False, max_length=3000, widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("每行一个，如 gln:6901234000009；文件往来时用来认出对方。"),
    )  # fmt: skip
    own_party_ids = forms.CharField(
        label=gettext_lazy("我方的标识"), required=False, max_length=3000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, link: SupplyLink, data: Any = None) -> None:
        super().__init__(data, initial=_shown(link), auto_id="set-%s")
        for name, is_meant in (("auto_share", link.role == "buyer"), ("guest_check", link.is_guest)):
            if not is_meant:
                del self.fields[name]

    def clean_party_ids(self) -> list[dict[str, str]]:
        return _ids(self.cleaned_data["party_ids"])

    def clean_own_party_ids(self) -> list[dict[str, str]]:
        return _ids(self.cleaned_data["own_party_ids"])

    def values(self) -> dict[str, Any]:
        """What `change_link` takes."""
        given = dict(self.cleaned_data)
        ids = {name: given.pop(name) for name in ("party_ids", "own_party_ids")}
        for name in ("price_tolerance", "quantity_tolerance"):
            given[name] = number(given[name] / HUNDRED)
        return {"settings": given, **ids}


def _shown(link: SupplyLink) -> dict[str, Any]:
    shares = {
        name: number(Decimal(str(link.settings.get(name, "0"))) * HUNDRED)
        for name in ("price_tolerance", "quantity_tolerance")
    }
    ids = {
        name: "\n".join(f"{row['scheme']}:{row['value']}" for row in getattr(link, name))
        for name in ("party_ids", "own_party_ids")
    }
    return {**link.settings, **shares, **ids}


def _ids(text: str) -> list[dict[str, str]]:
    lines = [line.strip() for line in text.replace("：", ":").splitlines() if line.strip()]
    found = [dict(zip(("scheme", "value"), map(str.strip, line.split(":", 1)), strict=False)) for line in lines]
    if len(found) > MOST_IDS or not all(
        0 < len(row.get("scheme", "")) <= SCHEME_LENGTH and 0 < len(row.get("value", "")) <= VALUE_LENGTH
        for row in found
    ):
        raise ValidationError(_("标识每行写一个，如 gln:6901234000009，最多 20 个。"))
    return found


class MapForm(forms.Form):
    """物料对照 of one partner item and unit."""

    partner_item = forms.CharField(label=gettext_lazy("对方编码"), max_length=64)
    partner_unit = forms.CharField(label=gettext_lazy("对方单位"), max_length=64)
    item = forms.CharField(label=gettext_lazy("本企业物料"), max_length=64)
    factor = forms.CharField(
        label=gettext_lazy("换算系数"), max_length=40, initial="1",
        help_text=gettext_lazy("对方 1 个单位等于本企业多少库存单位，如 100 或 1/3。"),
    )  # fmt: skip


class ConsentForm(forms.Form):
    """What the other firm may see of ours beyond documents."""

    granularity = forms.ChoiceField(
        label=gettext_lazy("精度"),
        choices=[
            ("exact", gettext_lazy("准确数")), ("rounded", gettext_lazy("取整")), ("level", gettext_lazy("只看等级")),
        ],
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("有效期至"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("空着表示一直有效，直到撤销。"),
    )  # fmt: skip


class ChannelForm(forms.Form):
    """A mail address that hears of partners' acts."""

    url = forms.EmailField(label=gettext_lazy("通知邮箱"), max_length=254)
