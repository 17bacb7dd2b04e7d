"""Schedule board, work centres, calendars and routings as pages."""

from typing import Any

import pytest

from apps.production.models import Routing, Schedule, ScheduledStep, WorkCentre
from tests.production.given import inside_hongda, posted
from tests.production.test_schedule_api import order, run, shop  # noqa: F401  # `shop` is a fixture


@pytest.fixture
def planned(shop: Any) -> Any:  # noqa: F811  # the fixture above
    """A published plan of two orders."""
    order(shop, "FLANGE-50", "100", "2099-03-02")
    order(shop, "SHAFT-32", "100", "2099-03-01")
    found = run(shop)
    posted(shop, f"schedule-runs/{found['id']}/publish/", {}, status=200)
    return shop


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_board_shows_bars_by_name(planned: Any, page_of: Any) -> None:
    answer = page_of("alice").get("/production/board/?from=2099-03-01")

    page = text(answer)
    assert answer.status_code == 200
    assert "<h1>排产看板" in page and 'aria-label="排产甘特图"' in page
    assert "FLANGE-50，" in page and "03-02 至 03-02" in page
    assert "SHAFT-32，延误，" in page  # due the day before the plan begins
    assert "自动排产" in page and "新建工单" in page and "style=" not in page


@pytest.mark.parametrize("zoom", ["hour", "day", "week", "month", "nonsense"])
def test_every_scale_opens(planned: Any, page_of: Any, zoom: str) -> None:
    assert page_of("alice").get(f"/production/board/?zoom={zoom}&from=2099-02-30&run=0x1").status_code == 200


def test_a_bar_is_moved_by_its_form(planned: Any, page_of: Any) -> None:
    with inside_hongda():
        row = ScheduledStep.objects.filter(published=True, seq=20).order_by("-start_at").first()
    assert row is not None
    path = f"/production/board/steps/{row.step_id}/"
    page = page_of("alice")

    shown = page.get(path)
    wrong = page.post(path, {"start_at": "soon", "work_centre": "PACK"})
    moved = page.post(path, {"start_at": "2099-03-09T09:00", "work_centre": "PACK"})

    assert "改期" in text(shown)
    assert wrong.status_code == 422
    assert moved.status_code == 302
    with inside_hongda():
        after = ScheduledStep.objects.get(pk=row.pk)
    assert f"{after.start_at:%Y-%m-%d %H:%M}" == "2099-03-09 01:00"  # UTC


def test_a_drop_on_a_taken_place_asks_first(planned: Any, page_of: Any) -> None:
    with inside_hongda():
        first, second = ScheduledStep.objects.filter(published=True, seq=10).order_by("start_at")[:2]
    page = page_of("alice")
    body = {"start_at": first.start_at.isoformat(), "work_centre": "CNC", "unit": "1"}

    asked = page.post(f"/production/board/steps/{second.step_id}/move/", body, headers={"HX-Request": "true"})
    pushed = page.post(
        f"/production/board/steps/{second.step_id}/move/", {**body, "push": "on"}, headers={"HX-Request": "true"}
    )

    assert "这个时间已被占用" in text(asked)
    assert "工序已改期" in text(pushed)
    with inside_hongda():
        assert ScheduledStep.objects.get(pk=second.pk).start_at == first.start_at


def test_what_cannot_give_way_is_said_without_a_question(planned: Any, page_of: Any) -> None:
    with inside_hongda():
        first = ScheduledStep.objects.filter(published=True, seq=10).order_by("-start_at").first()
        assert first is not None
        own = ScheduledStep.objects.get(published=True, seq=20, work_order_id=first.work_order_id)
        other = ScheduledStep.objects.filter(published=True, seq=10).exclude(pk=first.pk).get()
    page = page_of("alice")
    before = {"start_at": first.start_at.isoformat(), "work_centre": "PACK", "unit": "1"}
    fixed = {"start_at": other.start_at.isoformat(), "work_centre": "CNC", "unit": "1"}

    early = page.post(f"/production/board/steps/{own.step_id}/move/", before, headers={"HX-Request": "true"})
    page.post(f"/production/board/steps/{other.step_id}/pin/", {"pinned": "1"})
    blocked = page.post(f"/production/board/steps/{first.step_id}/move/", fixed, headers={"HX-Request": "true"})

    assert "上一道工序那时还没完成" in text(early) and "顺延后面的工序" not in text(early)
    assert "已固定，不能顺延" in text(blocked) and "这个时间已被占用" not in text(blocked)
    with inside_hongda():
        assert ScheduledStep.objects.get(pk=own.pk).start_at == own.start_at


def test_late_orders_have_their_page(planned: Any, page_of: Any) -> None:
    with inside_hongda():
        run_id = Schedule.objects.get(is_published=True).pk

    answer = page_of("alice").get(f"/production/board/runs/{run_id}/late/")

    assert "延误分析" in text(answer) and "2099-03-01" in text(answer)


def test_a_work_centre_and_a_calendar_are_entered(plant: Any, page_of: Any) -> None:
    page = page_of("alice")
    week = {f"day_{day}": "08:00-12:00 13:00-17:00" for day in range(1, 6)}

    saved = page.post("/production/calendars/new/", {"code": "DAY", "name": "白班", **week, "days": "2026-10-01 休"})
    overlap = page.post("/production/calendars/new/", {"code": "BAD", "name": "x", "day_1": "08:00-12:00 11:00-13:00"})
    garbage = page.post("/production/calendars/new/", {"code": "BAD", "name": "x", "day_1": "morning"})
    centre = {"code": "CNC", "name": "数控车床", "kind": "machine", "units": "1", "calendar": "DAY", "efficiency": "1"}
    entered = page.post("/production/work-centres/new/", centre)
    again = page.post("/production/work-centres/new/", centre)

    assert (saved.status_code, entered.status_code) == (302, 302)
    assert (overlap.status_code, garbage.status_code, again.status_code) == (422, 422, 422)
    assert "08:00-12:00 13:00-17:00" in text(page.get("/production/calendars/"))
    assert "数控车床" in text(page.get("/production/work-centres/"))
    with inside_hongda():
        centre_id = WorkCentre.objects.get(code="CNC").pk
    assert page.get(f"/production/work-centres/{centre_id}/").status_code == 200


def test_a_routing_is_edited_and_keeps_what_its_rows_do_not_show(shop: Any, page_of: Any) -> None:  # noqa: F811  # the fixture
    with inside_hongda():
        routing = Routing.objects.select_related("item").order_by("id").first()
        assert routing is not None
        routing.steps.filter(seq=10).update(fixed_minutes=7)
    page, path = page_of("alice"), f"/production/routings/{routing.pk}/"
    rows = {"s0-seq": "10", "s0-work_centre": "CNC", "s0-run_minutes": "3", "s1-seq": "30", "s1-work_centre": "PACK"}

    saved = page.post(path, {"version": "1", **rows})
    unknown = page.post(path, {"version": "1", "s0-seq": "10", "s0-work_centre": "LASER"})

    assert saved.status_code == 302 and unknown.status_code == 422
    with inside_hongda():
        steps = list(routing.steps.order_by("seq").values_list("seq", "run_minutes", "fixed_minutes"))
    assert [(seq, int(run_minutes), int(fixed)) for seq, run_minutes, fixed in steps] == [(10, 3, 7), (30, 0, 0)]


def test_who_may_not_schedule_sees_no_button(planned: Any, page_of: Any) -> None:
    page = page_of("bob")

    shown = page.get("/production/board/?from=2099-03-01")
    refused = page.post("/production/board/run/")

    assert shown.status_code == 200 and "data-move" not in text(shown) and "自动排产</span>" not in text(shown)
    assert refused.status_code == 403


def test_english_pages_hold_no_chinese_words_of_ours(planned: Any, page_of: Any) -> None:
    page = page_of("alice")
    page.post("/pref/", {"lang": "en"})

    shown = text(page.get("/production/board/?from=2099-03-01"))

    assert "Schedule board" in shown and "工作中心" not in shown
