"""The life of a work order: which verb leads where, and what an order may still take from stock."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

DRAFT, RELEASED, STARTED = "draft", "released", "started"
ON_HOLD, COMPLETED, CLOSED, CANCELLED = "on_hold", "completed", "closed", "cancelled"

ENDED = frozenset({CLOSED, CANCELLED})
RUNNING = frozenset({RELEASED, STARTED})

# verb -> states it may start from. `resume` goes back to where the hold began.
VERBS: Mapping[str, frozenset[str]] = {
    "release": frozenset({DRAFT}),
    "hold": RUNNING,
    "resume": frozenset({ON_HOLD}),
    "change": frozenset({DRAFT, RELEASED, STARTED, ON_HOLD}),
    "cancel": frozenset({DRAFT, RELEASED, STARTED, ON_HOLD}),
    "complete": RUNNING,
    "close": frozenset({RELEASED, STARTED, ON_HOLD, COMPLETED}),
    "issue": RUNNING,
    "return": frozenset({RELEASED, STARTED, ON_HOLD, COMPLETED}),
    "receive": frozenset({RELEASED, STARTED, COMPLETED}),
    "report": RUNNING,
    "undo": frozenset({RELEASED, STARTED, ON_HOLD}),
}

# Every step from one state to another; the database refuses all others.
TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {
        (DRAFT, RELEASED), (DRAFT, CANCELLED),
        (RELEASED, STARTED), (RELEASED, ON_HOLD), (RELEASED, COMPLETED), (RELEASED, CLOSED), (RELEASED, CANCELLED),
        (STARTED, ON_HOLD), (STARTED, COMPLETED), (STARTED, CLOSED), (STARTED, CANCELLED),
        (ON_HOLD, RELEASED), (ON_HOLD, STARTED), (ON_HOLD, CLOSED), (ON_HOLD, CANCELLED),
        (COMPLETED, CLOSED),
    }
)  # fmt: skip


def may(verb: str, state: str) -> bool:
    return state in VERBS[verb]


def required(per_unit: Fraction, fixed: Fraction, quantity: Decimal, decimals: int) -> Decimal:
    """Material for an order: exact, then rounded up once to the decimals of the component's unit (production §4)."""
    scale = 10**decimals
    exact = (per_unit * Fraction(quantity) + fixed) * scale
    whole = -(-exact.numerator // exact.denominator)
    return Decimal(whole).scaleb(-decimals)
