"""What the board and the pages of capacity take in; shape only."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import get_default_timezone, is_naive, localtime
from django.utils.translation import gettext_lazy as _

from apps.production.domain.codes import code_key
from apps.production.models import ScheduledStep, WorkCentre, WorkOrderStep
from kernel.errors import DomainError


class StartField(forms.CharField):
    """A moment as a date-time box or the board writes it."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            found = datetime.fromisoformat(str(text).strip().replace(" ", "T"))
        except ValueError:
            found = None
        if found is None or not 2001 <= found.year <= 2099:
            raise forms.ValidationError(_("时间写成 2026-03-02 08:00 这样。"))
        return found.replace(tzinfo=get_default_timezone()) if is_naive(found) else found


class MoveForm(forms.Form):
    """改期 of one step."""

    start_at = StartField(label=_("开始时间"), max_length=40, widget=forms.TextInput(attrs={"type": "datetime-local"}))
    work_centre = forms.ChoiceField(label=_("工作中心"))
    unit = forms.IntegerField(required=False, min_value=1, max_value=500, widget=forms.HiddenInput)
    push = forms.BooleanField(label=_("有冲突时顺延后面的工序"), required=False)

    def __init__(self, *args: Any, row: ScheduledStep, **options: Any) -> None:
        super().__init__(*args, **options)
        self.refusal: DomainError | None = None
        box: Any = self.fields["work_centre"]
        box.choices = _ways(row)
        self.initial = {"start_at": f"{localtime(row.start_at):%Y-%m-%dT%H:%M}", "work_centre": row.work_centre.code}


def _ways(row: ScheduledStep) -> list[tuple[str, str]]:
    """The machines a step may go to: its own and its alternatives."""
    step = WorkOrderStep.objects.select_related("work_centre").filter(pk=row.step_id).first()
    keys = {row.work_centre.code_key}
    if step is not None:
        keys |= {step.work_centre.code_key, *(code_key(str(one["work_centre"])) for one in step.alternatives)}
    centres = WorkCentre.objects.filter(code_key__in=keys).order_by("code_key", "id")
    return [(centre.code, f"{centre.code} {centre.name}") for centre in centres]
