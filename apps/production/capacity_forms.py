"""Forms of work centres, calendars and routings; shape only."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from apps.production.domain.shifts import clock
from apps.production.domain.worktime import DAY
from apps.production.models import Calendar, RoutingStep, WorkCentre
from apps.production.plan_forms import amount, day

SHIFT = re.compile(r"(\d{1,2}:\d{2})-(\d{1,2}:\d{2})")
WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
CLOSED = ("休", "休息", "off", "closed")
Shifts = list[dict[str, Any]]


class CentreForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(label=_("编码"), max_length=64)
    name = forms.CharField(label=_("名称"), max_length=200)
    kind = forms.ChoiceField(label=_("类型"), choices=WorkCentre.Kind.choices)
    units = forms.IntegerField(
        label=_("数量"), min_value=1, max_value=500, initial=1, help_text=_("相同的设备有几台。")
    )
    calendar = forms.ChoiceField(label=_("工作日历"))
    efficiency = amount(_("效率"), 4, required=True, help_text=_("1 = 按工艺时间，0.8 = 慢两成。"))
    machine_rate = amount(_("设备费率（元/小时）"), 6)
    labour_rate = amount(_("人工费率（元/小时）"), 6)
    overhead_rate = amount(_("制造费用率（元/小时）"), 6, help_text=_("不填就用生产设置里的。"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        box: Any = self.fields["calendar"]
        box.choices = [(row.code, f"{row.code} {row.name}") for row in Calendar.objects.order_by("code_key", "id")]
        box.widget.attrs["lang"] = "zh-CN"  # names as the company gave them

    def clean_efficiency(self) -> Any:
        value = self.cleaned_data["efficiency"]
        if not value or value >= 100_000:
            raise forms.ValidationError(_("效率要大于零。"))
        return value

    def values(self) -> dict[str, Any]:
        """What the service takes; an empty rate is zero, an empty overhead the company's."""
        given = dict(self.cleaned_data)
        for name in ("machine_rate", "labour_rate"):
            given[name] = given[name] or 0
        return given


class CalendarForm(forms.Form):
    """Seven boxes of shifts and a box of days that differ."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    code = forms.CharField(label=_("编码"), max_length=64)
    name = forms.CharField(label=_("名称"), max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number, word in enumerate(WEEKDAYS, start=1):
            self.fields[f"day_{number}"] = forms.CharField(label=word, required=False, max_length=200)
        self.fields["days"] = forms.CharField(
            label=_("例外日期"),
            required=False,
            max_length=60_000,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("一行一天：2026-10-01 休，或 2026-10-10 08:00-12:00。"),
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["week"] = [
            {"weekday": number, **shift}
            for number in range(1, 8)
            for shift in self._shifts(f"day_{number}", given.get(f"day_{number}", ""))
        ]
        given["exceptions"] = self._exceptions(given.get("days", ""))
        return given

    def _shifts(self, field: str, text: str) -> Shifts:
        words = [word for word in re.split(r"[\s,，;；、]+", text.replace("～", "-").replace("—", "-").strip()) if word]
        found = [SHIFT.fullmatch(word.replace("：", ":")) for word in words]
        if None in found:
            self.add_error(field, say("班次写成 08:00-12:00 13:00-17:00 这样。"))
        return [{"from": one[1].zfill(5), "to": one[2].zfill(5)} for one in found if one is not None]

    def _exceptions(self, text: str) -> list[dict[str, Any]]:
        found = []
        for line in text.splitlines():
            on, _blank, rest = line.strip().partition(" ")
            if not on:
                continue
            try:
                day_of = date.fromisoformat(on)
            except ValueError:
                self.add_error("days", say("“%(text)s”不是日期。") % {"text": on[:30]})
                continue
            rest = rest.strip()
            shifts = [] if rest.casefold() in CLOSED or not rest else self._shifts("days", rest)
            found.append({"date": day_of, "shifts": shifts})
        return found

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("version", "code", "name", "week", "exceptions")}


def calendar_initial(row: Calendar) -> dict[str, Any]:
    """A saved calendar as the boxes write it."""
    found: dict[str, Any] = {"code": row.code, "name": row.name, "version": row.version}
    for number in range(1, 8):
        base = (number - 1) * DAY
        shifts = [one for one in row.shifts.all() if one.from_minute // DAY == number - 1]
        found[f"day_{number}"] = " ".join(
            f"{clock(one.from_minute - base)}-{clock(one.to_minute - base)}" for one in shifts
        )
    lines = []
    for one in row.exceptions.all():
        spans = " ".join(f"{clock(start)}-{clock(end)}" for start, end in one.shifts)
        lines.append(f"{one.on.isoformat()} {spans or say('休')}")
    found["days"] = "\n".join(lines)
    return found


class RoutingForm(forms.Form):
    """The head of a routing; its steps are rows of text fields beside it."""

    version_no = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.CharField(label=_("版本"), max_length=20, required=False, help_text=_("不填就取下一个号。"))
    valid_from = day(_("生效日期"))
    valid_to = day(_("失效日期"))


class StepForm(forms.Form):
    """One row: a step, its machine and its minutes. `alternative` is one other machine with its own minutes a piece."""

    seq = forms.IntegerField(min_value=1, max_value=99_999)
    name = forms.CharField(max_length=100, required=False)
    work_centre = forms.CharField(max_length=64)
    setup_minutes = amount("", 6)
    run_minutes = amount("", 6)
    queue_minutes = amount("", 6)
    overlap_quantity = amount("", 4)
    alternative = forms.CharField(max_length=64, required=False)
    alternative_run = amount("", 6)
    piece_rate = amount("", 6)

    def values(self, kept: dict[str, Any]) -> dict[str, Any]:
        """What the service takes; what the row does not show stays as `kept` has it."""
        given = dict(self.cleaned_data)
        alternative, run = given.pop("alternative"), given.pop("alternative_run")
        others = list(kept.get("alternatives") or [])
        first = {**(others[0] if others else {}), "work_centre": alternative}
        if run is not None:
            first["run_minutes"] = run
        given["alternatives"] = ([first] if alternative else []) + others[1:]
        given["overlap_quantity"] = given["overlap_quantity"] or None
        return {**kept, **given}


KEPT = ("fixed_minutes", "setup_group", "inspect", "subcontract", "report_point", "alternatives")


def step_initial(step: RoutingStep) -> dict[str, Any]:
    """A saved step as its row writes it."""
    other = (step.alternatives or [{}])[0]
    shown = {name: _plain(getattr(step, name)) for name in ("setup_minutes", "run_minutes", "queue_minutes")}
    return {
        "seq": step.seq,
        "name": step.name,
        "work_centre": step.work_centre.code,
        "overlap_quantity": _plain(step.overlap_quantity),
        "alternative": other.get("work_centre", ""),
        "alternative_run": other.get("run_minutes", ""),
        "piece_rate": _plain(step.piece_rate),
        **shown,
    }


def _plain(value: Any) -> str:
    return f"{value.normalize():f}" if value else ""
