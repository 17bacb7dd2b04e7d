"""Verbs of the books. Keyword-only, one transaction each; `actor` (the Member) and `at` come from the edge."""

from apps.finance.services.accounts import (
    AccountInput,
    add_account,
    alter_account,
    deactivate_account,
    delete_account,
)
from apps.finance.services.book import (
    BookChange,
    BookSetup,
    alter_book,
    change_taxpayer_kind,
    current_book,
    set_up_book,
    start_book,
)
from apps.finance.services.cash_flow import retag_cash_flow
from apps.finance.services.chain import prove_chain
from apps.finance.services.checklist import checklist
from apps.finance.services.dimensions import add_dimension, add_value, alter_value
from apps.finance.services.facts import FactInput, receive_fact, retry_fact, retry_waiting, set_aside_fact
from apps.finance.services.lines import LineInput
from apps.finance.services.opening import (
    ItemInput,
    OpeningInput,
    OpeningTotals,
    opening_totals,
    put_opening_balances,
)
from apps.finance.services.periods import close_period, reopen_period
from apps.finance.services.posting import BatchResult, post, post_many, review_many
from apps.finance.services.posting_rules import RuleInput, VersionInput, add_rule, alter_rule, new_rule_version
from apps.finance.services.proof import BookProof, prove_books
from apps.finance.services.rates import add_rate, reclassify
from apps.finance.services.signing import cashier_sign, review, unreview
from apps.finance.services.standard_rules import load_standard_rules
from apps.finance.services.steps import run_step
from apps.finance.services.vouchers import Source, alter_draft, copy, delete_draft, draft_voucher, reverse

__all__ = [
    "AccountInput",
    "BatchResult",
    "BookChange",
    "BookProof",
    "BookSetup",
    "FactInput",
    "ItemInput",
    "LineInput",
    "OpeningInput",
    "OpeningTotals",
    "RuleInput",
    "Source",
    "VersionInput",
    "add_account",
    "add_dimension",
    "add_rate",
    "add_rule",
    "add_value",
    "alter_account",
    "alter_book",
    "alter_draft",
    "alter_rule",
    "alter_value",
    "cashier_sign",
    "change_taxpayer_kind",
    "checklist",
    "close_period",
    "copy",
    "current_book",
    "deactivate_account",
    "delete_account",
    "delete_draft",
    "draft_voucher",
    "load_standard_rules",
    "new_rule_version",
    "opening_totals",
    "post",
    "post_many",
    "prove_books",
    "prove_chain",
    "put_opening_balances",
    "receive_fact",
    "reclassify",
    "reopen_period",
    "retag_cash_flow",
    "retry_fact",
    "retry_waiting",
    "reverse",
    "review",
    "review_many",
    "run_step",
    "set_aside_fact",
    "set_up_book",
    "start_book",
    "unreview",
]
