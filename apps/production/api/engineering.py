"""Settings and bills over HTTP."""

import re
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.production.api import plan_inputs, plan_outputs
from apps.production.api.base import ProductionView, plain
from apps.production.selectors import boms as selectors
from apps.production.selectors.plan_settings import settings
from apps.production.services import boms
from apps.production.services.plan_refusals import check_decimals, wrong
from apps.production.services.settings import change_settings
from kernel.clock import now, today
from kernel.exports import Column

ENGINEER: dict[str, str | None] = {"GET": "production.view", "*": "production.engineer"}


class SettingsView(ProductionView):
    """GET and PATCH the company's settings; 409 stale_version."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Response:
        return Response(plan_outputs.settings(settings()))

    @extend_schema(request=plan_inputs.SettingsInput, responses={200: dict})
    def patch(self, request: Any) -> Response:
        values = self.body(plan_inputs.SettingsInput, partial=True)
        return Response(plan_outputs.settings(change_settings(values=values, actor=self.member)))

    put = patch


class BomList(ProductionView):
    """GET ?item=&state=&search=; POST a version → 201. 409 bom_cycle, bom_overlap; 400 unknown_item, unknown_unit."""

    rights = ENGINEER
    export_name = "boms"
    export_columns = (
        Column("item.code", gettext_lazy("产品")),
        Column("version", gettext_lazy("版本")),
        Column("base_quantity", gettext_lazy("基准数量"), "quantity"),
        Column("state", gettext_lazy("状态")),
        Column("valid_from", gettext_lazy("生效日期"), "date"),
        Column("valid_to", gettext_lazy("失效日期"), "date"),
    )

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> HttpResponseBase:
        item = self.item()
        state, search = self.text("state"), self.text("search")
        rows = selectors.boms(item_id=item.id if item else None, state=state, search=search)
        return self.listed(rows, plan_outputs.shaped(plan_outputs.bom))

    @extend_schema(request=plan_inputs.BomInput, responses={201: dict})
    def post(self, request: Any) -> Response:
        made = boms.create_bom(values=self.body(plan_inputs.BomInput), actor=self.member, at=now())
        return self.created(plan_outputs.bom(selectors.bom_at(made.pk)))


class BomDetail(ProductionView):
    """GET, PATCH, DELETE one version; 409 bom_in_use, wrong_state, stale_version."""

    rights = ENGINEER

    @extend_schema(responses={200: dict})
    def get(self, request: Any, bom_id: int) -> Response:
        return Response(plan_outputs.bom(selectors.bom_at(bom_id)))

    @extend_schema(request=plan_inputs.BomInput, responses={200: dict})
    def patch(self, request: Any, bom_id: int) -> Response:
        values = self.body(plan_inputs.BomInput, partial=True)
        boms.change_bom(bom_id=bom_id, values=values, actor=self.member)
        return Response(plan_outputs.bom(selectors.bom_at(bom_id)))

    put = patch

    @extend_schema(responses={204: None})
    def delete(self, request: Any, bom_id: int) -> Response:
        boms.delete_bom(bom_id=bom_id, actor=self.member)
        return Response(status=204)


class BomActivate(ProductionView):
    """POST {version_no}: draft → active; 409 wrong_state, bom_overlap."""

    rights = ENGINEER
    verb = staticmethod(boms.activate_bom)

    @extend_schema(request=plan_inputs.BomVerbInput, responses={200: dict})
    def post(self, request: Any, bom_id: int) -> Response:
        given = self.body(plan_inputs.BomVerbInput)
        type(self).verb(bom_id=bom_id, actor=self.member, version_no=given.get("version_no"))
        return Response(plan_outputs.bom(selectors.bom_at(bom_id)))


class BomRetire(BomActivate):
    """POST {version_no}: active → retired; 409 wrong_state."""

    verb = staticmethod(boms.retire_bom)


class BomCompare(ProductionView):
    """GET ?other=: what the other version changes, by component."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any, bom_id: int) -> Response:
        other = self.whole("other")
        if other is None:
            raise wrong("invalid", _("请提供参数 %(name)s。") % {"name": "other"}, "other")
        before, after = selectors.bom_at(bom_id), selectors.bom_at(other)
        rows = [
            {"component": row.component, "before": _shown(row.before), "after": _shown(row.after)}
            for row in selectors.compare(before, after)
        ]
        return Response({"before": before.version, "after": after.version, "rows": rows})


def _shown(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in values.items()}


class BomExplode(ProductionView):
    """GET ?item=&quantity=&on= → {"rows", "totals"}; 409 no_active_bom."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Response:
        self.needed("item")
        item, quantity = self.item(), self.quantity()
        assert item is not None  # noqa: S101  # `needed` has seen to it
        check_decimals(quantity, item)
        found = selectors.explode(item=item, quantity=quantity, on=self.day("on") or today())
        return Response(
            {
                "rows": [
                    {
                        "level": row.level,
                        "path": [step.code for step in row.path],
                        "item": row.item.code,
                        "quantity": plain(row.quantity),
                        "phantom": row.phantom,
                    }
                    for row in found.rows
                ],
                "totals": [{"item": part.code, "quantity": plain(amount)} for part, amount in found.totals],
            }
        )

    def quantity(self) -> Decimal:
        """?quantity=, default 1. Raises Invalid."""
        text = self.text("quantity") or "1"
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,4})?", text) or not Decimal(text):
            raise wrong("invalid", _("数量要是大于零的数字，最多 4 位小数。"), "quantity")
        return Decimal(text)


class BomWhereUsed(ProductionView):
    """GET ?item= → {"rows": [{"level", "item", "bom", "quantity"}]}."""

    @extend_schema(responses={200: dict})
    def get(self, request: Any) -> Response:
        self.needed("item")
        item = self.item()
        assert item is not None  # noqa: S101  # `needed` has seen to it
        rows = [
            {
                "level": row.level,
                "item": row.item.code,
                "bom": row.bom.version,
                "bom_id": row.bom.pk,
                "quantity": plain(row.quantity),
            }
            for row in selectors.where_used(item)
        ]
        return Response({"rows": rows})
