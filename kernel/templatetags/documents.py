"""Tags of lists: the member's saved filters."""

from typing import Any

from django import template

from kernel import saved_views as service
from kernel.models import SavedView

register = template.Library()


@register.simple_tag(takes_context=True)
def saved_views(context: Any) -> list[SavedView]:
    """Saved filters of this page's path, by name."""
    request = context["request"]
    member = getattr(request, "member", None)
    return list(service.views_of(member, request.path)) if member else []
