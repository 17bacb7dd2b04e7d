"""`manage.py create_operator`: a member of the operator's staff with a token."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.billing.services.companies import create_operator
from kernel.errors import DomainError


class Command(BaseCommand):
    help = "Make a person operator staff (created when unknown) and print a fresh token."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token, password = create_operator(email=options["email"], name=options["name"])
        except DomainError as error:
            raise CommandError(f"{error.code}: {error.message}") from error
        answer = {"token": token, "password": password or ""}
        lines = [f"{key}: {value}" for key, value in answer.items()]
        self.stdout.write(json.dumps(answer) if options["json"] else "\n".join(lines))
