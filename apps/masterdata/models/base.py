"""What every coded record has: a code, its folded key, a name with pinyin, and the text it is found by."""

from typing import Any

from django.db import models

from apps.masterdata.domain.codes import code_key, text_key
from apps.masterdata.domain.pinyin import pinyin_keys

CODE_LENGTH = 64
NAME_LENGTH = 200
SEARCH_SEPARATOR = "\n"  # a search never reaches over the edge of one word into the next


class CodedRecord(models.Model):
    """编码 and 名称. `code_key` is what makes the code unique; `search_text` holds everything it is found by.

    `code_key`, `pinyin` and `search_text` follow from the other columns and are written by `save` alone.
    `version` counts the saves, so that a stale form is noticed.
    """

    code = models.CharField(max_length=CODE_LENGTH)
    code_key = models.CharField(max_length=CODE_LENGTH * 3)
    name = models.CharField(max_length=NAME_LENGTH)
    pinyin = models.CharField(max_length=255, blank=True, default="")
    search_text = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)

    def fill_keys(self, *also: str) -> None:
        """Write the derived columns; `also` are further words the record is found by."""
        keys = pinyin_keys(self.name)
        self.code_key = code_key(self.code)
        self.pinyin = keys.full
        words = [self.code, self.name, *self.found_by(), *also]
        folded = [text_key(word) for word in words if word] + [keys.full, keys.initials]
        self.search_text = SEARCH_SEPARATOR.join(dict.fromkeys(word for word in folded if word))

    def found_by(self) -> list[str]:
        """Further columns that the search looks into."""
        return []
