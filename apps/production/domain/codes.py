"""Codes people type for calendars and work centres: width and case never make two codes out of one."""

import unicodedata

LONGEST = 64


def code_key(text: str) -> str:
    """The key two codes share when they are one code. Never raises."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def clean_code(text: str) -> str:
    """The code as it is stored; empty when it holds nothing or what cannot be typed again."""
    code = unicodedata.normalize("NFKC", text).strip()
    bad = any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in code)
    return "" if bad or len(code) > LONGEST else code
