"""vouchers/: the list, one voucher, and the verbs of its life."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.finance.api import shapes
from apps.finance.api.base import FinanceView, query
from apps.finance.api.inputs import (
    BatchBody,
    CopyBody,
    LineBody,
    OptionalReasonBody,
    ReverseBody,
    TagsBody,
    VoucherBody,
    VoucherChange,
)
from apps.finance.api.outputs import VoucherOut
from apps.finance.models import Voucher
from apps.finance.selectors import vouchers as selectors
from apps.finance.selectors.combos import combos_with
from apps.finance.services import posting, signing
from apps.finance.services import vouchers as services
from apps.finance.services.book import current_book
from apps.finance.services.cash_flow import retag_cash_flow
from kernel.clock import now
from kernel.errors import NotFound
from kernel.exports import Column

FILTERS = ("period", "from", "to", "word", "no", "state", "kind", "account", "aux", "amount", "search", "source")


def answer(voucher_id: int) -> dict[str, Any]:
    """A voucher as the API shows it."""
    return shapes.voucher_shape(selectors.detail(voucher_id))


class VoucherList(FinanceView):
    """GET vouchers in book order; POST drafts one."""

    export_name = "凭证"
    export_columns = (
        Column("period", _("期间")),
        Column("date", _("日期"), "date"),
        Column("number", _("凭证号")),
        Column("state", _("状态")),
        Column("seq", _("行号"), "number"),
        Column("summary", _("摘要")),
        Column("account", _("科目编码")),
        Column("account_name", _("科目名称")),
        Column("aux", _("辅助核算")),
        Column("currency", _("币种")),
        Column("fc_amount", _("原币金额"), "money"),
        Column("rate", _("汇率"), "quantity"),
        Column("quantity", _("数量"), "quantity"),
        Column("unit_price", _("单价"), "quantity"),
        Column("debit", _("借方金额"), "money"),
        Column("credit", _("贷方金额"), "money"),
        Column("due_on", _("到期日"), "date"),
        Column("ref", _("业务编号")),
        Column("prepared_by", _("制单")),
        Column("reviewed_by", _("审核")),
        Column("posted_by", _("记账")),
    )

    @extend_schema(parameters=query(optional=FILTERS), responses=VoucherOut(many=True))
    def get(self, request: Any) -> Any:
        words = list(current_book().voucher_words)
        return self.listed(selectors.listed(self._filter(), words=words), VoucherOut)

    def _filter(self) -> selectors.VoucherFilter:
        params = self.params
        return selectors.VoucherFilter(
            period=params.month("period"),
            since=params.day("from"),
            until=params.day("to"),
            word=params.text("word"),
            no=params.whole("no"),
            state=params.choice("state", tuple(Voucher.State.values)),
            kind=params.choice("kind", tuple(Voucher.Kind.values)),
            source=params.text("source"),
            account=params.code("account"),
            amount=params.amount("amount"),
            search=params.text("search"),
            combos=_combos(params.aux()),
        )

    def export_rows(self, queryset: Any) -> Iterable[dict[str, Any]]:
        """One row a line, read in chunks."""
        for voucher in super().export_rows(queryset):
            shown = shapes.voucher_shape(voucher)
            for line in shown["lines"]:
                aux = ";".join(f"{dimension}:{code}" for dimension, code in line["aux"].items())
                yield {**shown, **line, "aux": aux}

    @extend_schema(request=VoucherBody, responses={201: VoucherOut})
    def post(self, request: Any) -> Response:
        data = self.body(VoucherBody)
        lines = [LineBody.line(line) for line in data.pop("lines")]
        made = services.draft_voucher(**data, lines=lines, actor=self.member, at=now())
        return self.created(answer(made.pk))


def _combos(aux: dict[str, str] | None) -> frozenset[int] | None:
    if aux is None:
        return None
    try:
        return combos_with(aux)
    except NotFound:
        return frozenset()  # a filter that nothing meets


class VoucherDetail(FinanceView):
    """GET one voucher; PATCH and DELETE drafts."""

    @extend_schema(responses=VoucherOut)
    def get(self, request: Any, voucher_id: int) -> Response:
        return Response(answer(voucher_id))

    @extend_schema(request=VoucherChange, responses=VoucherOut)
    def patch(self, request: Any, voucher_id: int) -> Response:
        data = self.body(VoucherChange)
        if "lines" in data:
            data["lines"] = [LineBody.line(line) for line in data["lines"]]
        services.alter_draft(voucher_id=voucher_id, **data, actor=self.member, at=now())
        return Response(answer(voucher_id))

    @extend_schema(responses={204: None})
    def delete(self, request: Any, voucher_id: int) -> Response:
        services.delete_draft(voucher_id=voucher_id, actor=self.member)
        return Response(status=204)


class ReviewView(FinanceView):
    """POST approves a draft."""

    rights = {"*": "finance.review"}

    @extend_schema(request=None, responses=VoucherOut)
    def post(self, request: Any, voucher_id: int) -> Response:
        signing.review(voucher_id=voucher_id, actor=self.member, at=now())
        return Response(answer(voucher_id))


class UnreviewView(FinanceView):
    """POST sends a reviewed voucher back."""

    rights = {"*": "finance.review"}

    @extend_schema(request=OptionalReasonBody, responses=VoucherOut)
    def post(self, request: Any, voucher_id: int) -> Response:
        reason = self.body(OptionalReasonBody).get("reason", "")
        signing.unreview(voucher_id=voucher_id, actor=self.member, reason=reason)
        return Response(answer(voucher_id))


class SignView(FinanceView):
    """POST puts the cashier's signature under a voucher."""

    rights = {"*": "finance.sign"}

    @extend_schema(request=None, responses=VoucherOut)
    def post(self, request: Any, voucher_id: int) -> Response:
        signing.cashier_sign(voucher_id=voucher_id, actor=self.member, at=now())
        return Response(answer(voucher_id))


class PostView(FinanceView):
    """POST enters a reviewed voucher in the books, for good."""

    rights = {"*": "finance.post"}

    @extend_schema(request=None, responses=VoucherOut)
    def post(self, request: Any, voucher_id: int) -> Response:
        posting.post(voucher_id=voucher_id, actor=self.member, at=now())
        return Response(answer(voucher_id))


class ReverseView(FinanceView):
    """POST drafts the red-letter voucher of a posted one."""

    @extend_schema(request=ReverseBody, responses={201: VoucherOut})
    def post(self, request: Any, voucher_id: int) -> Response:
        made = services.reverse(voucher_id=voucher_id, **self.body(ReverseBody), actor=self.member, at=now())
        return self.created(answer(made.pk))


class CopyView(FinanceView):
    """POST drafts the same lines on another date."""

    @extend_schema(request=CopyBody, responses={201: VoucherOut})
    def post(self, request: Any, voucher_id: int) -> Response:
        made = services.copy(voucher_id=voucher_id, **self.body(CopyBody), actor=self.member, at=now())
        return self.created(answer(made.pk))


class CashFlowView(FinanceView):
    """PUT gives lines another cash-flow line, until the period closes."""

    @extend_schema(request=TagsBody, responses=VoucherOut)
    def put(self, request: Any, voucher_id: int) -> Response:
        lines = {row["seq"]: row["cash_flow"] for row in self.body(TagsBody)["lines"]}
        retag_cash_flow(voucher_id=voucher_id, lines=lines, actor=self.member)
        return Response(answer(voucher_id))


class BatchView(FinanceView):
    """POST does one verb to many vouchers, one transaction each."""

    verb: Callable[..., posting.BatchResult]

    @extend_schema(request=BatchBody, responses=OpenApiTypes.OBJECT)
    def post(self, request: Any) -> Response:
        result = type(self).verb(voucher_ids=self.body(BatchBody)["ids"], actor=self.member, at=now())
        return Response(
            {
                "done": [{"id": voucher.pk, "number": voucher.number} for voucher in result.done],
                "refused": [{"id": key, "code": error.code, "message": error.message} for key, error in result.refused],
            }
        )


class BatchReview(BatchView):
    """vouchers/batch/review/"""

    rights = {"*": "finance.review"}
    verb = staticmethod(posting.review_many)


class BatchPost(BatchView):
    """vouchers/batch/post/"""

    rights = {"*": "finance.post"}
    verb = staticmethod(posting.post_many)
