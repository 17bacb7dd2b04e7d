"""物料图片, class internal: files of the company that belong to one item; never part of a shared document."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.masterdata.models import Item
from kernel import attachments, audit
from kernel.errors import DomainError, NotFound
from kernel.models import Attachment
from tenants.rights import Member

ENDINGS = ("jpeg", "jpg", "png", "webp")
MOST = 12
RIGHT = "masterdata.view"


class TooManyPictures(DomainError):
    """An item has room for a dozen pictures."""

    code = "too_many_pictures"


def pictures_of(item: Item) -> QuerySet[Attachment]:
    """Pictures of an item, oldest first: the first one stands for it."""
    return attachments.of_owner(_owner(item))


def _owner(item: Item) -> str:
    return f"item:{item.pk}"


@transaction.atomic
def add_picture(*, item: Item, upload: Any, actor: Member, at: datetime) -> Attachment:
    """Keep an uploaded picture (JPEG, PNG, WebP). Raises TooManyPictures and what `attachments.store` raises."""
    Item.objects.select_for_update().get(pk=item.pk)
    if pictures_of(item).count() >= MOST:
        raise TooManyPictures(_("一个物料最多 %(n)d 张图片，请先删除不用的。") % {"n": MOST})
    kept = attachments.store(upload, member=actor, stored_at=at, owner=_owner(item), right=RIGHT, endings=ENDINGS)
    _record(item, kept, "picture.add", actor)
    return kept


@transaction.atomic
def remove_picture(*, item: Item, picture_id: int, actor: Member) -> None:
    """Remove one picture of this item. Raises NotFound."""
    found = pictures_of(item).filter(pk=picture_id).first()
    if found is None:
        raise NotFound(_("找不到这张图片。"))
    _record(item, found, "picture.remove", actor)
    attachments.forget([found])


def forget_pictures(item: Item) -> None:
    """The item goes, its pictures go with it; call in its transaction."""
    attachments.forget(list(pictures_of(item)))


def move_pictures(*, kept: Item, dropped: Item) -> None:
    """Two items become one: all pictures stay."""
    pictures_of(dropped).update(owner=_owner(kept))


def _record(item: Item, picture: Attachment, action: str, actor: Member) -> None:
    audit.record(actor=actor, action=action, object=_owner(item), label=f"{item} {picture.name}"[:200])
