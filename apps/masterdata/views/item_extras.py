"""What hangs on an item: its pictures and its labels."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.masterdata.labels import label_response, labels_of
from apps.masterdata.models import Item
from apps.masterdata.selectors import finding, lists
from apps.masterdata.services import pictures
from kernel.clock import now
from kernel.errors import DomainError, Invalid
from kernel.http.gates import require_right
from kernel.http.request import Request


@require_right("masterdata.edit")
@require_POST
def picture_add(request: Request, item_id: int) -> HttpResponse:
    """上传图片: what is wrong with the file is said on the item's page."""
    item = get_object_or_404(finding.live_items(), pk=item_id)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise Invalid(_("请选择图片。"))
        pictures.add_picture(item=item, upload=upload, actor=request.member, at=now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("图片已保存"))
    return redirect("masterdata:item", item.pk)


@require_right("masterdata.edit")
@require_POST
def picture_remove(request: Request, item_id: int, picture_id: int) -> HttpResponse:
    item = get_object_or_404(finding.live_items(), pk=item_id)
    pictures.remove_picture(item=item, picture_id=picture_id, actor=request.member)
    messages.success(request, _("图片已删除"))
    return redirect("masterdata:item", item.pk)


@require_right("masterdata.view")
@require_GET
def item_labels(request: Request) -> HttpResponse:
    """打印标签: `?ids=1,2&size=60x40&copies=3`, items in the order that was asked for."""
    wanted = _ids(request.GET.get("ids", ""))
    found: dict[int, Item] = {row.pk: row for row in lists.shown_items(finding.live_items()).filter(pk__in=wanted)}
    items = [found[pk] for pk in wanted if pk in found]
    copies = request.GET.get("copies", "1")
    number = int(copies) if copies.isdecimal() and len(copies) < 4 else 0
    return label_response(labels_of(items, copies=number), request.GET.get("size", "60x40"))


def _ids(text: str) -> list[int]:
    return list(dict.fromkeys(int(part) for part in text.split(",")[:500] if part.isdecimal() and len(part) < 19))
