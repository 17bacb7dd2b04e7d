"""扫码作业: one page for all tasks, for camera, photo, gun and typing."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.inventory.grid_form import number_of
from apps.inventory.models import StockDocument
from apps.inventory.selectors import documents as selectors
from apps.inventory.services import reversing, scan_doors, scanning
from apps.inventory.services.scanning.reading import UnknownCode
from apps.inventory.views import common
from apps.masterdata import public as masterdata
from kernel.clock import now, today
from kernel.errors import DomainError, NotFound
from kernel.http.gates import check_right, require_module
from kernel.http.policy import reads_barcodes
from kernel.http.request import Request
from tenants.rights import Member

KEPT = ("document", "warehouse", "location", "to_warehouse", "to_location", "lot")


@require_module("inventory", "inventory.view")
@require_GET
@reads_barcodes
def scan_page(request: Request) -> HttpResponse:
    """The page; its tasks are those the member may do."""
    places = [place.code for place in masterdata.find_warehouses() if place.kind == "normal"]
    context = {
        "tasks": _tasks(request.member.can("inventory.move")),
        "task": _task(request),
        "warehouses": common.warehouse_choices(),
        "warehouse": request.GET.get("warehouse", places[0] if places else ""),
        "document": request.GET.get("document", "")[:80],
    }
    return common.show(request, "inventory/scan/page.html", context)


def _task(request: Request) -> str:
    if not request.member.can("inventory.move"):
        return "look_up"
    wanted = scanning.task_named(request.GET.get("task", ""))
    return wanted if wanted in scanning.TASKS and wanted != "issue" else "ship"  # the page's 出库 is ship


def _tasks(may_move: bool) -> list[dict[str, Any]]:
    """Value, word, and whether it may be chosen."""
    return [
        {"value": "ship", "word": _("出库"), "open": may_move},
        {"value": "receive", "word": _("入库"), "open": may_move},
        {"value": "pick", "word": _("领料"), "open": may_move},
        {"value": "put_away", "word": _("上架"), "open": may_move},
        {"value": "move", "word": _("移库"), "open": may_move},
        {"value": "look_up", "word": _("查询"), "open": True},
        {"value": "count", "word": _("盘点"), "open": False},
        {"value": "report", "word": _("报工"), "open": False},
    ]


@require_module("inventory", "inventory.view")
@require_POST
def scan_hit(request: Request) -> HttpResponse:
    """One scan from the page → a row of 本次扫描; what is unknown or refused is a row, too."""
    posted = request.POST
    task = posted.get("task", "")
    if task != "look_up" and not request.member.can("inventory.move"):
        task = "look_up"
    context = scanning.ScanContext(**{name: posted.get(name, "").replace("\x00", "").strip()[:80] for name in KEPT})
    code = posted.get("code", "").strip()
    hit: dict[str, Any] = {"code": code[:200], "task": task}
    try:
        hit |= scanning.scan(
            task=task, code=code, quantity=number_of(posted.get("quantity", "").strip()), context=context,
            key=posted.get("key", "")[:80], actor=request.member, at=now(), today=today(),
        )  # fmt: skip
    except UnknownCode as error:
        hit |= {"unknown": True, "message": error.message, "looks_like": error.extra.get("looks_like", "")}
    except DomainError as error:
        hit |= {"refused": True, "message": error.message}
    if not request.htmx:  # no script on the page: say it there
        (messages.error if hit.get("unknown") or hit.get("refused") else messages.success)(request, hit["message"])
        return HttpResponseRedirect(f"{reverse('inventory:scan')}?{urlencode({'task': task})}")
    response = common.show(request, "inventory/scan/hit.html", {"hit": hit})
    if "context" in hit:
        response["HX-Trigger"] = json.dumps({"q-scan-context": hit["context"]})
    return response


@require_module("inventory", "inventory.move")
@require_POST
def scan_undo(request: Request, document_id: int) -> HttpResponse:
    """− of a hit: the document of that scan is reversed; what a work order took comes back to it as a return."""
    document = selectors.document_at(document_id)
    check_right(request.member, common.right_to_change(document.kind))
    hit: dict[str, Any] = {"code": request.POST.get("code", "")[:200], "task": request.POST.get("task", "")[:20]}
    try:
        words, number = _taken_back(document, request.member)
        hit |= {"undone": True, "message": words % {"number": number}}
    except NotFound:
        raise
    except DomainError as error:
        hit |= {"refused": True, "message": error.message}
    return common.show(request, "inventory/scan/hit.html", {"hit": hit})


def _taken_back(document: StockDocument, actor: Member) -> tuple[str, str]:
    """The sentence, and the number of the document that took the scan back."""
    door = scan_doors.door_of(document.source_kind)
    if door is not None and door.take_back is not None:
        return _("已撤销，退料单 %(number)s"), door.take_back(document.pk, actor, now())
    made = reversing.reverse(document_id=document.pk, actor=actor, at=now(), reason=_("扫码撤销"))
    return _("已撤销，红字单据 %(number)s"), made.number
