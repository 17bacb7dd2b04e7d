"""统一社会信用代码, GB 32100-2015: 18 characters, the last one checks the other 17."""

from apps.masterdata.domain.codes import fold_width, strip_blanks
from apps.masterdata.domain.errors import RuleError, gettext_noop

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_VALUE = {char: value for value, char in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


class BadUscc(RuleError):
    """The text is not a 统一社会信用代码."""

    code = "bad_uscc"


def check_character(body: str) -> str:
    """Character 18 for the first 17: `(31 - sum(value * 3^(i-1)) mod 31) mod 31`, GB 32100-2015 annex B.

    `body` is 17 characters of `ALPHABET`; anything else raises BadUscc.
    """
    if len(body) != LENGTH - 1:
        raise BadUscc(gettext_noop("校验码由前 17 位算出，现为 %(length)s 位。"), {"length": len(body)})
    _refuse_strange_characters(body)
    total = sum(_VALUE[char] * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def clean_uscc(text: str) -> str:
    """Return the code upper-cased, half-width and without blanks; raise BadUscc saying what is wrong."""
    uscc = strip_blanks(fold_width(text)).upper()
    if len(uscc) != LENGTH:
        raise BadUscc(gettext_noop("统一社会信用代码应为 18 位，现为 %(length)s 位。"), {"length": len(uscc)})
    _refuse_strange_characters(uscc)
    if check_character(uscc[:-1]) != uscc[-1]:
        raise BadUscc(gettext_noop("统一社会信用代码 %(uscc)s 的校验位不对，请对照营业执照核对。"), {"uscc": uscc})
    return uscc


def is_uscc(text: str) -> bool:
    """Whether `text` is a valid code once cleaned."""
    try:
        clean_uscc(text)
    except BadUscc:
        return False
    return True


def _refuse_strange_characters(text: str) -> None:
    strange = "".join(dict.fromkeys(char for char in text if char not in _VALUE))
    if strange:
        raise BadUscc(
            gettext_noop("统一社会信用代码不能含“%(strange)s”（只用数字和除 I、O、S、V、Z 外的大写字母）。"),
            {"strange": strange},
        )
