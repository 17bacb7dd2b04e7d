"""开源许可: whose work is in this product, and under what licence."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kernel import licences
from kernel.http.request import Request


@require_GET
def licence_page(request: Request) -> HttpResponse:
    """For everybody, on every host."""
    context = {"pages": licences.in_pages(), "server": licences.on_server()}
    return render(request, "about/licences.html", context)
