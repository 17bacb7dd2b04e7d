"""One scan: once for each key, whatever the network repeats."""

import uuid
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.inventory.models import ScanHit
from apps.inventory.services.scanning import tasks
from apps.inventory.services.scanning.reading import Understood, understand
from kernel.errors import Invalid
from tenants.rights import Member

TASKS = ("receive", "issue", "ship", "pick", "move", "put_away", "look_up")
MOST_KEY = 80


def task_named(text: str) -> str:
    """The task as `TASKS` writes it: `look-up`, `Put away` and `lookup` are understood, too."""
    name = text.strip().lower().replace("-", "_").replace(" ", "_")
    return {"lookup": "look_up", "putaway": "put_away"}.get(name, name)


@dataclass(frozen=True, kw_only=True)
class ScanContext:
    """What the scans before have settled; the answer carries it for the next one."""

    document: str = ""
    warehouse: str = ""
    location: str = ""
    to_warehouse: str = ""
    to_location: str = ""
    lot: str = ""


@transaction.atomic
def scan(
    *,
    task: str,
    code: str,
    quantity: Decimal | None,
    context: ScanContext,
    key: str,
    actor: Member,
    at: datetime,
    today: date,
) -> dict[str, Any]:
    """Understand one scan, post it when nothing is missing, and say what comes next.

    The answer is {understood, posted, next, message, context, stock, lines, link}; `next` is scan, quantity, lot,
    serial, warehouse or target; `lines` what a work order still wants, or a box holds; `link` {url, text} a page that
    goes on with it. A `key` seen before gets its first answer again. Raises `unknown_code`, and what posting raises.
    """
    task = task_named(task)
    if task not in TASKS:
        raise Invalid(_("没有这种扫码作业。"), "unknown_task", fields={"task": [_("没有这种扫码作业。")]})
    if len(key) > MOST_KEY:
        raise Invalid(_("key 太长，最多 80 个字符。"), fields={"key": [_("key 太长，最多 80 个字符。")]})
    row_id = _claim(key or f"auto:{uuid.uuid4()}", task, code, actor, at)
    if row_id is None:
        return {**ScanHit.objects.get(key=key).answer, "repeated": True}
    answer = _answer(task, code, quantity, context, key, actor, at, today)
    ScanHit.objects.filter(pk=row_id).update(answer=answer)
    return answer


def _answer(
    task: str, code: str, quantity: Decimal | None, context: ScanContext, key: str, actor: Member, at: datetime,
    today: date,
) -> dict[str, Any]:  # fmt: skip
    found = understand(code, task=task, actor=actor, today=today)
    if found.kind in ("location", "order") or found.document is not None:
        return _settled(task, found, context)
    step = tasks.Step(
        task=task, found=found, quantity=quantity, context=asdict(context), key=key, actor=actor, at=at, today=today
    )
    outcome = tasks.run(step)
    kept = replace(context, lot="") if outcome.posted else context
    return answered(found, kept, outcome)


def _settled(task: str, found: Understood, context: ScanContext) -> dict[str, Any]:
    """A place or a document was scanned: the next scan happens there, or for it."""
    if found.document is not None:
        kept = context if task == "look_up" else replace(context, document=found.order)
        return answered(found, kept, tasks.of_document(found.document))
    if found.kind == "order":
        kept = replace(context, document=found.order)
        return answered(found, kept, tasks.Outcome("scan", _("订单 %(number)s，请扫物料。") % {"number": found.order}))
    kept, words = _placed(task, found, context)
    place = f"{found.warehouse}/{found.location}"
    return answered(found, kept, tasks.Outcome("scan", words % {"place": place}))


def _placed(task: str, found: Understood, context: ScanContext) -> tuple[ScanContext, str]:
    """Where goods come from or go to, now that this location was scanned.

    上架: the scanned location is where they go. 移库: the first one is where they come from, a further one where they
    go; the first one once more begins anew.
    """
    elsewhere = bool(context.warehouse) and context.warehouse != found.warehouse
    further = bool(context.location) and context.location != found.location
    if (elsewhere and task in ("move", "put_away")) or (further and task == "move"):
        kept = replace(context, to_warehouse=found.warehouse, to_location=found.location)
        return kept, _("移到 %(place)s，请扫物料。")
    kept = replace(context, warehouse=found.warehouse, location=found.location)
    if task == "put_away":
        return replace(kept, to_warehouse="", to_location=""), _("放到 %(place)s，请扫物料。")
    if task == "move" and context.location:
        kept = replace(kept, to_warehouse="", to_location="")
    return kept, _("库位 %(place)s，请扫物料。")


def answered(found: Understood, context: ScanContext, outcome: tasks.Outcome) -> dict[str, Any]:
    """The answer as JSON."""
    item = found.item
    understood = {
        "kind": found.kind,
        "code": found.code,
        "item": item.code if item else None,
        "name": item.name if item else "",
        "lot": found.lot or None,
        "serial": found.serial or None,
        "quantity": tasks.shown(outcome.quantity if outcome.quantity is not None else found.quantity),
        "unit": found.unit or (item.stock_unit if item else None),
        "warehouse": found.warehouse or None,
        "location": found.location or None,
    }
    return {
        "understood": understood,
        "posted": outcome.posted,
        "next": outcome.next,
        "message": outcome.message,
        "context": asdict(context),
        "stock": outcome.stock,
        "lines": outcome.lines,
        "link": outcome.link,
    }


def _claim(key: str, task: str, code: str, actor: Member, at: datetime) -> int | None:
    # A rival with the same key waits here for the first one's commit, then finds its answer.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inventory_scanhit (key, task, code, answer, scanned_by_id, scanned_by_name, scanned_at) "
            "VALUES (%s, %s, %s, '{}', %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
            [key, task, code.replace("\x00", "")[:1000], actor.user_id, actor.name, at],
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])
