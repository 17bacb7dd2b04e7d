"""accounts/, dimensions/, exchange-rates/."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.finance.api import shapes
from apps.finance.api.base import SETTINGS, FinanceView, query
from apps.finance.api.inputs import (
    AccountBody,
    AccountChange,
    AccountProperties,
    DimensionBody,
    RateBody,
    ValueBody,
    ValueChange,
)
from apps.finance.api.outputs import AccountOut, DimensionOut, RateOut, ValueOut
from apps.finance.models import ExchangeRate, LedgerAccount
from apps.finance.selectors import accounts as selectors
from apps.finance.services import accounts as services
from apps.finance.services import dimensions as dimension_services
from apps.finance.services import rates as rate_services
from kernel.clock import now


class AccountList(FinanceView):
    """GET the chart by code; POST a sub-account."""

    rights = SETTINGS
    export_name = "科目表"

    @extend_schema(
        parameters=query(optional=("level", "category", "is_leaf", "is_active", "search")),
        responses=AccountOut(many=True),
    )
    def get(self, request: Any) -> Any:
        params = self.params
        wanted = selectors.AccountFilter(
            level=params.whole("level", least=1, most=9),
            category=params.choice("category", tuple(LedgerAccount.Category.values)),
            is_leaf=params.truth("is_leaf"),
            is_active=params.truth("is_active"),
            search=params.text("search"),
        )
        return self.listed(selectors.listed(wanted), AccountOut)

    @extend_schema(request=AccountBody, responses={201: AccountOut})
    def post(self, request: Any) -> Response:
        data = self.body(AccountBody)
        given = {name: value for name, value in AccountProperties.properties(data).items() if name != "name"}
        account = services.AccountInput(code=data["code"], name=data["name"], given=given)
        made = services.add_account(account=account, actor=self.member, at=now())
        return self.created(shapes.account_shape(selectors.detail(made.code)))


class AccountDetail(FinanceView):
    """One account by code."""

    rights = SETTINGS

    @extend_schema(responses=AccountOut)
    def get(self, request: Any, code: str) -> Response:
        return Response(shapes.account_shape(selectors.detail(code)))

    @extend_schema(request=AccountChange, responses=AccountOut)
    def patch(self, request: Any, code: str) -> Response:
        data = self.body(AccountChange)
        services.alter_account(
            code=code, changes=AccountProperties.properties(data), actor=self.member, version=data.get("version")
        )
        return Response(shapes.account_shape(selectors.detail(code)))

    @extend_schema(responses={204: None})
    def delete(self, request: Any, code: str) -> Response:
        services.delete_account(code=code, actor=self.member)
        return Response(status=204)


class DimensionList(FinanceView):
    """GET dimensions; POST one of the company's own."""

    export_name = "辅助核算维度"

    @extend_schema(responses=DimensionOut(many=True))
    def get(self, request: Any) -> Any:
        return self.listed(selectors.dimensions(), DimensionOut)

    @extend_schema(request=DimensionBody, responses={201: DimensionOut})
    def post(self, request: Any) -> Response:
        made = dimension_services.add_dimension(**self.body(DimensionBody), actor=self.member, at=now())
        return self.created(DimensionOut(made).data)


class ValueList(FinanceView):
    """GET the values of a dimension; POST one (of a built-in dimension: with its master-data record)."""

    export_name = "辅助核算项目"

    @extend_schema(parameters=query(optional=("search", "is_active")), responses=ValueOut(many=True))
    def get(self, request: Any, code: str) -> Any:
        params = self.params
        rows = selectors.values_of(code, search=params.text("search"), is_active=params.truth("is_active"))
        return self.listed(rows, ValueOut)

    @extend_schema(request=ValueBody, responses={201: ValueOut})
    def post(self, request: Any, code: str) -> Response:
        data = self.body(ValueBody)
        made = dimension_services.add_value(dimension=code, **data, actor=self.member, at=now())
        return self.created(ValueOut(made).data)


class ValueDetail(FinanceView):
    """PATCH a value's name or whether it is in use."""

    @extend_schema(request=ValueChange, responses=ValueOut)
    def patch(self, request: Any, code: str, value: str) -> Response:
        data = self.body(ValueChange)
        made = dimension_services.alter_value(dimension=code, code=value, **data, actor=self.member, at=now())
        return Response(ValueOut(made).data)


class RateList(FinanceView):
    """GET exchange rates, newest first; POST one."""

    export_name = "汇率"

    @extend_schema(parameters=query(optional=("currency", "on")), responses=RateOut(many=True))
    def get(self, request: Any) -> Any:
        params = self.params
        conditions = {"currency": params.text("currency"), "on": params.day("on")}
        rows = ExchangeRate.objects.filter(**{name: value for name, value in conditions.items() if value is not None})
        return self.listed(rows.order_by("-on", "currency", "id"), RateOut)

    @extend_schema(request=RateBody, responses={201: OpenApiTypes.OBJECT})
    def post(self, request: Any) -> Response:
        made = rate_services.add_rate(**self.body(RateBody), actor=self.member, at=now())
        return self.created(shapes.rate_shape(made))
