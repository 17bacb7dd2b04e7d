"""book/: the books themselves."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.finance.api import shapes
from apps.finance.api.base import FinanceView
from apps.finance.api.inputs import BookBody, KindBody, SetupBody
from apps.finance.models import Book, TaxpayerKind
from apps.finance.services import book as services
from kernel.clock import now


def _answer(book: Book) -> dict[str, Any]:
    return shapes.book_shape(book, list(TaxpayerKind.objects.order_by("from_date")))


class BookView(FinanceView):
    """GET the book (state `new` before set-up); PATCH its settings."""

    rights = {"GET": "finance.view", "*": "finance.settings"}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Any) -> Response:
        return Response(_answer(services.current_book()))

    @extend_schema(request=BookBody, responses=OpenApiTypes.OBJECT)
    def patch(self, request: Any) -> Response:
        data = self.body(BookBody)
        version = data.pop("version", None)
        change = services.BookChange(**data)
        return Response(_answer(services.alter_book(change=change, actor=self.member, version=version)))


class SetupView(FinanceView):
    """POST makes the book with chart and periods."""

    rights = {"*": "finance.settings"}

    @extend_schema(request=SetupBody, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Any) -> Response:
        data = {name: value for name, value in self.body(SetupBody).items() if value is not None}
        made = services.set_up_book(setup=services.BookSetup(**data), actor=self.member, at=now())
        return self.created(_answer(made))


class StartView(FinanceView):
    """POST puts the book in use."""

    rights = {"*": "finance.settings"}

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any) -> Response:
        return Response(_answer(services.start_book(actor=self.member)))


class TaxpayerKindsView(FinanceView):
    """POST records another taxpayer kind from the first of a month on."""

    rights = {"*": "finance.settings"}

    @extend_schema(request=KindBody, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Any) -> Response:
        data = self.body(KindBody)
        made = services.change_taxpayer_kind(
            kind=data["kind"], from_date=data["from"], vat_filing=data.get("vat_filing"), actor=self.member, at=now()
        )
        return self.created(shapes.kind_shape(made))
