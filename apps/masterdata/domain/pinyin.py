"""拼音 keys, stored beside names: for sorting alike on every database build and for finding by initials."""

from dataclasses import dataclass

from pypinyin import Style, lazy_pinyin

from apps.masterdata.domain.codes import fold_width

MAX_KEY_LENGTH = 255


@dataclass(frozen=True)
class PinyinKeys:
    """法兰盘 DN50 -> full `falanpandn50`, initials `flpdn50`; both lower case, letters and digits only."""

    full: str
    initials: str


def pinyin_keys(text: str, *, max_length: int = MAX_KEY_LENGTH) -> PinyinKeys:
    """The stored keys of a name, each cut at `max_length`. Characters without pinyin are kept as they are."""
    folded = fold_width(text)
    return PinyinKeys(
        full=_spell(folded, Style.NORMAL)[:max_length],
        initials=_spell(folded, Style.FIRST_LETTER)[:max_length],
    )


def search_key(text: str) -> str:
    """What a person typed into the search box, in the form of the keys: `FLP ` -> `flp`."""
    return _letters(fold_width(text))


def _spell(text: str, style: Style) -> str:
    return "".join(lazy_pinyin(text, style=style, errors=_letters)).replace("ü", "v")


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
