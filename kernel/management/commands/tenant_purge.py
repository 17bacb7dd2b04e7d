"""`manage.py tenant_purge S --archive FILE`: archive, then remove everything of one company; prints a certificate."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from kernel.clock import machine_now
from kernel.company_lookup import company_by_slug
from tenants.services.archive import export_company, purge_company


class Command(BaseCommand):
    help = "Archive and remove one company."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug")
        parser.add_argument("--archive", type=Path, help="where the last archive goes (default: data folder/archives)")

    def handle(self, *args: Any, **options: Any) -> None:
        company, moment = company_by_slug(options["slug"]), machine_now()
        target = (
            options["archive"] or Path(settings.DATA_DIR) / "archives" / f"{company.slug}-{moment:%Y%m%d%H%M%S}.zip"
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        export_company(company=company, target=target, at=moment)
        certificate = purge_company(company=company, at=moment)
        certificate |= {"archive": str(target), "sha256": hashlib.sha256(target.read_bytes()).hexdigest()}
        self.stdout.write(json.dumps(certificate, ensure_ascii=False, indent=1))
