"""Answers about posting rules and business facts."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.finance.api.outputs import Shaped
from apps.finance.api.shapes import moment
from apps.finance.models import BusinessFact, PostingRule, PostingRuleVersion


def rule_shape(rule: PostingRule) -> dict[str, Any]:
    """A rule with its versions, oldest first; comes prefetched by `selectors.posting`."""
    versions = list(rule.versions.all())
    return {
        "code": rule.code,
        "name": rule.name,
        "fact": rule.fact,
        "priority": rule.priority,
        "active": rule.is_active,
        "auto_review": rule.auto_review,
        "grouping": rule.grouping,
        "seeded": rule.seeded,
        "current_version": versions[-1].version if versions else None,
        "versions": [version_shape(version) for version in versions],
    }


def version_shape(version: PostingRuleVersion) -> dict[str, Any]:
    """What a version says, and who said so."""
    return {
        "version": version.version,
        "when": version.when,
        "word": version.word,
        "summary": version.summary,
        "lines": version.lines,
        "created_by": version.created_by_name or None,
        "created_at": moment(version.created_at),
    }


def fact_shape(row: BusinessFact) -> dict[str, Any]:
    """A fact, what became of it and why it waits; `voucher` is an id."""
    return {
        "id": row.pk,
        "fact": row.fact,
        "source": row.source,
        "document": row.document or None,
        "occurred_on": row.occurred_on.isoformat(),
        "data": row.data,
        "state": row.state,
        "reason": row.reason or None,
        "message": row.message or None,
        "rule": row.rule_code,
        "rule_version": row.rule_version.version if row.rule_version else None,
        "voucher": row.voucher_id,
        "received_at": moment(row.received_at),
        "received_by": row.received_by_name or None,
    }


class RuleOut(Shaped):
    shape = staticmethod(rule_shape)

    code = serializers.CharField(label=_("规则编码"))
    name = serializers.CharField(label=_("规则名称"))
    fact = serializers.CharField(label=_("业务类型"))
    priority = serializers.IntegerField(label=_("优先级"))
    active = serializers.BooleanField(label=_("启用"))
    auto_review = serializers.BooleanField(label=_("自动审核"))
    grouping = serializers.CharField(label=_("汇总方式"))
    current_version = serializers.IntegerField(label=_("现行版本"), allow_null=True)
    versions = serializers.JSONField(label=_("版本"))


class FactOut(Shaped):
    shape = staticmethod(fact_shape)

    id = serializers.IntegerField(label=_("序号"))
    fact = serializers.CharField(label=_("业务类型"))
    source = serializers.CharField(label=_("业务来源"))  # type: ignore[assignment]  # DRF takes it off the class
    document = serializers.CharField(label=_("单据"), allow_null=True)
    occurred_on = serializers.DateField(label=_("发生日期"))
    data = serializers.JSONField(label=_("业务数据"))  # type: ignore[assignment]  # as above
    state = serializers.CharField(label=_("状态"))
    reason = serializers.CharField(label=_("原因"), allow_null=True)
    message = serializers.CharField(label=_("说明"), allow_null=True)
    rule = serializers.CharField(label=_("规则编码"), allow_null=True)
    rule_version = serializers.IntegerField(label=_("规则版本"), allow_null=True)
    voucher = serializers.IntegerField(label=_("凭证"), allow_null=True)
    received_at = serializers.DateTimeField(label=_("收到时间"))
    received_by = serializers.CharField(label=_("登记人"), allow_null=True)
