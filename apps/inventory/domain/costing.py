"""The fold: what every move is worth, from a snapshot and the events after it, in the ledger's order.

Lawful methods (小企业会计准则 art. 13, CAS 1 art. 14). A group carries (quantity in 1/10000, value in fen), both whole;
`r(x)` is half-up to the fen (`half_up`); a unit cost is never stored and never multiplied again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from apps.inventory.domain.amounts import half_up, spread
from apps.inventory.domain.errors import CostNeeded, ValueBelowZero

MONTHLY, FIFO = "monthly_average", "fifo"
GIVEN, AVERAGE, ISSUE, RETURN, PAIR, SHARE = "given", "average", "issue", "return", "pair", "share"


@dataclass(slots=True)
class Layer:
    """FIFO: what is left of one receipt."""

    move: int
    on: date
    quantity: int
    value: int


@dataclass(slots=True)
class Group:
    """State of one cost group while it is folded. `layers` of FIFO are in the order of the ledger."""

    id: int
    item: int
    method: str
    quantity: int = 0
    value: int = 0
    layers: list[Layer] = field(default_factory=list)

    def copy(self) -> "Group":
        layers = [Layer(one.move, one.on, one.quantity, one.value) for one in self.layers]
        return Group(self.id, self.item, self.method, self.quantity, self.value, layers)


@dataclass(slots=True)
class Move:
    """One ledger line as the fold sees it.

    `quantity` ±; `given` fen, with what came later at its place; `feeder`: the move a return or the other leg takes its
    amount from, whose own quantity is `feeder_quantity` (absolute), of which `returned` came back before this one.
    """

    id: int
    on: date
    group: int
    quantity: int
    costing: str
    given: int = 0
    feeder: int = 0
    feeder_quantity: int = 0
    returned: int = 0
    document: int = 0


@dataclass(slots=True)
class ValueChange:
    """A value without goods at (`on`, `seq`): an adjustment, or (`move` set) a late value at the start of the day."""

    seq: int
    on: date
    group: int
    amount: int
    move: int = 0


@dataclass(slots=True)
class Output:
    """One output of an assembly with its weight in the split."""

    move: int
    weight: int


@dataclass(slots=True)
class Assembly:
    """What an assembly turns into what: its inputs' cost and `extra` (fen) go to the outputs, in line order."""

    inputs: list[int]
    outputs: list[Output]
    extra: int = 0


@dataclass(slots=True)
class Values:
    """What the fold knows and finds: signed amount of each move in fen, None while provisional.

    `guesses` hold the running average of moves that wait for the month's close.
    """

    amounts: dict[int, int | None] = field(default_factory=dict)
    guesses: dict[int, int] = field(default_factory=dict)
    assemblies: dict[int, Assembly] = field(default_factory=dict)

    def known(self, move: int) -> int | None:
        return self.amounts.get(move)

    def or_guess(self, move: int) -> int:
        amount = self.amounts.get(move)
        return self.guesses.get(move, 0) if amount is None else amount

    def output_amount(self, assembly: Assembly, move: int) -> int:
        """What output `move` gets of its inputs' amounts, guessed ones too."""
        total = assembly.extra - sum(self.or_guess(one) for one in assembly.inputs)
        parts = spread(total, [output.weight for output in assembly.outputs])
        return next(part for part, output in zip(parts, assembly.outputs, strict=True) if output.move == move)


def place(event: "Move | ValueChange") -> tuple[date, int, int]:
    """Where an event stands: late values at the start of their day, all else by its number in the ledger."""
    if isinstance(event, Move):
        return (event.on, 1, event.id)
    return (event.on, 0 if event.move else 1, event.seq)


def fold(groups: dict[int, Group], events: Iterable["Move | ValueChange"], values: Values) -> None:
    """Run `events`, which are in the order of `place`, over `groups`; both `groups` and `values` are changed.

    Issues of a monthly average stay without amount (a running average is guessed). Raises CostNeeded, ValueBelowZero.
    """
    for event in events:
        group = groups[event.group]
        if isinstance(event, ValueChange):
            change_value(group, event)
        elif event.quantity > 0:
            values.amounts[event.id] = _enter(group, event, values)
        else:
            values.amounts[event.id] = _leave(group, event, values)


def change_value(group: Group, event: ValueChange) -> None:
    """Put ± value onto what lies there. Raises ValueBelowZero."""
    group.value += event.amount
    if group.value < 0 or (group.quantity == 0 and group.value):
        raise ValueBelowZero(group.id)
    if group.method != FIFO:
        return
    own = [layer for layer in group.layers if layer.move == event.move]
    layers = own or group.layers
    for layer, part in zip(layers, spread(event.amount, [one.quantity for one in layers]), strict=True):
        layer.value += part
        if layer.value < 0:
            raise ValueBelowZero(group.id)


# -- In --------------------------------------------------------------------------------------------------------


def _enter(group: Group, move: Move, values: Values) -> int | None:
    amount = amount_in(group, move, values)
    worth = amount if amount is not None else values.guesses.get(move.id, 0)
    group.quantity += move.quantity
    group.value += worth
    if group.value < 0:
        raise ValueBelowZero(group.id)
    if group.method == FIFO:
        if worth < 0:
            raise ValueBelowZero(group.id)
        group.layers.append(Layer(move.id, move.on, move.quantity, worth))
    return amount


def amount_in(group: Group, move: Move, values: Values) -> int | None:
    """What comes in is worth: given, the share of what it came from, or the running average."""
    if move.costing == GIVEN:
        return move.given
    if move.costing == AVERAGE:
        return _gain(group, move, values)
    if move.costing == SHARE:
        return _assembled(group, move, values)
    source = values.known(move.feeder)
    if source is None:
        if group.method == MONTHLY and move.costing == RETURN:
            values.guesses[move.id] = share_of(abs(values.or_guess(move.feeder)), move)
        return None
    return -source if move.costing == PAIR else share_of(abs(source), move)


def _assembled(group: Group, move: Move, values: Values) -> int | None:
    assembly = values.assemblies[move.document]
    amount = values.output_amount(assembly, move.id)
    if all(values.known(one) is not None for one in assembly.inputs):
        return amount
    # Entries tell what a perpetual group is worth: nothing enters it before the close has priced the inputs.
    values.guesses[move.id] = amount if group.method == MONTHLY else 0
    return None


def share_of(amount: int, move: Move) -> int:
    """`r(A (R+q) / n) - r(A R / n)`: parts that came back one by one sum to the whole."""
    count, before = move.feeder_quantity, move.returned
    return half_up(amount * (before + abs(move.quantity)), count) - half_up(amount * before, count)


def _gain(group: Group, move: Move, values: Values) -> int | None:
    if group.quantity == 0:
        raise CostNeeded(group.id)
    average = half_up(group.value * move.quantity, group.quantity)
    if group.method != MONTHLY:
        return average
    values.guesses[move.id] = average
    return None


# -- Out -------------------------------------------------------------------------------------------------------


def _leave(group: Group, move: Move, values: Values) -> int | None:
    quantity = -move.quantity
    worth = _worth_out(group, move, quantity, values)
    waits = group.method == MONTHLY and not (move.costing == RETURN and values.known(move.feeder) is not None)
    group.quantity -= quantity
    group.value -= worth
    if waits:
        values.guesses[move.id] = -worth
        return None
    return -worth


def _worth_out(group: Group, move: Move, quantity: int, values: Values) -> int:
    if group.method == FIFO:
        return _take_layers(group, quantity, first=move.feeder if move.costing == RETURN else 0)
    if quantity == group.quantity:
        return group.value
    source = values.known(move.feeder) if move.costing == RETURN else None
    if source is not None:
        return min(share_of(max(source, 0), move), group.value)
    return half_up(group.value * quantity, group.quantity)


def _take_layers(group: Group, quantity: int, *, first: int) -> int:
    """Oldest first, after the layer of `first`: whole layer -> its value, part -> `r(v t / q)`."""
    worth = 0
    own = next((index for index, layer in enumerate(group.layers) if layer.move == first), None) if first else None
    if own is not None:
        taken, left = _take(group.layers[own], quantity)
        worth, quantity = taken, left
        if group.layers[own].quantity == 0:
            del group.layers[own]
    emptied = 0
    for layer in group.layers:
        if quantity == 0:
            break
        taken, quantity = _take(layer, quantity)
        worth += taken
        emptied += layer.quantity == 0
    del group.layers[:emptied]
    return worth


def _take(layer: Layer, quantity: int) -> tuple[int, int]:
    """Take up to `quantity` out of a layer: (worth, what is still wanted)."""
    part = min(layer.quantity, quantity)
    worth = layer.value if part == layer.quantity else half_up(layer.value * part, layer.quantity)
    layer.quantity -= part
    layer.value -= worth
    return worth, quantity - part


def on_hand_share(amount: int, quantity: int, left: int) -> int:
    """Of a value that comes late for `quantity`, what enters stock: `r(a min(q, left) / q)`; the rest is expense."""
    return half_up(amount * min(quantity, left), quantity)
