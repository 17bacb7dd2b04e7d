"""Base of all API views: the module and rights it needs, idempotent POST, and lists that are Excel too."""

from typing import Any, cast

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request as DrfRequest
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel.api import idempotency
from kernel.api.permissions import OperatorOnly
from kernel.models import IdempotencyKey
from kernel.models.documents import AbstractIdempotencyKey
from tenants.rights import Member


class ModuleAPIView(APIView):
    """A view of one module.

    `module`: None = always on. `rights`: {"GET": "finance.view", "*": "finance.prepare"}; "*" = every unsafe method.
    `key_required`: POST without Idempotency-Key is refused.
    """

    module: str | None = None
    rights: dict[str, str | None] = {}
    always_open = False
    key_required = False
    idempotency_model: type[AbstractIdempotencyKey] = IdempotencyKey

    @property
    def member(self) -> Member:
        return cast(Member, self.request.auth)  # set by MemberAuthentication

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._key_row: AbstractIdempotencyKey | None = None
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Exception:
            if self._key_row is not None:
                idempotency.release(self._key_row)
            raise
        if self._key_row is not None:
            idempotency.finish(self._key_row, cast(HttpResponse, response))
        return response

    def initial(self, request: DrfRequest, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "POST":
            return
        if self.key_required and not request.headers.get("Idempotency-Key"):
            raise idempotency.KeyRequired(_("这个操作需要 Idempotency-Key。"))
        row = idempotency.begin(request._request, self.idempotency_model)
        if row is not None and row.status is not None:
            raise _Replay(row)
        self._key_row = row

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, _Replay):
            return exc.response  # type: ignore[return-value]  # a plain answer, stored as text
        return super().handle_exception(exc)

    def created(self, data: Any) -> Response:
        return Response(data, status=status.HTTP_201_CREATED)


class _Replay(Exception):
    """Leaves `initial` with the stored answer."""

    def __init__(self, row: AbstractIdempotencyKey) -> None:
        super().__init__()
        self.response = idempotency.replayed(row)


class OperatorAPIView(ModuleAPIView):
    """A view of the operator's API on the bare domain."""

    permission_classes = [OperatorOnly]
    always_open = True
