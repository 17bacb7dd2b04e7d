"""One gate for the API: signed in, module paid for, right held. Runs before the body is read."""

from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission

from kernel.http.gates import EXPORTS, SAFE, check_access, check_module, check_right


class ModuleAndRight(BasePermission):
    """Reads from the view: `module` (None = always on), `rights` {method or "*": right or None}, `always_open`."""

    def has_permission(self, request: Any, view: Any) -> bool:
        member = request.auth
        if member is None:
            raise NotAuthenticated
        company = request._request.company
        exporting = request._request.GET.get("format") in EXPORTS
        module = getattr(view, "module", None)
        if module is not None:
            check_module(company, module, request.method, exporting=exporting)
        elif company is not None and not getattr(view, "always_open", False):
            check_access(company, request.method, exporting=exporting)
        rights = getattr(view, "rights", {})
        right = rights.get(request.method, rights.get("GET") if request.method in SAFE else rights.get("*"))
        if right:
            check_right(member, right)
        return True


class OperatorOnly(BasePermission):
    """Staff of the operator, on the bare domain."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if request.auth is None:
            raise NotAuthenticated
        return bool(request.auth.is_operator and request._request.company is None)
