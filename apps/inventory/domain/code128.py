"""GS1-128 bars: ISO/IEC 15417 (Code 128) with FNC1 in front, as GS1 General Specifications 5.4 has it."""

from itertools import groupby

FNC1 = "\x1d"

# Widths of bar, space, bar, … in modules; the index is the symbol's value (ISO/IEC 15417, table 1).
_PACKED = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222"
    "123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321"
    "232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121"
    "313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224"
    "111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111"
    "111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113"
    "114311411113411311113141114131311141411131211412211214211232"
)
_WIDTHS = tuple(_PACKED[at : at + 6] for at in range(0, len(_PACKED), 6))
_STOP = "2331112"
_CODE_C, _CODE_B, _FNC1_VALUE, _START_B, _START_C = 99, 100, 102, 104, 105
_LEAST_FOR_C = 4  # shorter runs of digits do not pay for the two changes of set


def symbols(text: str, *, gs1: bool = True) -> list[int]:
    """Values of the symbols for `text` (printable ASCII, FNC1 as `\\x1d`), check symbol included, stop not.

    `gs1` puts FNC1 behind the start. Raises ValueError for a character that cannot be encoded or an empty text.
    """
    if not text:
        raise ValueError("nothing to encode")
    values: list[int] = []
    in_c = False
    for run, is_digits in _runs(text):
        in_c = _add_run(values, run, is_digits=is_digits, in_c=in_c, gs1=gs1)
    check = values[0] + sum(place * value for place, value in enumerate(values[1:], start=1))
    return [*values, check % 103]


def bars(text: str, *, gs1: bool = True) -> list[tuple[int, int]]:
    """(offset, width) of every dark bar in modules, without the quiet zones."""
    widths = "".join(_WIDTHS[value] for value in symbols(text, gs1=gs1)) + _STOP
    found, at = [], 0
    for place, width in enumerate(widths):
        if place % 2 == 0:
            found.append((at, int(width)))
        at += int(width)
    return found


def modules(text: str, *, gs1: bool = True) -> int:
    """Width of the whole symbol in modules, without the quiet zones (10 on each side)."""
    last, width = bars(text, gs1=gs1)[-1]
    return last + width


def _runs(text: str) -> list[tuple[str, bool]]:
    """`text` cut into runs: digits in pairs long enough for set C, and the rest."""
    pieces: list[tuple[str, bool]] = []
    for is_digits, chars in groupby(text, key=lambda char: char in "0123456789"):
        run = "".join(chars)
        if not is_digits or len(run) < _LEAST_FOR_C:
            pieces.append((run, False))
        elif len(run) % 2:
            pieces += [(run[0], False), (run[1:], True)] if pieces else [(run[:-1], True), (run[-1], False)]
        else:
            pieces.append((run, True))
    return pieces


def _add_run(values: list[int], run: str, *, is_digits: bool, in_c: bool, gs1: bool) -> bool:
    """Append `run`; the answer is whether set C is in force afterwards."""
    if not values:
        values.append(_START_C if is_digits else _START_B)
        if gs1:
            values.append(_FNC1_VALUE)
    elif is_digits != in_c and run != FNC1:
        values.append(_CODE_C if is_digits else _CODE_B)
    if is_digits:
        values += [int(run[place : place + 2]) for place in range(0, len(run), 2)]
        return True
    if run == FNC1:
        values.append(_FNC1_VALUE)
        return in_c
    values += [_value_in_b(char) for char in run]
    return False


def _value_in_b(char: str) -> int:
    if char == FNC1:
        return _FNC1_VALUE
    if not " " <= char <= "\x7f":
        raise ValueError(f"{char!r} is not in code set B")
    return ord(char) - 32
