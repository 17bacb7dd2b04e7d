"""常用筛选: a member's own names for filters of a list."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kernel.errors import DomainError, Invalid, NotFound
from kernel.models import SavedView
from tenants.rights import Member

MOST = 30


def views_of(member: Member, list_path: str) -> QuerySet[SavedView]:
    """The member's saved filters of one list, by name."""
    return SavedView.objects.filter(user_id=member.user_id, list=list_path).order_by("name", "id")


def save(*, member: Member, list_path: str, name: str, querystring: str, at: datetime) -> SavedView:
    """Keep the filter under `name`; the same name again replaces it. Raises Invalid, DomainError above 30."""
    name, querystring = name.strip(), querystring.lstrip("?")
    if not 0 < len(name) <= 40:
        raise Invalid(_("请填写名称，最多 40 个字。"), fields={"name": [_("请填写名称，最多 40 个字。")]})
    is_path = list_path.startswith("/") and not list_path.startswith("//") and len(list_path) <= 120
    if len(querystring) > 1000 or not is_path:
        raise Invalid(_("筛选条件太长，无法保存。"))
    if views_of(member, list_path).exclude(name=name).count() >= MOST:
        raise DomainError(_("常用筛选最多 %(n)d 个，请先删除不用的。") % {"n": MOST}, "too_many_saved_views")
    saved, _made = SavedView.objects.update_or_create(
        user_id=member.user_id,
        list=list_path,
        name=name,
        defaults={"querystring": querystring, "created_at": at},
    )
    return saved


def remove(*, member: Member, view_id: int) -> str:
    """Forget one; returns its list. Raises NotFound."""
    found = SavedView.objects.filter(user_id=member.user_id, pk=view_id).first()
    if found is None:
        raise NotFound(_("找不到这个常用筛选。"))
    found.delete()
    return found.list
