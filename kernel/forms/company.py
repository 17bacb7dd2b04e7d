"""Shapes of the filter of the audit log and of a new webhook."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.forms.widgets import DataSelect

EVERYTHING = "*"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AuditFilterForm(forms.Form):
    q = forms.CharField(required=False, max_length=100)
    person = forms.ChoiceField(label=_("操作人"), required=False, widget=DataSelect)
    kind = forms.ChoiceField(label=_("对象"), required=False)
    since = _day(_("日期起"))
    until = _day(_("日期止"))

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[tuple[int, str]],
        kinds: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data, auto_id="f-%s")
        everybody, everything = [("", _("全部"))], [("", _("全部"))]
        self.fields["person"].choices = [*everybody, *((str(key), name) for key, name in people)]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["kind"].choices = [*everything, *kinds]  # type: ignore[attr-defined]  # a ChoiceField


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=_("网址"), max_length=500, widget=forms.URLInput, help_text=_("以 https:// 开头，不能是内网地址。")
    )
    everything = forms.BooleanField(label=_("全部事件"), required=False)
    events = forms.MultipleChoiceField(
        label=_("事件"), required=False, widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("可选多个；勾选全部事件后不必再选。"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, names: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["events"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]  # a MultipleChoiceField

    def wanted(self) -> list[str]:
        """Names of the facts to be told, or everything."""
        return [EVERYTHING] if self.cleaned_data["everything"] else self.cleaned_data["events"]


class ClearForm(forms.Form):
    name = forms.CharField(label=_("请输入企业名称确认"), max_length=200)

    def __init__(self, data: Any = None, *, expected: str) -> None:
        super().__init__(data)
        self.expected = expected

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if name != self.expected:
            raise forms.ValidationError(_("与企业名称不一致。"))
        return name
