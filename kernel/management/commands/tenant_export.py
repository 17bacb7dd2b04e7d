"""`manage.py tenant_export S FILE`: all data of one company in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.clock import machine_now
from kernel.company_lookup import company_by_slug
from tenants.services.archive import export_company


class Command(BaseCommand):
    help = "Write the archive of one company."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        company = company_by_slug(options["slug"])
        try:
            manifest = export_company(company=company, target=options["file"], at=machine_now())
        except OSError as error:
            raise CommandError(
                f"档案 {options['file']} 无法写入（{error.strerror}），请检查文件夹、权限和磁盘空间。\n"
                f"The archive {options['file']} cannot be written ({error.strerror}); look at the folder, its "
                "rights and the space that is left."
            ) from error
        rows = sum(table["rows"] for table in manifest["tables"])
        self.stdout.write(
            f"{options['file']}: {len(manifest['tables'])} tables, {rows} rows, {len(manifest['files'])} files"
        )
