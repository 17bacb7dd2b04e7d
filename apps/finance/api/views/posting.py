"""posting-rules/ and business-facts/: what other modules and customers' own systems tell the books."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apps.finance.api import rule_shapes
from apps.finance.api.base import FinanceView, query
from apps.finance.api.inputs import ReasonBody
from apps.finance.api.rule_bodies import FactBody, RuleBody, RuleChange, VersionBody
from apps.finance.api.rule_shapes import FactOut, RuleOut
from apps.finance.models import BusinessFact
from apps.finance.selectors import posting as selectors
from apps.finance.services import facts, posting_rules
from kernel.clock import now


class RuleList(FinanceView):
    """GET rules by fact, priority and code; POST one with its first version."""

    rights = {"GET": "finance.view", "*": "finance.rules"}
    export_name = "自动凭证规则"

    @extend_schema(parameters=query(optional=("fact", "active", "search")), responses=RuleOut(many=True))
    def get(self, request: Any) -> Any:
        params = self.params
        rows = selectors.rules(fact=params.text("fact"), active=params.truth("active"), search=params.text("search"))
        return self.listed(rows, RuleOut)

    @extend_schema(request=RuleBody, responses={201: RuleOut})
    def post(self, request: Any) -> Response:
        made = posting_rules.add_rule(rule=RuleBody.rule(self.body(RuleBody)), actor=self.member, at=now())
        return self.created(rule_shapes.rule_shape(selectors.rule(made.code)))


class RuleDetail(FinanceView):
    """One rule with all its versions; PATCH switches it."""

    rights = {"GET": "finance.view", "*": "finance.rules"}

    @extend_schema(responses=RuleOut)
    def get(self, request: Any, code: str) -> Response:
        return Response(rule_shapes.rule_shape(selectors.rule(code)))

    @extend_schema(request=RuleChange, responses=RuleOut)
    def patch(self, request: Any, code: str) -> Response:
        posting_rules.alter_rule(code=code, actor=self.member, **self.body(RuleChange))
        return Response(rule_shapes.rule_shape(selectors.rule(code)))


class RuleVersions(FinanceView):
    """POST the next version."""

    rights = {"*": "finance.rules"}

    @extend_schema(request=VersionBody, responses={201: RuleOut})
    def post(self, request: Any, code: str) -> Response:
        version = VersionBody.version(self.body(VersionBody))
        posting_rules.new_rule_version(code=code, version=version, actor=self.member, at=now())
        return self.created(rule_shapes.rule_shape(selectors.rule(code)))


class FactList(FinanceView):
    """GET facts, newest first; POST one: 201, the same again 200, other data `fact_changed`."""

    export_name = "业务事实"

    @extend_schema(
        parameters=query(optional=("state", "fact", "source", "document", "from", "to", "reason")),
        responses=FactOut(many=True),
    )
    def get(self, request: Any) -> Any:
        params = self.params
        wanted = selectors.FactFilter(
            state=params.choice("state", tuple(BusinessFact.State.values)),
            fact=params.text("fact"),
            source=params.text("source"),
            document=params.text("document"),
            since=params.day("from"),
            until=params.day("to"),
            reason=params.text("reason"),
        )
        return self.listed(selectors.facts(wanted), FactOut)

    @extend_schema(request=FactBody, responses={201: FactOut, 200: FactOut})
    def post(self, request: Any) -> Response:
        given = facts.FactInput(**self.body(FactBody))
        row, is_new = facts.receive_fact(given=given, actor=self.member, at=now())
        shape = rule_shapes.fact_shape(selectors.fact(row.pk))
        return self.created(shape) if is_new else Response(shape)


class FactDetail(FinanceView):
    """GET one fact."""

    @extend_schema(responses=FactOut)
    def get(self, request: Any, fact_id: int) -> Response:
        return Response(rule_shapes.fact_shape(selectors.fact(fact_id)))


class RetryFact(FinanceView):
    """POST lets the rules have a waiting fact again."""

    @extend_schema(request=None, responses=FactOut)
    def post(self, request: Any, fact_id: int) -> Response:
        row = facts.retry_fact(fact_id=fact_id, actor=self.member, at=now())
        return Response(rule_shapes.fact_shape(selectors.fact(row.pk)))


class SetAsideFact(FinanceView):
    """POST says, with a reason, that a fact needs no voucher."""

    @extend_schema(request=ReasonBody, responses=FactOut)
    def post(self, request: Any, fact_id: int) -> Response:
        reason = self.body(ReasonBody)["reason"]
        row = facts.set_aside_fact(fact_id=fact_id, reason=reason, actor=self.member, at=now())
        return Response(rule_shapes.fact_shape(selectors.fact(row.pk)))
