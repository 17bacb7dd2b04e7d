"""生产看板: what is late, short and due today."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.production.selectors import production_board
from apps.production.selectors.message_texts import label_of, text_of
from apps.production.views.plan_pages import read, show
from kernel.clock import today
from kernel.http.request import Request


@read
@require_GET
def home(request: Request) -> HttpResponse:
    """The first page of production."""
    context = production_board.board(today())
    for row in context["alerts"]:
        row.text, row.word = text_of(row), label_of(row.code)
    return show(request, "production/home.html", {"title": _("生产看板"), **context})
