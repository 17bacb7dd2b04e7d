"""The ladder everybody is dunned by, and the operator's pause."""

from apps.billing.domain.dunning import Ladder, Pause
from apps.billing.models import Subscription

LADDER = Ladder()


def pause_of(subscription: Subscription) -> Pause | None:
    """The operator's pause, when there is one."""
    start, until = subscription.dunning_paused_from, subscription.dunning_paused_until
    return Pause(start, until) if start and until else None
