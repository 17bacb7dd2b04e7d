"""The stock list as a sequence that is read a page at a time."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from apps.inventory.selectors import stock_list
from apps.inventory.selectors.stock import Line, StockQuery


class StockRows:
    """What a paginator needs: `count()` and slices; iterating reads all. Count and totals are asked once, together."""

    def __init__(self, query: StockQuery, *, today: date) -> None:
        self._query, self._today = query, today

    @cached_property
    def summary(self) -> stock_list.Summary:
        return stock_list.summary(self._query, today=self._today)

    def count(self) -> int:
        return self.summary.count

    def __len__(self) -> int:
        return self.count()

    def __iter__(self) -> Iterator[Line]:
        return iter(stock_list.rows(self._query, today=self._today))

    def __getitem__(self, at: Any) -> list[Line]:
        start, stop = at.start or 0, at.stop
        limit = None if stop is None else stop - start
        return stock_list.rows(self._query, today=self._today, limit=limit, offset=start)
