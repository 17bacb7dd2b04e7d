"""Imports over HTTP: POST a file, 202 with a job; GET the job with counts, errors and the file of bad rows.

A module's urls: `path("items/", include(import_urls("masterdata.items")))`, finance with `shape=finance_shape`.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.response import Response

from kernel.api.pagination import Pages
from kernel.api.views import ModuleAPIView
from kernel.clock import now
from kernel.errors import Invalid
from kernel.exports import XLSX, as_download
from kernel.imports import kinds, services, template_file
from kernel.models import ImportJob

Shape = Callable[[ImportJob], dict[str, Any]]


def file_url(attachment_id: int | None) -> str | None:
    """Where the API gives the file out."""
    return f"/api/v1/files/{attachment_id}/" if attachment_id else None


def finance_shape(job: ImportJob) -> dict[str, Any]:
    """finance.md §17: all states, counts as rows_…, errors listed."""
    return {
        "id": job.pk,
        "state": job.state,
        "mode": job.mode,
        "rows_total": job.rows_total,
        "rows_ok": job.rows_ok,
        "rows_bad": job.rows_bad,
        "rows_skipped": job.rows_skipped,
        "created": job.created,
        "updated": job.updated,
        "warnings": job.warnings,
        "errors": job.errors,
        "warning_rows": job.warning_rows,
        "error_file": file_url(job.error_file_id),
        "message": job.message,
        "undo_until": _moment(job.undo_until) if job.undone_at is None else None,
    }


def masterdata_shape(job: ImportJob) -> dict[str, Any]:
    """masterdata.md §5, inventory.md §13: an all-or-nothing import that met errors is `failed`, with created 0."""
    refused = job.state == ImportJob.State.REFUSED
    return {
        "id": job.pk,
        "state": ImportJob.State.FAILED.value if refused else job.state,
        "mode": job.mode,
        "rows": job.rows_total,
        "created": job.created,
        "updated": job.updated,
        "skipped": job.rows_skipped,
        "failed": job.rows_bad,
        "warnings": job.warnings,
        "errors": job.errors,
        "warning_rows": job.warning_rows,
        "error_file": file_url(job.error_file_id),
        "message": job.message,
        "undo_until": _moment(job.undo_until) if job.undone_at is None else None,
    }


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None


class ImportInput(serializers.Serializer[Any]):
    """The form of an upload."""

    file = serializers.FileField()
    mode = serializers.ChoiceField(choices=ImportJob.Mode.choices, default=ImportJob.Mode.ALL_OR_NOTHING)
    on_existing = serializers.ChoiceField(choices=ImportJob.OnExisting.choices, default=ImportJob.OnExisting.REFUSE)


class ImportView(ModuleAPIView):
    """Module and rights come from the kind; further words of the path (`stocktakes/<int:stocktake>/`) are options."""

    kind_key = ""
    shape: Shape = staticmethod(masterdata_shape)

    @property
    def kind(self) -> kinds.ImportKind:
        return kinds.get(self.kind_key)

    @property
    def module(self) -> str | None:  # type: ignore[override]  # the gate reads it from the kind
        return self.kind.module

    @property
    def rights(self) -> dict[str, str | None]:  # type: ignore[override]  # as above
        return {"GET": self.kind.view_right or self.kind.right, "*": self.kind.right}


class ImportList(ImportView):
    """POST multipart `file`, `mode`, `on_existing` → 202 {"id", "state"}; GET the jobs, newest first."""

    parser_classes = [MultiPartParser, FormParser]

    @extend_schema(request=ImportInput, responses={202: dict})
    def post(self, request: Any, **words: Any) -> Response:
        data = ImportInput(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        job = services.take_in(
            kind=self.kind,
            upload=given["file"],
            member=self.member,
            now=now(),
            mode=given["mode"],
            on_existing=given["on_existing"],
            options=self._options(request, words),
        )
        services.start(job)
        job.refresh_from_db()
        return Response({"id": job.pk, "state": type(self).shape(job)["state"]}, status=status.HTTP_202_ACCEPTED)

    def _options(self, request: Any, words: dict[str, Any]) -> dict[str, str]:
        options = {name: str(request.data[name]) for name in self.kind.options if name in request.data}
        return options | {name: str(value) for name, value in words.items()}

    @extend_schema(responses={200: dict})
    def get(self, request: Any, **words: Any) -> Response:
        jobs = ImportJob.objects.filter(kind=self.kind_key, is_trial=False).select_related("file").order_by("-id")
        paginator = Pages()
        page: Any = paginator.paginate_queryset(jobs, request, view=self) or []
        found: Response = paginator.get_paginated_response([type(self).shape(job) for job in page])
        return found


class ImportDetail(ImportView):
    """GET one job; DELETE is not offered: what was imported is taken back with `undo/`."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any, job_id: int, **words: Any) -> Response:
        return Response(type(self).shape(services.job_of(job_id, self.kind_key)))


class ImportUndo(ImportView):
    """POST takes the import back within 24 hours; 409 import_not_undoable, import_undo_expired or the kind's reason."""

    @extend_schema(request=None, responses={200: dict})
    def post(self, request: Any, job_id: int, **words: Any) -> Response:
        job = services.undo(job_id=job_id, kind=self.kind, member=self.member, now=now())
        return Response(type(self).shape(job))


class ImportTemplate(ImportView):
    """GET the workbook to fill in; headings in the reader's language."""

    @extend_schema(responses={(200, XLSX): bytes})
    def get(self, request: Any, **words: Any) -> Any:
        return template_response(self.kind)


def template_response(kind: kinds.ImportKind) -> Any:
    """The template of `kind` as a download."""
    if not kind.columns:
        raise Invalid("没有模板。")
    response = HttpResponse(content_type=XLSX)
    template_file.write(kind, response, english=(get_language() or "").startswith("en"))  # type: ignore[arg-type]
    return as_download(response, f"{kind.title}.xlsx")


def import_urls(kind_key: str, *, shape: Shape = masterdata_shape, prefix: str = "imports/") -> list[URLPattern]:
    """`imports/`, `imports/template/`, `imports/<id>/`, `imports/<id>/undo/` of one kind, to include below its list."""
    given = {"kind_key": kind_key, "shape": staticmethod(shape)}

    def view(base: type[ImportView]) -> Any:
        return type(base.__name__, (base,), given).as_view()  # type: ignore[attr-defined]  # of APIView

    name = kind_key.replace(".", "-")
    return [
        path(prefix, view(ImportList), name=f"{name}-imports"),
        path(f"{prefix}template/", view(ImportTemplate), name=f"{name}-import-template"),
        path(f"{prefix}<int:job_id>/", view(ImportDetail), name=f"{name}-import"),
        path(f"{prefix}<int:job_id>/undo/", view(ImportUndo), name=f"{name}-import-undo"),
    ]
