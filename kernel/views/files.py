"""Files of the company: uploaded as drafts, given out as downloads only."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, JsonResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kernel import attachments
from kernel.clock import now
from kernel.errors import Invalid
from kernel.http.gates import check_access, require_member
from kernel.models import Attachment
from tenants.rights import Member


@require_GET
@require_member
def download(request: Any, attachment_id: int) -> HttpResponseBase:
    """The file if the member may have it, else 404; never shown in the page's own origin."""
    return as_answer(attachments.readable(attachment_id, member=request.member))


def as_answer(found: Attachment) -> HttpResponseBase:
    response = FileResponse(attachments.open_file(found), content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    response["Content-Length"] = str(found.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@require_member
def upload(request: Any) -> JsonResponse:
    """A draft for a form: the form keeps its id, so that a refused form does not lose the file."""
    check_access(request.company, request.method)
    return JsonResponse(take_draft(request, request.member), status=201)


def take_draft(request: HttpRequest, member: Member) -> dict[str, Any]:
    """Store `file` of the form as a draft of `member`."""
    given = request.FILES.get("file")
    if given is None:
        raise Invalid(_("请选择文件。"), fields={"file": [_("请选择文件。")]})
    return described(attachments.store(given, member=member, stored_at=now()))


def described(found: Attachment) -> dict[str, Any]:
    """A file as JSON."""
    return {
        "id": found.pk,
        "name": found.name,
        "size": found.size,
        "content_type": found.content_type,
        "sha256": found.sha256,
        "url": f"/api/v1/files/{found.pk}/",
    }
