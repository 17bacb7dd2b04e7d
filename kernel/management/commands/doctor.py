"""`manage.py doctor [--tenant S] [--cluster]`: is all sound, do the books hold? Exit 1 names what is wrong."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from kernel import doctor
from kernel.company_lookup import company_by_slug
from tenants.context import all_company_ids, load_company, tenant_context
from tenants.db.template import schema_version


class Command(BaseCommand):
    help = "Check the installation and the invariants of the books."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tenant", help="only this company")
        parser.add_argument("--cluster", action="store_true", help="also what a cluster of database servers needs")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = self._installation(options["cluster"])
        companies = (
            [company_by_slug(options["tenant"])] if options["tenant"] else [load_company(i) for i in all_company_ids()]
        )
        for company in companies:
            if company.schema_version != schema_version():
                problems.append(f"{company.slug}: schema is behind the code; run bootstrap")
            with tenant_context(company):
                problems += [f"{company.slug}: {f.check}: {f.problem}" for f in doctor.examine(company) if f.problem]
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problems")
        self.stdout.write(f"ok: {len(companies)} companies")

    def _installation(self, cluster: bool) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolinherit, rolsuper FROM pg_roles WHERE rolname = current_user")
            inherits, is_super = cursor.fetchone()
            problems = []
            if inherits or is_super:
                problems.append("the serving login must be NOINHERIT and no superuser")
            if cluster:
                cursor.execute("SELECT count(*) FROM pg_extension WHERE extname = 'citus'")
                if not cursor.fetchone()[0]:
                    problems.append("the extension citus is not installed on this server")
        return problems
