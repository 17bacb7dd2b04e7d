"""What a member may do in which state of the subscription (R-ENTITLE), and what billing writes down."""

from collections.abc import Set
from dataclasses import dataclass, replace
from enum import StrEnum

MODULES: tuple[str, ...] = ("finance", "inventory", "production", "supply")


class SubscriptionState(StrEnum):
    """States of a subscription; the moves between them are in `states.SUBSCRIPTION`."""

    TRIALING = "trialing"
    TRIAL_EXPIRED = "trial_expired"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    READ_ONLY = "read_only"
    SUSPENDED = "suspended"
    CANCELING = "canceling"
    CLOSED = "closed"


class AccessLevel(StrEnum):
    """How far the state of the subscription opens the product."""

    FULL = "full"
    READ_ONLY = "read_only"
    EXPORT_ONLY = "export_only"


class Target(StrEnum):
    """Kinds of requests that billing tells apart."""

    LIST = "list"
    DETAIL = "detail"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    EXPORT = "export"
    INVOICE = "invoice"
    PAY = "pay"
    SIGN_IN = "sign_in"
    WALLET = "wallet"
    USAGE_EVENT = "usage_event"
    SUBSCRIPTION_CHANGE = "subscription_change"


_LEVEL = {
    SubscriptionState.READ_ONLY: AccessLevel.READ_ONLY,
    SubscriptionState.TRIAL_EXPIRED: AccessLevel.READ_ONLY,
    SubscriptionState.SUSPENDED: AccessLevel.EXPORT_ONLY,
    SubscriptionState.CLOSED: AccessLevel.EXPORT_ONLY,
}
_ALWAYS_OPEN = frozenset({Target.EXPORT, Target.INVOICE, Target.PAY, Target.SIGN_IN, Target.WALLET, Target.USAGE_EVENT})
_READING = frozenset({Target.LIST, Target.DETAIL})
_IN_A_MODULE = _READING | {Target.CREATE, Target.UPDATE, Target.DELETE}
_REFUSAL = {
    SubscriptionState.READ_ONLY: "subscription_read_only",
    SubscriptionState.TRIAL_EXPIRED: "subscription_read_only",
    SubscriptionState.SUSPENDED: "subscription_suspended",
    SubscriptionState.CLOSED: "subscription_closed",
}
_LATE = frozenset({SubscriptionState.PAST_DUE, SubscriptionState.READ_ONLY, SubscriptionState.SUSPENDED})


def access_of(state: SubscriptionState) -> AccessLevel:
    """R-ENTITLE: trialing, active, past_due and canceling are full; the rest is narrower."""
    return _LEVEL.get(state, AccessLevel.FULL)


def may_change_modules(state: SubscriptionState) -> bool:
    """Full access may; an expired trial may still choose its modules before it accepts the terms."""
    return access_of(state) is AccessLevel.FULL or state is SubscriptionState.TRIAL_EXPIRED


def refusal_code(state: SubscriptionState, modules_on: Set[str], target: Target, module: str | None) -> str | None:
    """R-ENTITLE: the code of the 402 that `target` gets, or None when it is open.

    `module` is one of MODULES for work inside a module, anything else (base data, no module) is
    always subscribed. A module that is off stays exportable.
    """
    if target in _ALWAYS_OPEN:
        return None
    if target is Target.SUBSCRIPTION_CHANGE:
        return None if may_change_modules(state) else _REFUSAL[state]
    if not _state_allows(state, target):
        return _REFUSAL[state]
    if target in _IN_A_MODULE and module in MODULES and module not in modules_on:
        return "module_not_subscribed"
    return None


def after_settling(state: SubscriptionState) -> SubscriptionState:
    """Any late state is active in one step when everything overdue is paid; closed is final."""
    return SubscriptionState.ACTIVE if state in _LATE else state


@dataclass(frozen=True)
class Entitlement:
    """State and modules of one tenant; `grant_changes` counts the grants written down so far."""

    state: SubscriptionState
    modules_on: frozenset[str]
    grant_changes: int = 0

    def status_of(self, target: Target, module: str | None, *, foreign: bool) -> int:
        """R-ENTITLE, R-ISOLATION: 402 before any look-up, 404 for another tenant's object, else 200."""
        if refusal_code(self.state, self.modules_on, target, module):
            return 402
        return 404 if foreign else 200

    def switch(self, module: str, *, on: bool) -> "Entitlement":
        """R-ENTITLE: a module bought or removed at once is one grant written; no change writes nothing."""
        wanted = self.modules_on | {module} if on else self.modules_on - {module}
        if module not in MODULES or wanted == self.modules_on or not may_change_modules(self.state):
            return self
        return replace(self, modules_on=wanted, grant_changes=self.grant_changes + 1)

    def settle(self) -> "Entitlement":
        """Everything overdue was paid: each grant whose level changes is written once."""
        state = after_settling(self.state)
        rewritten = len(self.modules_on) if access_of(state) is not access_of(self.state) else 0
        return replace(self, state=state, grant_changes=self.grant_changes + rewritten)


def _state_allows(state: SubscriptionState, target: Target) -> bool:
    level = access_of(state)
    return level is AccessLevel.FULL or (level is AccessLevel.READ_ONLY and target in _READING)
