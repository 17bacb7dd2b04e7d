"""Options of the lookup boxes: what may be used now, as JSON."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.masterdata import public
from kernel.errors import NotFound
from kernel.http.gates import require_right
from kernel.http.request import Request

MOST = 50


@require_right("masterdata.view")
@require_GET
def lookup(request: Request, kind: str) -> HttpResponse:
    """{"results": [{code, text, hint}]} of what `kind` names in `_FINDERS`."""
    search = request.GET.get("q", "")
    if kind not in _FINDERS:
        raise NotFound(_("找不到您要的内容。"))
    return JsonResponse({"results": [_option(row) for row in _FINDERS[kind](search)]})


def _option(row: Any) -> dict[str, str]:
    hint = getattr(row, "spec", "") or getattr(row, "stock_unit_name", "")
    return {"code": row.code, "text": row.name, "hint": hint}


_FINDERS: dict[str, Callable[[str], Sequence[Any]]] = {
    "items": lambda search: public.find_items(search, limit=MOST),
    "partners": lambda search: public.find_partners(search, limit=MOST, usable_only=True),
    "customers": lambda search: public.find_partners(search, customers=True, limit=MOST, usable_only=True),
    "suppliers": lambda search: public.find_partners(search, suppliers=True, limit=MOST, usable_only=True),
    "warehouses": lambda search: public.find_warehouses(search),
    "departments": lambda search: public.find_departments(search, limit=MOST),
    "employees": lambda search: public.find_employees(search, limit=MOST),
}
