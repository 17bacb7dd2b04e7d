"""宏达五金 over the API: set the book up, draft, review and post, as a client program does."""

from typing import Any

from rest_framework.test import APIClient

BASE = "/api/v1/finance/"


class Books:
    """A client with short words for the common requests; every helper asserts that the request went well."""

    def __init__(self, client: APIClient) -> None:
        self.client = client

    def get(self, path: str, **params: Any) -> Any:
        """The answer of a GET that must succeed."""
        response = self.client.get(BASE + path, params)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def ask(self, path: str, **params: Any) -> Any:
        """The raw answer of a GET; `from_` stands for from."""
        return self.client.get(BASE + path, {name.rstrip("_"): value for name, value in params.items()})

    def post(self, path: str, body: Any = None, **headers: Any) -> Any:
        """The raw answer of a POST."""
        return self.client.post(BASE + path, body if body is not None else {}, format="json", **headers)

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(BASE + path, body, format="json")

    def put(self, path: str, body: Any) -> Any:
        return self.client.put(BASE + path, body, format="json")

    def delete(self, path: str) -> Any:
        return self.client.delete(BASE + path)

    def made(self, path: str, body: Any = None) -> Any:
        """The answer of a POST that must succeed."""
        response = self.post(path, body)
        assert response.status_code in (200, 201), response.content.decode()
        return response.json()

    def set_up(self, *, start: str = "2026-01", kind: str = "general", **more: Any) -> Any:
        """The book, not started yet; the owner keeps, reviews and posts alone."""
        body = {
            "company_name": "宏达五金制品有限公司", "tax_id": "91330200MA2AH12345", "standard": "small_enterprise",
            "taxpayer_kind": kind, "start_period": start, **more,
        }  # fmt: skip
        made = self.made("book/setup/", body)
        reason = {"separate_reviewer": False, "reason": "只有一名会计，由老板复核"}
        assert self.patch("book/", reason).status_code == 200
        return made

    def started(self, **options: Any) -> "Books":
        """Set up and started with empty opening balances."""
        self.set_up(**options)
        self.made("book/start/")
        return self

    def value(self, dimension: str, code: str, name: str) -> None:
        self.made(f"dimensions/{dimension}/values/", {"code": code, "name": name})

    def draft(self, date: str, *lines: dict[str, Any], **more: Any) -> Any:
        return self.made("vouchers/", {"date": date, "word": "记", "lines": list(lines), **more})

    def posted(self, date: str, *lines: dict[str, Any], **more: Any) -> Any:
        """Draft, review and post."""
        draft = self.draft(date, *lines, **more)
        self.made(f"vouchers/{draft['id']}/review/")
        return self.made(f"vouchers/{draft['id']}/post/")

    def run(self, period: str, step: str, body: Any = None) -> Any:
        """Run a step, review and post what it drafts."""
        drafts = self.made(f"periods/{period}/run/{step}/", body)["vouchers"]
        for draft in drafts:
            self.made(f"vouchers/{draft['id']}/review/")
            self.made(f"vouchers/{draft['id']}/post/")
        return drafts


def debit(account: str, amount: str, summary: str = "记账", **more: Any) -> dict[str, Any]:
    return {"summary": summary, "account": account, "debit": amount, **more}


def credit(account: str, amount: str, summary: str = "记账", **more: Any) -> dict[str, Any]:
    return {"summary": summary, "account": account, "credit": amount, **more}


def code_of(response: Any) -> tuple[int, str]:
    """Status and refusal code of an answer."""
    return response.status_code, response.json().get("code", "")
