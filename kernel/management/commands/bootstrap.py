"""`manage.py bootstrap`: bring the database up to the code. Idempotent; run at every deploy and by `up`."""

from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from psycopg import sql

from tenants import hooks
from tenants.context import shared_context
from tenants.db.admin import AdminConnection, admin_connection
from tenants.db.migrator import migrate_companies
from tenants.db.roles import prepare_roles
from tenants.db.template import mark_template, migrate_shared, migrate_template, refuse_other_roles
from tenants.services.provisioning import refill_pool


class Command(BaseCommand):
    help = "Roles, shared tables, template schema, every company's schema, pool of ready schemas."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--pool", type=int, default=5, help="ready schemas to keep (default 5)")
        parser.add_argument("--demo", action="store_true", help="build the demo company too, unless it stands")
        parser.add_argument("--mark", default="", help="written into the database at the end: what has brought it up")

    def handle(self, *args: Any, **options: Any) -> None:
        self._make_database()
        with admin_connection() as connection:
            _require_superuser(connection)
            refuse_other_roles(connection)
            prepare_roles(connection)
        migrate_shared()
        with shared_context():
            for seed in hooks.shared_seeders:
                seed()
        migrate_template()
        report = migrate_companies()
        made = refill_pool(size=options["pool"])
        self.stdout.write(f"companies migrated: {len(report.migrated)}, failed: {len(report.failed)}, pool: +{made}")
        if report.failed:
            raise CommandError("; ".join(f"{schema}: {reason}" for schema, reason in report.failed.items()))
        if options.get("demo"):
            call_command("demo", stdout=self.stdout)
        if options.get("mark"):
            mark_template(options["mark"])

    def _make_database(self) -> None:
        params = settings.DATABASES["admin"]
        with psycopg.connect(
            host=params["HOST"],
            port=params["PORT"],
            dbname="postgres",
            user=params["USER"],
            password=params["PASSWORD"],
            autocommit=True,
        ) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [params["NAME"]]).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(params["NAME"])))


def _require_superuser(connection: AdminConnection) -> None:
    """Superusers alone may take functions and languages from PUBLIC, and load an archive without its triggers."""
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row is None or not row[0]:
        raise CommandError(
            f"DATABASE_ADMIN_URL 的登录 {connection.info.user} 不是数据库的超级用户，请换成超级用户；"
            "网站自己用的 DATABASE_URL 不需要任何特权。\n"
            f"The login {connection.info.user} of DATABASE_ADMIN_URL is no superuser of the database; name one. "
            "DATABASE_URL, which the site itself uses, needs no privilege at all."
        )
