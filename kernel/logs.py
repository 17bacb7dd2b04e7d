"""Log lines: for eyes in development, JSON in production. Both carry the company and the request's id."""

import json
import logging
from datetime import UTC, datetime

from django.db import connection


def shown_path(path: str) -> str:
    """The path as a log may hold it: a token that stands in an address is a key to the page behind it."""
    for prefix in ("/g/", "/reset/"):
        if path.startswith(prefix):
            return f"{prefix}…"
    return path


def _company(record: logging.LogRecord) -> str:
    """The company the line speaks of: the one it names, else the one we stand in."""
    return str(getattr(record, "company", "") or getattr(connection, "schema_name", "") or "-")


class LineFormatter(logging.Formatter):
    """`12:00:01 INFO  qz.request [t_ab12] GET / 200 14ms`."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        line = f"{at} {record.levelname:<7} {record.name} [{_company(record)}] {record.getMessage()}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "company": _company(record),
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", None),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
