"""Shapes of the import wizard: the file, the matching of columns, the choice before the start."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.imports.kinds import ImportKind
from kernel.models import ImportJob

MODES = [("all_or_nothing", _("全部正确才导入")), ("skip_bad_rows", _("跳过错误行，导入其余各行"))]
EXISTING = [("refuse", _("已存在的算作错误")), ("update", _("更新已存在的（只改文件里有的列）"))]


class UploadForm(forms.Form):
    """步骤一 上传."""

    file = forms.FileField(label=_("选择文件"))

    def __init__(self, *args: Any, kind: ImportKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = _("、").join(f".{ending}" for ending in kind.accepts)
        self.fields["file"].help_text = _("支持 %(endings)s，最大 50 MB，最多 20 万行。") % {"endings": endings}
        self.fields["file"].widget.attrs["class"] = "form-control"
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{ending}" for ending in kind.accepts)
        for name in kind.options:
            label = kind.option_labels.get(name, name)
            self.fields[name] = forms.CharField(label=label, max_length=200)


class MatchForm(forms.Form):
    """步骤二 匹配列: for each column of the kind, the column of the file or none."""

    def __init__(
        self, *args: Any, kind: ImportKind, headings: Sequence[str], matched: dict[str, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        english = (get_language() or "").startswith("en")
        choices = [("", _("不导入")), *[(heading, heading) for heading in dict.fromkeys(headings) if heading]]
        for column in kind.columns:
            self.fields[column.key] = forms.ChoiceField(
                label=column.english if english and column.english else column.heading,
                choices=choices,
                required=column.required,
                initial=headings[matched[column.key]] if column.key in matched else "",
                error_messages={"required": _("请选择对应的列。")},
            )

    def mapping(self) -> dict[str, str]:
        """{column key: heading}; a column left out is kept as empty, so that its name is not guessed again."""
        return {column.key: self.cleaned_data.get(column.key, "") for column in self.kind.columns}


class StartForm(forms.Form):
    """步骤三: how to import what was checked."""

    mode = forms.ChoiceField(label=_("遇到错误行"), choices=MODES, widget=forms.RadioSelect)
    on_existing = forms.ChoiceField(label=_("遇到已存在的"), choices=EXISTING, required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, kind: ImportKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not kind.can_update:
            self.fields.pop("on_existing")

    def changes(self) -> dict[str, str]:
        return {
            "mode": self.cleaned_data["mode"],
            "on_existing": self.cleaned_data.get("on_existing") or ImportJob.OnExisting.REFUSE,
        }
