"""Units in the reader's words: sentences say 件 where programs read `pcs`."""

from django.utils.translation import get_language

from apps.masterdata import public as masterdata


def unit_word(code: str) -> str:
    """The unit's name on Chinese pages; on English ones its code, which is English."""
    if not code or (get_language() or "").startswith("en"):
        return code
    return masterdata.unit_names().get(code, code)
