"""工作日历: when the shop works."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.production.domain.codes import clean_code, code_key
from apps.production.domain.shifts import BadShift, day_spans, week_spans
from apps.production.models import Calendar, CalendarException, CalendarShift, ProductionSettings
from apps.production.services.capacity_seeding import ROUND_THE_CLOCK
from apps.production.services.plan_refusals import WrongState, absent, check_version, wrong
from kernel import audit
from kernel.errors import DomainError, Invalid
from tenants.rights import Member

Values = Mapping[str, Any]
LONGEST_NAME = 200


def bad_calendar(sentence: str, field: str) -> Invalid:
    return wrong("bad_calendar", sentence, field)


def duplicate_code(code: str) -> DomainError:
    sentence = _("编码“%(code)s”已被使用，请换一个。") % {"code": code}
    return DomainError(sentence, "duplicate_code", fields={"code": [sentence]})


def in_use(sentence: str) -> DomainError:
    return DomainError(sentence, "in_use")


@transaction.atomic
def save_calendar(*, calendar_id: int | None, values: Values, actor: Member) -> Calendar:
    """Create or change: `code, name, week [{weekday, from, to}], exceptions [{date, shifts [{from, to}]}]`.

    Lists that are given replace the old ones. Raises Invalid `bad_calendar`, DomainError `duplicate_code`,
    WrongState for the round-the-clock calendar, StaleVersion.
    """
    calendar = _locked(calendar_id) if calendar_id is not None else Calendar()
    is_new = calendar.pk is None
    if not is_new:
        check_version(calendar.version, values.get("version"))
        calendar.version += 1
        _check_changeable(calendar)
    set_code_and_name(calendar, values, is_new=is_new)
    week = _week(values["week"]) if values.get("week") is not None else None
    if is_new and week is None:
        raise bad_calendar(_("日历至少要有一个班次。"), "week")
    days = _exceptions(values["exceptions"]) if values.get("exceptions") is not None else None
    calendar.save()
    if week is not None:
        calendar.shifts.all().delete()
        CalendarShift.objects.bulk_create(
            CalendarShift(calendar=calendar, from_minute=start, to_minute=end) for start, end in week
        )
    if days is not None:
        calendar.exceptions.all().delete()
        CalendarException.objects.bulk_create(
            CalendarException(calendar=calendar, on=on, shifts=shifts) for on, shifts in days
        )
    verb = "create" if is_new else "change"
    audit.record(actor=actor, action=f"calendar.{verb}", object=f"calendar:{calendar.pk}", label=str(calendar))
    return calendar


def set_code_and_name(record: Any, values: Values, *, is_new: bool) -> None:
    """Write `code`, `code_key` and `name` of a calendar or work centre. Raises Invalid, `duplicate_code`."""
    if "code" in values or is_new:
        code = clean_code(str(values.get("code") or ""))
        if not code:
            raise wrong("invalid", _("编码不能为空，也不能有控制字符。"), "code")
        record.code, record.code_key = code, code_key(code)
        if type(record).objects.filter(code_key=record.code_key).exclude(pk=record.pk).exists():
            raise duplicate_code(code)
    if "name" in values or is_new:
        record.name = str(values.get("name") or record.code).strip()[:LONGEST_NAME]


def _locked(calendar_id: int) -> Calendar:
    found = Calendar.objects.select_for_update().filter(pk=calendar_id).first()
    if found is None:
        raise absent()
    return found


def _check_changeable(calendar: Calendar) -> None:
    if calendar.code_key == ROUND_THE_CLOCK:
        raise WrongState(_("全天日历 24x7 不能改，请新建一个日历。"))


def _week(rows: Sequence[Values]) -> list[tuple[int, int]]:
    try:
        return week_spans(rows)
    except BadShift as error:
        raise _refusal(error, "week") from error


def _exceptions(rows: Sequence[Values]) -> list[tuple[date, list[list[int]]]]:
    found: dict[date, list[list[int]]] = {}
    for index, row in enumerate(rows):
        field = f"exceptions.{index}"
        if row["date"] in found:
            raise bad_calendar(_("%(date)s 写了两次。") % {"date": row["date"]}, f"{field}.date")
        try:
            found[row["date"]] = [list(span) for span in day_spans(row.get("shifts") or ())]
        except BadShift as error:
            raise _refusal(error, f"{field}.shifts") from error
    return sorted(found.items())


def _refusal(error: BadShift, field: str) -> Invalid:
    sentences = {
        "clock": _("班次时间写成 08:00 到 17:00 这样。"),
        "weekday": _("星期写成 1 到 7，1 是星期一。"),
        "overlap": _("班次之间不能重叠。"),
        "none": _("日历至少要有一个班次。"),
    }
    spot = field if error.code == "none" else f"{field}.{error.at}"
    return bad_calendar(sentences[error.code], spot)


@transaction.atomic
def delete_calendar(*, calendar_id: int, actor: Member) -> None:
    """Remove a calendar nobody uses. Raises `in_use`, WrongState."""
    calendar = _locked(calendar_id)
    _check_changeable(calendar)
    if ProductionSettings.objects.filter(plan_calendar=calendar.code).exists():
        raise in_use(_("生产设置还在用这个日历。"))
    label = str(calendar)
    try:
        with transaction.atomic():
            calendar.delete()
    except (ProtectedError, IntegrityError) as error:
        raise in_use(_("还有工作中心在用日历 %(calendar)s。") % {"calendar": label}) from error
    audit.record(actor=actor, action="calendar.delete", object=f"calendar:{calendar_id}", label=label)
