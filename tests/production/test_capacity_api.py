"""Calendars, work centres and routings over HTTP."""

from typing import Any

from tests.production.given import BASE, given_item, got, posted, refused, rows_of

DAY_SHIFT = [
    {"weekday": day, "from": start, "to": end}
    for day in range(1, 6)
    for start, end in (("08:00", "12:00"), ("13:00", "17:00"))
]


def sent(api: Any, path: str, body: Any) -> Any:
    return api.post(BASE + path, body, format="json")


def test_a_fresh_company_has_the_calendar_that_never_closes(plant: Any) -> None:
    found = got(plant, "calendars/24x7/")

    assert len(found["week"]) == 7
    assert found["week"][0] == {"weekday": 1, "from": "00:00", "to": "24:00"}
    refused(plant.patch(f"{BASE}calendars/24x7/", {"name": "x"}, format="json"), 409, "wrong_state")


def test_a_calendar_is_written_and_read_back(plant: Any) -> None:
    body = {
        "code": "DAY",
        "name": "白班",
        "week": [*DAY_SHIFT, {"weekday": 6, "from": "20:00", "to": "04:00"}],
        "exceptions": [
            {"date": "2026-10-01", "shifts": []},
            {"date": "2026-10-10", "shifts": [{"from": "08:00", "to": "12:00"}]},
        ],
    }

    made = posted(plant, "calendars/", body)

    assert got(plant, "calendars/day/")["week"][-1] == {"weekday": 6, "from": "20:00", "to": "04:00"}
    assert made["exceptions"][0] == {"date": "2026-10-01", "shifts": []}
    assert made["exceptions"][1]["shifts"] == [{"from": "08:00", "to": "12:00"}]


def test_shifts_that_cannot_be_are_refused(plant: Any) -> None:
    overlapping = [{"weekday": 1, "from": "08:00", "to": "12:00"}, {"weekday": 1, "from": "11:00", "to": "17:00"}]
    around_sunday = [{"weekday": 7, "from": "20:00", "to": "06:00"}, {"weekday": 1, "from": "05:00", "to": "13:00"}]

    for week in (overlapping, around_sunday, [], [{"weekday": 1, "from": "8 Uhr", "to": "12:00"}]):
        refused(sent(plant, "calendars/", {"code": "BAD", "name": "x", "week": week}), 400, "bad_calendar")
    twice = [{"date": "2026-10-01", "shifts": []}, {"date": "2026-10-01", "shifts": []}]
    answer = sent(plant, "calendars/", {"code": "BAD", "week": DAY_SHIFT, "exceptions": twice})
    refused(answer, 400, "bad_calendar")
    assert (
        sent(plant, "calendars/", {"code": "B", "week": [{"weekday": 8, "from": "08:00", "to": "9:00"}]}).status_code
        == 400
    )


def test_a_work_centre_names_a_calendar_and_its_code_is_unique(plant: Any) -> None:
    posted(plant, "calendars/", {"code": "DAY", "name": "白班", "week": DAY_SHIFT})
    body = {"code": "CNC-01", "name": "数控车床 1#", "kind": "machine", "units": 2, "calendar": "DAY"}
    body |= {"efficiency": "0.9", "machine_rate": "30", "labour_rate": "25.5", "overhead_rate": "8"}

    made = posted(plant, "work-centres/", body)

    assert (made["units"], made["efficiency"], made["calendar"], made["labour_rate"]) == (2, "0.9", "DAY", "25.5")
    refused(sent(plant, "work-centres/", {**body, "code": "ｃｎｃ-01"}), 409, "duplicate_code")
    refused(sent(plant, "work-centres/", {"code": "X", "name": "x", "calendar": "NIGHT"}), 400, "bad_calendar")
    assert sent(plant, "work-centres/", {"code": "X", "name": "x", "units": 0}).status_code == 400
    assert sent(plant, "work-centres/", {"code": "X", "name": "x", "efficiency": "0"}).status_code == 400
    refused(plant.delete(f"{BASE}calendars/DAY/"), 409, "in_use")


def test_a_routing_is_versioned_and_only_one_is_in_force(plant: Any) -> None:
    given_item(plant, "FLANGE-50")
    posted(plant, "work-centres/", {"code": "CNC", "name": "数控车床"})
    posted(plant, "work-centres/", {"code": "MILL", "name": "铣床"})
    steps = [
        {"seq": 10, "name": "车", "work_centre": "CNC", "setup_minutes": "30", "run_minutes": "2.5",
         "alternatives": [{"work_centre": "MILL", "run_minutes": "4"}]},
        {"seq": 20, "name": "检", "work_centre": "MILL", "run_minutes": "1", "report_point": True, "piece_rate": "0.8"},
    ]  # fmt: skip

    made = posted(plant, "routings/", {"item": "FLANGE-50", "version": "A", "steps": steps, "activate": True})

    assert (made["state"], made["version"], len(made["steps"])) == ("active", "A", 2)
    assert made["steps"][0]["alternatives"] == [
        {"work_centre": "MILL", "setup_minutes": "30", "run_minutes": "4", "fixed_minutes": "0"}
    ]
    again = {"item": "FLANGE-50", "version": "B", "steps": steps, "activate": True}
    refused(sent(plant, "routings/", again), 409, "bom_overlap")
    draft = posted(plant, "routings/", {**again, "activate": False})
    plant.post(f"{BASE}routings/{made['id']}/retire/", {}, format="json")
    assert posted(plant, f"routings/{draft['id']}/activate/", {}, status=200)["state"] == "active"
    assert [row["version"] for row in rows_of(plant, "routings/", item="FLANGE-50")] == ["B", "A"]


def test_a_routing_with_faults_is_refused_at_its_spot(plant: Any) -> None:
    given_item(plant, "FLANGE-50")
    posted(plant, "work-centres/", {"code": "CNC", "name": "数控车床"})

    unknown = sent(plant, "routings/", {"item": "FLANGE-50", "steps": [{"seq": 10, "work_centre": "LASER"}]})
    nothing = sent(plant, "routings/", {"item": "NO-SUCH", "steps": []})
    fine = sent(plant, "routings/", {"item": "FLANGE-50",
                "steps": [{"seq": 10, "work_centre": "CNC", "run_minutes": "1.1234567"}]})  # fmt: skip

    assert "steps.0.work_centre" in refused(unknown, 400, "unknown_work_centre")["fields"]
    refused(nothing, 400, "unknown_item")
    refused(fine, 400, "too_many_decimals")


def test_who_may_and_who_may_not(plant: Any, api_of: Any) -> None:
    posted(plant, "work-centres/", {"code": "CNC", "name": "数控车床"})

    assert sent(api_of("bob"), "work-centres/", {"code": "X", "name": "x"}).status_code == 403
    assert api_of("charlie").get(f"{BASE}work-centres/CNC/").status_code in (402, 404)
