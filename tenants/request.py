"""The request as the ground's middleware leaves it; a type, never instantiated."""

from django.http import HttpRequest

from tenants.context import Company
from tenants.rights import Member


class EdgeRequest(HttpRequest):
    """`company` None = the operator's host; `member` None = nobody signed in; `token_refused`: why a token failed."""

    company: Company | None
    member: Member | None
    token_refused: str
    is_token: bool
    id: str
