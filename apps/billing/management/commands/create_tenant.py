"""`manage.py create_tenant`: a company that is active at once, with its owner's token."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.billing.services.companies import create_company
from kernel.clock import follow_shared_clock, now
from kernel.errors import DomainError


class Command(BaseCommand):
    help = "Create a company with the exact slug (active, terms accepted); a second call gives a fresh token."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--slug", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--owner-name", default="")
        parser.add_argument("--modules", default="", help="finance,inventory,production,supply")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        modules = [name.strip() for name in options["modules"].split(",") if name.strip()]
        try:
            with follow_shared_clock():
                made = create_company(
                    slug=options["slug"],
                    name=options["name"],
                    owner_email=options["owner_email"],
                    owner_name=options["owner_name"],
                    modules=modules,
                    at=now(),
                )
        except DomainError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        answer = {"tenant": made.slug, "url": made.url, "token": made.token, "owner": made.owner}
        answer["password"] = made.password or ""
        lines = [f"{key}: {value}" for key, value in answer.items()]
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else "\n".join(lines))
