"""Files of a company: checked by content, stored under a random name, given out as downloads only."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from kernel import filetypes
from kernel.errors import DomainError, Invalid, NotFound, PaymentRequired
from kernel.models import Attachment
from tenants.context import current_company
from tenants.rights import Member

MEGABYTE = 1024 * 1024
PAPERS = frozenset(filetypes.TYPES)
CHUNK = 256 * 1024
QUOTA_LOCK = 7203  # beside billing's 7201 and 7202


class TooLarge(DomainError):
    """The file is above the limit of one upload."""

    code = "too_large"
    http_status = 413


class StorageFull(PaymentRequired):
    """The company's files would take more than its quota."""

    code = "storage_quota_exceeded"


class FileRefused(Invalid):
    """Empty, of a kind we do not take, or not what its name says."""

    code = "file_refused"


class NotADraft(DomainError):
    """The file belongs to a document and stays with it."""

    code = "attachment_in_use"


def too_large() -> TooLarge:
    """The sentence of every refused upload, before and after the bytes came."""
    limit = settings.QZ_UPLOAD_LIMIT // MEGABYTE
    return TooLarge(_("文件太大：一次最多上传 %(limit)d MB，请压缩或拆分后再传。") % {"limit": limit})


def store(
    upload: Any,
    *,
    member: Member | None,
    stored_at: datetime,
    owner: str = "",
    right: str = "",
    endings: Iterable[str] = PAPERS,
) -> Attachment:
    """Keep an uploaded file (`name`, `size`, file-like). `owner` is `voucher:17` or empty for a draft.

    Raises TooLarge (413), FileRefused (400: empty, other ending than `endings`, content is not what the name says),
    StorageFull (402).
    """
    name = _clean_name(upload.name)
    if upload.size > settings.QZ_UPLOAD_LIMIT:
        raise too_large()
    if not upload.size:
        raise FileRefused(_("文件是空的，请重新选择。"), "file_empty", fields={"file": [_("文件是空的。")]})
    content_type = _check_content(name, upload, frozenset(endings))
    with transaction.atomic():
        _check_quota(upload.size)
        return _keep(upload, name, content_type, member=member, stored_at=stored_at, owner=owner, right=right)


def store_result(
    file: IO[bytes],
    *,
    name: str,
    member: Member | None,
    stored_at: datetime,
    owner: str = "",
    right: str = "",
) -> Attachment:
    """Keep a file that we made ourselves (error list, print, archive); it is never refused for want of space."""
    content_type = filetypes.TYPES.get(filetypes.ending_of(name), "application/octet-stream")
    wrapped = File(file, name=name)
    return _keep(wrapped, name, content_type, member=member, stored_at=stored_at, owner=owner, right=right)


def _clean_name(name: str | None) -> str:
    base = (name or "").replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in base if letter.isprintable()).strip()
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[:180]}{dot}{ending[:10]}" if dot else kept[:190]


def _check_content(name: str, upload: Any, endings: frozenset[str]) -> str:
    ending = filetypes.ending_of(name)
    if ending not in endings:
        known = _("、").join(sorted(endings))
        message = _("不支持这种文件，请上传 %(known)s。") % {"known": known}
        raise FileRefused(message, "file_type_refused", fields={"file": [message]})
    if not filetypes.matches(ending, upload):
        message = _("文件内容与扩展名 .%(ending)s 不符，请检查文件是否损坏或被改名。") % {"ending": ending}
        raise FileRefused(message, "file_content_refused", fields={"file": [message]})
    return filetypes.TYPES[ending]


def _keep(
    upload: Any, name: str, content_type: str, *, member: Member | None, stored_at: datetime, owner: str, right: str
) -> Attachment:
    digest = _digest(upload)
    path = default_storage.save(f"{current_company().schema_name}/{secrets.token_hex(20)}", upload)
    return Attachment.objects.create(
        name=name,
        path=path,
        sha256=digest,
        size=upload.size,
        content_type=content_type,
        owner=owner,
        right=right,
        created_at=stored_at,
        created_by_id=member.user_id if member else None,
        created_by_name=member.name if member else "",
    )


def _digest(upload: Any) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    while chunk := upload.read(CHUNK):
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _check_quota(size: int) -> None:
    """Raises StorageFull. Uploads of one company go one after the other: two must not share the last megabyte."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(current_schema()))", [QUOTA_LOCK])
    quota = current_company().storage_quota_mb
    if used_bytes() + size > quota * MEGABYTE:
        raise StorageFull(
            _("企业的文件空间 %(quota)d MB 已用完，请删除不用的文件或联系我们扩容。") % {"quota": quota},
            extra={"quota_mb": quota},
        )


def used_bytes() -> int:
    """Bytes that this company's files take."""
    return Attachment.objects.aggregate(total=Sum("size"))["total"] or 0


def readable(attachment_id: int, *, member: Member) -> Attachment:
    """The file if it exists in this company and `member` may fetch it; else NotFound: both answers are the same."""
    found = Attachment.objects.filter(pk=attachment_id).first()
    if found is None or (found.right and not member.can(found.right)):
        raise NotFound(_("找不到您要的文件。"))
    return found


def open_file(attachment: Attachment) -> IO[bytes]:
    """The bytes, from the start. Raises NotFound when the store has lost them."""
    if not attachment.path.startswith(f"{current_company().schema_name}/"):
        raise NotFound(_("找不到您要的文件。"))
    try:
        return default_storage.open(attachment.path)
    except FileNotFoundError:
        raise NotFound(_("找不到您要的文件。")) from None


def of_owner(owner: str) -> QuerySet[Attachment]:
    """Files of one object (`voucher:17`), oldest first."""
    return Attachment.objects.filter(owner=owner).order_by("id")


@transaction.atomic
def attach(*, attachment_id: int, owner: str, member: Member, right: str = "") -> Attachment:
    """Give a draft of `member` to `owner`; a file that already belongs to another object is refused."""
    found = Attachment.objects.select_for_update().filter(pk=attachment_id, created_by_id=member.user_id).first()
    if found is None:
        raise NotFound(_("找不到您要的文件。"))
    if found.owner not in ("", owner):
        raise NotADraft(_("这个文件已属于另一份单据。"))
    found.owner, found.right = owner, right or found.right
    found.save(update_fields=["owner", "right"])
    return found


@transaction.atomic
def remove_draft(*, attachment_id: int, member: Member) -> None:
    """Remove a file that belongs to nothing yet. Raises NotFound, NotADraft."""
    found = Attachment.objects.select_for_update().filter(pk=attachment_id, created_by_id=member.user_id).first()
    if found is None:
        raise NotFound(_("找不到您要的文件。"))
    if found.owner:
        raise NotADraft(_("文件已随单据保存，不能单独删除。"))
    forget([found])


def forget(attachments: Iterable[Attachment]) -> int:
    """Remove rows now and their bytes after the commit; for drafts and results that have had their time."""
    paths, count = [], 0
    for found in attachments:
        paths.append(found.path)
        found.delete()
        count += 1
    transaction.on_commit(partial(_delete_bytes, paths), robust=True)
    return count


def _delete_bytes(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)
