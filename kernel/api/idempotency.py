"""Idempotency-Key on POST: the same key and body replays the first answer; another body is refused; a rival waits."""

import base64
import contextlib
import hashlib
import json
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.response import Response

from kernel.clock import machine_now
from kernel.errors import DomainError, Invalid
from kernel.models import IdempotencyKey
from kernel.models.documents import AbstractIdempotencyKey

KEPT = timedelta(hours=48)
ABANDONED = timedelta(seconds=60)
# Marks an answer that is a file: its bytes and its name are kept as JSON.
AS_FILE = ";as-file"


class IdempotencyConflict(DomainError):
    """The key was used with another body, or its first use has not ended."""

    code = "idempotency_conflict"


class KeyRequired(DomainError):
    """This command moves money: it needs a key."""

    code = "idempotency_key_required"
    http_status = 400


def fingerprint(request: HttpRequest) -> str:
    """Hash of the body; of a form with files, hash of its fields and contents (the boundary differs every time)."""
    if request.content_type != "multipart/form-data":
        return hashlib.sha256(request.body).hexdigest()
    digest = hashlib.sha256(repr(sorted(request.POST.lists())).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.size)).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def begin(request: HttpRequest, model: type[AbstractIdempotencyKey] = IdempotencyKey) -> Any | None:
    """The stored row: fresh (`status` None) = run the command and `finish`; answered = replay. None = no key sent."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or request.method != "POST":
        return None
    if len(key) > 200:
        raise Invalid(_("Idempotency-Key 太长，最多 200 个字符。"))
    actor = f"user:{request.member.user_id}" if request.member else "anonymous"  # type: ignore[attr-defined]
    if request.company:  # type: ignore[attr-defined]
        actor = f"company:{request.company.id}"  # type: ignore[attr-defined]
    row = _insert_or_get(model, key, actor, f"{request.method} {request.path}", fingerprint(request))
    if row.body_hash != fingerprint(request) or row.method_path != f"{request.method} {request.path}":
        raise IdempotencyConflict(_("这个 Idempotency-Key 已用于另一个请求。"))
    return row


def _insert_or_get(
    model: type[AbstractIdempotencyKey], key: str, actor: str, path: str, body_hash: str
) -> AbstractIdempotencyKey:
    fresh = model(key=key, actor=actor, method_path=path, body_hash=body_hash, created_at=machine_now())
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        row = model._default_manager.filter(key=key, actor=actor).first()
        if row is None:  # its first use was refused or broke this very moment
            raise _in_flight() from None
        if row.status is not None:
            return row
        if machine_now() - row.created_at < ABANDONED:
            raise _in_flight() from None
        # The first try died before it answered: its transaction is gone, so this one may run.
        model._default_manager.filter(pk=row.pk, status=None).update(created_at=machine_now(), body_hash=body_hash)
        row.body_hash = body_hash
        return row
    return fresh


def _in_flight() -> IdempotencyConflict:
    return IdempotencyConflict(_("同一请求正在处理，请稍后再试。"), extra={"retry_after": 1})


def finish(row: AbstractIdempotencyKey, response: HttpResponse) -> None:
    """Keep the answer. Refusals that are not the command's own outcome (401, 429, 5xx) are not kept."""
    if response.status_code >= 500 or response.status_code in (401, 402, 403, 429):
        type(row)._default_manager.filter(pk=row.pk).delete()
        return
    if isinstance(response, Response):
        response.render()
        content_type, body = response.headers.get("Content-Type", "application/json"), response.content.decode()
    else:
        content_type, body = f"{response['Content-Type']}{AS_FILE}", _file_text(response)
    type(row)._default_manager.filter(pk=row.pk).update(
        status=response.status_code, body=body, content_type=content_type
    )


def _file_text(response: HttpResponse) -> str:
    name = response.headers.get("Content-Disposition", "")
    return json.dumps({"name": name, "bytes": base64.b64encode(response.content).decode()})


def replayed(row: AbstractIdempotencyKey) -> HttpResponse:
    """The stored answer, once more."""
    kind, mark, _rest = row.content_type.partition(AS_FILE)
    if not mark:
        response = HttpResponse(row.body, status=row.status, content_type=kind)
    else:
        file = json.loads(row.body)
        response = HttpResponse(base64.b64decode(file["bytes"]), status=row.status, content_type=kind)
        if file["name"]:
            response["Content-Disposition"] = file["name"]
    response["Idempotent-Replayed"] = "true"
    return response


def release(row: AbstractIdempotencyKey) -> None:
    """The command broke and left nothing behind: the next try may run at once."""
    with contextlib.suppress(DatabaseError):  # what broke may be the database: the key is then given up as abandoned
        type(row)._default_manager.filter(pk=row.pk, status=None).delete()


def forget_old(model: type[AbstractIdempotencyKey] = IdempotencyKey) -> int:
    """Remove keys older than they are promised to live; run by the scheduler."""
    return model._default_manager.filter(created_at__lt=machine_now() - KEPT).delete()[0]
