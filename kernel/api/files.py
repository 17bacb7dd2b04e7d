"""Attachments over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from kernel import attachments
from kernel.api.views import ModuleAPIView
from kernel.views.files import as_answer, take_draft


class FileList(ModuleAPIView):
    """POST multipart `file` → 201 {id, name, size, content_type, sha256, url}: a draft until a document takes it."""

    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": {"type": "object"}}, responses={201: dict})
    def post(self, request: Any) -> Response:
        return self.created(take_draft(request, self.member))


class FileDetail(ModuleAPIView):
    """GET the bytes as a download; DELETE removes a draft of one's own (409 attachment_in_use)."""

    always_open = True  # a company may always fetch what is its own

    @extend_schema(responses={(200, "application/octet-stream"): bytes})
    def get(self, request: Any, attachment_id: int) -> Any:
        return as_answer(attachments.readable(attachment_id, member=self.member))

    @extend_schema(responses={204: None})
    def delete(self, request: Any, attachment_id: int) -> Response:
        attachments.remove_draft(attachment_id=attachment_id, member=self.member)
        return Response(status=204)
