"""Widgets whose choices are a company's own words."""

from typing import Any

from django import forms
from django.utils.translation import get_language

from kernel.templatetags.qz import CHINESE


class DataSelect(forms.Select):
    """Choices like names of people: marked as Chinese on English pages, so that they are read as such."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, label, *args, **kwargs)
        if (get_language() or "").startswith("en") and CHINESE.search(str(label)):
            option["attrs"]["lang"] = "zh-CN"
        return option
