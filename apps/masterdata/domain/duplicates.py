"""Soft duplicates 疑似重复: records that may be kept, but about which the clerk is told."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from apps.masterdata.domain.codes import fold_width, text_key

# Longest first, so that 有限责任公司 does not leave 责任 behind.
_LEGAL_FORMS = ("有限责任公司", "有限公司", "股份")
_NAME_PUNCTUATION = re.compile(r"[^\w]|_")
_NOT_DIGITS = re.compile(r"[^0-9]")
_MOBILE = re.compile(r"(?:0?0?86)?(1[3-9][0-9]{9})")
_SHORTEST_PHONE = 7


class DuplicateRule(StrEnum):
    """Why two records look like one."""

    SAME_ITEM = "same_name_and_spec"
    SAME_PARTNER = "same_partner_name"
    SAME_MOBILE = "same_mobile"


@dataclass(frozen=True)
class Candidate:
    """A record or an import row: `reference` says which (its code or row), `keys` what it might share."""

    reference: str
    keys: Mapping[DuplicateRule, str]


@dataclass(frozen=True)
class SoftDuplicate:
    """`reference` looks like `earlier` by `rule`. A warning, never a refusal."""

    rule: DuplicateRule
    reference: str
    earlier: str


def item_keys(*, name: str, spec: str = "") -> dict[DuplicateRule, str]:
    """The keys of an item: folded name and 规格型号 together. An empty name has none."""
    folded = text_key(name)
    return {DuplicateRule.SAME_ITEM: f"{folded}|{text_key(spec)}"} if folded else {}


def partner_keys(*, name: str, mobile: str = "") -> dict[DuplicateRule, str]:
    """The keys of a partner: its name without the legal form, and its primary contact's mobile."""
    keys = {DuplicateRule.SAME_PARTNER: partner_name_key(name), DuplicateRule.SAME_MOBILE: mobile_key(mobile)}
    return {rule: key for rule, key in keys.items() if key}


def partner_name_key(name: str) -> str:
    """Name without 有限责任公司, 有限公司, 股份, blanks, brackets and other punctuation.

    `宏达五金（深圳）有限公司` and `宏达五金深圳股份有限公司` share one key. A name that is
    nothing but a legal form keeps it, so that two such names do not vanish into an empty key.
    """
    folded = _NAME_PUNCTUATION.sub("", text_key(name))
    bare = folded
    for form in _LEGAL_FORMS:
        bare = bare.replace(form, "")
    return bare or folded


def mobile_key(text: str) -> str:
    """Digits of a telephone number; +86 is taken off a mobile. Too short to be a number: empty."""
    digits = _NOT_DIGITS.sub("", fold_width(text))
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return mobile[1]
    return digits if len(digits) >= _SHORTEST_PHONE else ""


def soft_duplicates(
    candidates: Iterable[Candidate], *, known: Mapping[tuple[DuplicateRule, str], str] | None = None
) -> list[SoftDuplicate]:
    """Warnings in the order of `candidates`: each against what is `known` and the candidates before it.

    `known` maps (rule, key) to the reference of a stored record. A record never duplicates itself.
    """
    seen = dict(known or {})
    warnings: list[SoftDuplicate] = []
    for candidate in candidates:
        for rule, key in candidate.keys.items():
            earlier = seen.setdefault((rule, key), candidate.reference)
            if earlier != candidate.reference:
                warnings.append(SoftDuplicate(rule, candidate.reference, earlier))
    return warnings
