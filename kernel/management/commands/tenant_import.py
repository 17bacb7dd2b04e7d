"""`manage.py tenant_import FILE --slug S2`: a new company out of an archive."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.clock import machine_now
from kernel.errors import DomainError
from tenants.services.archive import import_company


class Command(BaseCommand):
    help = "Make a company out of an archive; every table is proved equal."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--slug", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            company = import_company(source=options["file"], slug=options["slug"], at=machine_now())
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{company.slug}: {company.name}")
