"""规则编辑: what a person fills in about a posting rule, turned into what the services take and back."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.finance.domain.rules import RuleLine, text_of
from apps.finance.models import PostingRule, PostingRuleVersion
from apps.finance.services.posting_rules import RuleInput, VersionInput
from kernel.errors import DomainError

SIDES = (("debit", _("借")), ("credit", _("贷")))
SPARE_ROWS = 3
OWN_WORDS = {"lang": "zh-CN"}  # the company's own, on English pages too
_PAIR = re.compile(r"\s*([^=＝:：]+?)\s*[=＝:：]\s*(.*?)\s*")


def read_pairs(text: str) -> dict[str, str]:
    """`reason = MATERIAL`, one a line or divided by semicolons. Raises ValidationError on a part without `=`."""
    pairs: dict[str, str] = {}
    for part in re.split(r"[\n;；]", text):
        if not part.strip():
            continue
        found = _PAIR.fullmatch(part)
        if found is None or found.group(1) in pairs:
            raise forms.ValidationError(
                _("“%(part)s”读不懂，请写成 字段=值，每个字段一次。") % {"part": part.strip()[:40]}
            )
        pairs[found.group(1)] = found.group(2)
    return pairs


def pairs_text(pairs: Mapping[str, Any], divider: str) -> str:
    """The inverse of `read_pairs`."""
    return divider.join(f"{name}={text_of(value)}" for name, value in pairs.items())


class PairsField(forms.CharField):
    """Pairs as text; clean value is a dict."""

    def clean(self, value: Any) -> Any:
        return read_pairs(super().clean(value) or "")


class VersionForm(forms.Form):
    """The head of a version."""

    when = PairsField(
        label=_("适用条件"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个 字段=值，全部相等才适用；不填则适用于这类业务的全部。"),
    )  # fmt: skip
    word = forms.ChoiceField(label=_("凭证字"), widget=forms.Select(attrs=OWN_WORDS))
    summary = forms.CharField(
        label=_("摘要"),
        max_length=200,
        widget=forms.TextInput(attrs=OWN_WORDS),
        help_text=_("可以用 {字段} 引用业务数据，例如 领料 {item}。"),
    )

    def __init__(self, *args: Any, words: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].choices = words  # type: ignore[attr-defined]  # a ChoiceField


class LineForm(forms.Form):
    """One line of a version; a row without account and amount is left out."""

    side = forms.ChoiceField(label=_("方向"), choices=SIDES)
    account = forms.CharField(label=_("科目"), max_length=200, required=False)
    amount = forms.CharField(label=_("金额字段"), max_length=61, required=False)
    aux = PairsField(label=_("辅助核算"), max_length=400, required=False)
    quantity = forms.CharField(label=_("数量字段"), max_length=61, required=False)

    @property
    def line(self) -> RuleLine | None:
        """The line, None for an empty row."""
        data = self.cleaned_data
        if not data.get("account") and not data.get("amount"):
            return None
        return RuleLine(data["side"], data["account"], data["amount"], data["aux"], data["quantity"] or None)


LineFormSet = forms.formset_factory(LineForm, extra=SPARE_ROWS, max_num=60)


class RuleHeadForm(forms.Form):
    """What a rule is and when it is asked."""

    code = forms.CharField(label=_("规则编码"), max_length=40)
    name = forms.CharField(label=_("规则名称"), max_length=80, widget=forms.TextInput(attrs=OWN_WORDS))
    fact = forms.CharField(
        label=_("业务类型"), max_length=60, help_text=_("例如 StockMoved、SalesInvoiced，或自有系统的类型。")
    )
    priority = forms.IntegerField(
        label=_("优先级"), min_value=0, max_value=9999, initial=100, help_text=_("小的先用，第一条适用的规则生效。")
    )
    grouping = forms.ChoiceField(label=_("汇总方式"), choices=PostingRule.Grouping.choices)
    auto_review = forms.BooleanField(
        label=_("自动审核"), required=False, help_text=_("开启后由规则代替审核人签字，只留记账由人完成。")
    )


class RuleSwitchForm(RuleHeadForm):
    """The same for a rule that is there: code and kind of fact stay."""

    active = forms.BooleanField(label=_("启用"), required=False)
    field_order = ["name", "priority", "grouping", "active", "auto_review"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"], self.fields["fact"]


class StockAccountForm(forms.Form):
    """存货科目 of an item category."""

    category = forms.CharField(label=_("物料分类"), max_length=120)
    account = forms.CharField(
        label=_("存货科目"), max_length=20, help_text=_("1403、1405、1408 或 1411 及其末级科目。")
    )


class Editor:
    """The forms of a version on one page, bound or with what a version says."""

    def __init__(self, words: list[tuple[str, str]], *, data: Any = None, version: PostingRuleVersion | None = None):
        head: dict[str, Any] = {"word": words[0][0] if words else ""}
        rows: list[dict[str, Any]] = [{"side": "debit"}, {"side": "credit"}]
        if version is not None:
            head = {"when": pairs_text(version.when, "\n"), "word": version.word, "summary": version.summary}
            rows = [{**line, "aux": pairs_text(line["aux"], ";")} for line in version.lines]
        self.form = VersionForm(data, words=words, initial=head, prefix="v")
        # With initial rows a row sent back as it was would count as an empty one.
        self.rows = LineFormSet(data, initial=rows if data is None else None, prefix="lines")
        self.bound = data is not None

    def is_valid(self) -> bool:
        """Both forms may be read."""
        return self.bound and self.form.is_valid() and self.rows.is_valid()

    def version(self) -> VersionInput:
        """What the services take."""
        lines = [row.line for row in self.rows.forms]
        return VersionInput(**self.form.cleaned_data, lines=[line for line in lines if line is not None])

    def take(self, error: DomainError, *others: forms.Form) -> None:
        """A refusal on the fields it names, `version.lines.0.account` on the row; what has no place stands on top."""
        kept = [row for row in self.rows.forms if row.line is not None]
        for spot, texts in (error.fields or {}).items():
            words = " ".join(str(text) for text in texts)
            if not self._place(spot.removeprefix("version."), words, kept, others):
                self.form.add_error(None, words)
        if not error.fields:
            self.form.add_error(None, error.message)

    def _place(self, spot: str, words: str, rows: list[Any], others: tuple[forms.Form, ...]) -> bool:
        parts = spot.split(".")
        if len(parts) == 3 and parts[0] == "lines" and int(parts[1]) < len(rows) and parts[2] in rows[0].fields:
            rows[int(parts[1])].add_error(parts[2], words)
            return True
        for form in (self.form, *others):
            if spot in form.fields:
                form.add_error(spot, words)
                return True
        return False


def rule_input(head: Mapping[str, Any], version: VersionInput) -> RuleInput:
    """A new rule from both forms."""
    return RuleInput(**head, version=version)
