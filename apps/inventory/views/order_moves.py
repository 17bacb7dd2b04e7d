"""发货, 收货 and 退货 from the order's page: a dialog with a quantity for each line, open again when it is refused."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from apps.inventory.grid_form import day_of, number_of
from apps.inventory.services.orders import moving
from apps.inventory.services.orders.sides import Side
from apps.inventory.services.orders.values import MoveInput, Posting
from kernel.clock import now, today
from kernel.errors import DomainError, Invalid
from kernel.http.once import FIELD, fresh_key, run_once
from kernel.http.request import Request

DIALOGS = {"ship": "deliver", "receive": "deliver", "return": "take_back"}


def dialog(lines: list[dict[str, Any]], *, gives: bool, posted: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What stands in a dialog: `gives` offers what is open of each line; `posted` shows what was typed instead."""
    typed = posted or {}
    return {
        "warehouse": typed.get("warehouse", ""),
        "moved_on": typed.get("moved_on", today().isoformat()),
        "once": fresh_key(),
        "field": FIELD,
        "rows": [
            {
                "row": line["row"],
                "open": line["open"],
                "quantity": typed.get(
                    f"quantity-{line['row'].line}", f"{line['open'].normalize():f}" if gives and not posted else ""
                ),
                **{
                    name: typed.get(f"{name}-{line['row'].line}", "")
                    for name in ("lot", "serials", "expires")
                },
            }
            for line in lines
            if (line["open"] > 0 if gives else line["row"].done > line["row"].returned)
        ],
    }  # fmt: skip


def move(request: Request, side: Side, order_id: int, verb: str, back: str) -> DomainError | HttpResponseRedirect:
    """Post what the dialog asks for and go `back`; answers the refusal when there is one."""
    act = moving.take_back if verb == "return" else moving.deliver
    try:
        lines, how = _lines(request.POST), _posting(request)
        return HttpResponseRedirect(run_once(request, lambda: _moved(request, act, side, order_id, lines, how, back)))
    except DomainError as error:
        if request.htmx or error.http_status in (403, 404):
            raise
        return error


def _moved(
    request: Request, act: Callable[..., Any], side: Side, order_id: int, lines: list[MoveInput], how: Posting,
    back: str,
) -> str:  # fmt: skip
    document = act(side=side, order_id=order_id, lines=lines, how=how)
    messages.success(request, _("单据 %(number)s 已记账") % {"number": document.number})
    return back


def _posting(request: Request) -> Posting:
    typed = request.POST.get("moved_on", "")
    moved_on = day_of(typed) if typed else today()
    if moved_on is None:
        raise Invalid(_("请填写日期，例如 2026-01-31。"))
    return Posting(warehouse=request.POST.get("warehouse", "")[:64], moved_on=moved_on, actor=request.member, at=now())


def _lines(posted: Mapping[str, str]) -> list[MoveInput]:
    """Lines with a quantity. The service takes no lines for all of them: a clerk who typed nothing did not say that."""
    found = []
    for name in posted:
        place = name.removeprefix("quantity-")
        text = str(posted[name]).strip()
        if place == name or not place.isdigit() or len(place) > 6 or not text:
            continue
        quantity = number_of(text)
        if quantity is None or quantity < 0:
            raise Invalid(_("第 %(line)s 行的数量不是数字：%(text)s") % {"line": place, "text": text[:20]})
        if quantity > 0:
            found.append(_line(posted, place, quantity))
    if not found:
        raise Invalid(_("请至少填写一行的数量。"))
    return found


def _line(posted: Mapping[str, str], place: str, quantity: Any) -> MoveInput:
    typed = str(posted.get(f"expires-{place}", ""))
    expires_on = day_of(typed)
    if typed and expires_on is None:
        raise Invalid(_("请填写日期，例如 2026-01-31。"))
    return MoveInput(
        line=int(place),
        quantity=quantity,
        lot=str(posted.get(f"lot-{place}", "")).strip()[:64],
        serials=tuple(str(posted.get(f"serials-{place}", "")).split()),
        expires_on=expires_on,
    )
