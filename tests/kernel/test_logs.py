"""The log of requests: each line names the company that was served, none the visitor of nobody's page."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from kernel.logs import LineFormatter
from tenants.context import Company


def _lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [LineFormatter().format(record) for record in caplog.records if record.name == "qz.request"]


def test_a_line_names_the_company_though_it_is_written_after_it_was_left(
    api_of: Callable[[str], APIClient], hongda: Company, caplog: Any
) -> None:
    with caplog.at_level(logging.INFO, "qz.request"):
        answer = api_of("bob").get("/api/v1/masterdata/items/")

    assert answer.status_code == 200
    assert f"[{hongda.schema_name}] GET /api/v1/masterdata/items/ 200" in _lines(caplog)[0]


def test_a_line_of_nobodys_host_names_none(client: Any, db: None, caplog: Any) -> None:
    with caplog.at_level(logging.INFO, "qz.request"):
        client.get("/", headers={"host": "niemand.example"})

    assert "[public]" in _lines(caplog)[0]
