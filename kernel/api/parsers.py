"""JSON that can be stored and told again: what is no text or no JSON is refused where it comes in, in a sentence."""

import json
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

__all__ = ["WholeTextParser"]


class WholeTextParser(JSONParser):
    """A lone surrogate (`"\\ud800"`) is legal JSON and no text: neither the database nor an answer can hold it."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ParseError(_("内容里有不完整的字符，请修改后重试。")) from None
        except (ParseError, LookupError, RecursionError):  # no JSON, an unknown charset, brackets without end
            raise ParseError(_("请求内容不是可以读取的 JSON，请检查后重试。")) from None
        return data
