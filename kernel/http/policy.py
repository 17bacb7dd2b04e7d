"""Exceptions from the content security policy, page by page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from kernel.http.addresses import company_address

View = TypeVar("View", bound=Callable[..., Any])


def leads_to_companies(view: View) -> View:
    """The form of this page ends at a company's own host: browsers hold `form-action` against redirects, too."""

    @wraps(view)
    def led(*args: Any, **kwargs: Any) -> Any:
        response = view(*args, **kwargs)
        response._csp_update = {"form-action": [company_address("*")]}
        return response

    return led  # type: ignore[return-value]  # the wrapper has the view's own signature


def reads_barcodes(view: View) -> View:
    """The reader of this page is compiled code (WebAssembly): it may run, and nothing else more."""

    @wraps(view)
    def reading(*args: Any, **kwargs: Any) -> Any:
        response = view(*args, **kwargs)
        response._csp_update = {"script-src": ["'wasm-unsafe-eval'"]}
        return response

    return reading  # type: ignore[return-value]  # the wrapper has the view's own signature
