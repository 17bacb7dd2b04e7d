"""Base of the finance API: module, rights, exports, and refusals of the arithmetic."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request as DrfRequest
from rest_framework.response import Response

from apps.finance.api.params import Params
from apps.finance.domain.errors import BookkeepingError
from apps.finance.services.refusals import as_refusal
from kernel.api.lists import ExportListMixin
from kernel.api.views import ModuleAPIView
from kernel.http.gates import check_right

# The chart and the opening are settings of the book (finance.md section 13), over the API as on the pages.
SETTINGS: dict[str, str | None] = {"GET": "finance.view", "*": "finance.settings"}


class FinanceView(ExportListMixin, ModuleAPIView):
    """A view of the books. Reading needs `finance.view`, a file `finance.export`, changing `finance.prepare`."""

    module = "finance"
    rights: dict[str, str | None] = {"GET": "finance.view", "*": "finance.prepare"}

    def initial(self, request: DrfRequest, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "GET" and self._wanted_format():
            check_right(self.member, "finance.export")

    def handle_exception(self, exc: Exception) -> Response:
        return super().handle_exception(as_refusal(exc) if isinstance(exc, BookkeepingError) else exc)

    @property
    def params(self) -> Params:
        """The query string, read with care."""
        return Params(self.request.query_params)

    def body(self, serializer_class: Any) -> dict[str, Any]:
        """The request body in shape. Raises ValidationError (400 `invalid`, fields name the spot)."""
        data = serializer_class(data=self.request.data)
        data.is_valid(raise_exception=True)
        found: dict[str, Any] = data.validated_data
        return found


def query(*names: str, optional: Iterable[str] = ()) -> list[OpenApiParameter]:
    """Query parameters for the schema."""
    wanted = [OpenApiParameter(name, str, required=True) for name in names]
    return wanted + [OpenApiParameter(name, str, required=False) for name in optional]
