"""Codes people type: 编码. Full-width letters, stray blanks and capitals never make two codes out of one."""

import unicodedata

from apps.masterdata.domain.errors import RuleError, gettext_noop

MAX_CODE_LENGTH = 64

_FIRST_WIDE, _LAST_WIDE = 0xFF01, 0xFF5E
_WIDE_OFFSET = 0xFF01 - 0x21
_WIDE_TO_NARROW = {wide: wide - _WIDE_OFFSET for wide in range(_FIRST_WIDE, _LAST_WIDE + 1)} | {0x3000: 0x20}
# One size, one diameter, however the keyboard wrote it: M6×20, M6*20 and M6X20 are the same bolt.
_SAME_SIGN = str.maketrans({"×": "x", "✕": "x", "*": "x", "Φ": "φ", "ø": "φ", "⌀": "φ", "∅": "φ"})


class BadCode(RuleError):
    """A code is empty, too long or holds characters that cannot be typed again."""

    code = "bad_code"


def fold_width(text: str) -> str:
    """Full-width ASCII and the ideographic blank become half-width; everything else stays as typed."""
    return text.translate(_WIDE_TO_NARROW)


def strip_blanks(text: str) -> str:
    """Take away every blank and every invisible mark that a copy from Excel or WeChat brings along."""
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) != "Cf")


def clean_code(text: str, *, max_length: int = MAX_CODE_LENGTH) -> str:
    """Return the code as it is stored and printed: half-width, trimmed, invisible marks removed, case kept.

    Raises BadCode when nothing is left, when it is longer than `max_length`, or holds a control character.
    """
    visible = "".join(char for char in fold_width(text) if unicodedata.category(char) != "Cf")
    code = unicodedata.normalize("NFC", visible).strip()
    if not code:
        raise BadCode(gettext_noop("编码不能为空。"))
    if len(code) > max_length:
        raise BadCode(gettext_noop("编码最多 %(max)s 个字符。"), {"max": max_length})
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in code):
        raise BadCode(gettext_noop("编码里有换行或控制字符，请重新输入。"))
    return code


def code_key(text: str) -> str:
    """The key two codes share when they are one code: cleaned and without regard to case.

    Never raises: it is also used to look for texts that are no codes at all. Idempotent.
    """
    visible = "".join(char for char in fold_width(text) if unicodedata.category(char) != "Cf")
    decomposed = unicodedata.normalize("NFD", visible.strip())
    # Canonical caseless matching, Unicode 3.13 D145; NFC keeps the stored key short.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", decomposed.casefold())).strip()


def text_key(text: str) -> str:
    """The key of a name or 规格型号 for comparing, never for printing: width, case and blanks folded.

    `M6×20`, `m6 * 20` and `Ｍ６Ｘ２０` share one key; so do `10mm²` and `10mm2`.
    """
    compatible = unicodedata.normalize("NFKC", text.translate(_SAME_SIGN))
    return strip_blanks(compatible).casefold().translate(_SAME_SIGN)
