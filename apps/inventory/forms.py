"""Shapes of the plain forms of inventory; grids are read by `grid_form`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.inventory.models.settings import Method, Scope


class SettingsForm(forms.Form):
    default_method = forms.ChoiceField(label=_("默认计价方法"), choices=Method.choices)
    default_scope = forms.ChoiceField(label=_("默认计价范围"), choices=Scope.choices)
    stocktake_tolerance = forms.DecimalField(
        label=_("盘点差异容差"), required=False, min_value=0, max_digits=18, decimal_places=4,
        help_text=_("差异超过它要第二个人确认；不填就不需要。"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
