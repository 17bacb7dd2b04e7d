"""One company's data is one company's: take all of it away, bring it elsewhere, have the rest removed.

An archive is a ZIP: `manifest.json` (schema version, counts, hashes), `tables/<name>.csv` (every table, for people and
for COPY), `files/…`, `members.json`. It is read in one REPEATABLE READ transaction, so it is one moment's truth.
"""

import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from psycopg import sql

from tenants import hooks
from tenants.context import Company, shared_context, tenant_context
from tenants.db.admin import admin_connection
from tenants.db.roles import drop_schema
from tenants.errors import DomainError
from tenants.models import ApiToken, Domain, Invitation, Membership, ModuleGrant, Session, Tenant, User
from tenants.services.provisioning import provision_company

FORMAT = "qingzhun-archive/1"
LEFT_OUT = {"django_migrations"}
Progress = Callable[[int, int], None]
PLAIN_TEXT = ("SET LOCAL timezone = 'UTC'", "SET LOCAL datestyle = 'ISO'")  # equal text for equal values


class BadArchive(DomainError):
    """The file is not an archive of ours, is damaged, or is newer than this installation."""

    code = "bad_archive"
    http_status = 400


@dataclass(frozen=True)
class TableCount:
    """Rows of one table and the hash of its CSV."""

    name: str
    rows: int
    sha256: str


def export_company(
    *, company: Company, target: Path, at: datetime, progress: Progress = lambda done, total: None
) -> dict[str, Any]:
    """Write the archive of `company` to `target`; answers the manifest. `progress(done, total)` counts tables and
    files as they are written."""
    members = _members(company)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        with tenant_context(company), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for setting in PLAIN_TEXT:
                cursor.execute(setting)
            names, paths = _tables(cursor), file_paths(company)
            total = len(names) + len(paths)
            tables = []
            for name in names:
                tables.append(_write_table(archive, cursor, name))
                progress(len(tables), total)
        files = []
        for path in paths:
            files.append(_write_file(archive, company, path))
            progress(len(tables) + len(files), total)
        manifest = {
            "format": FORMAT,
            "company": {"slug": company.slug, "name": company.name},
            "schema_version": company.schema_version,
            "exported_at": at.isoformat(),
            "tables": [asdict(table) for table in tables],
            "files": files,
            "modules": company.modules,
        }
        archive.writestr("members.json", json.dumps(members, ensure_ascii=False, indent=1))
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def _members(company: Company) -> list[dict[str, Any]]:
    with shared_context():
        rows = Membership.objects.select_related("user").filter(tenant_id=company.id).order_by("id")
        return [
            {
                "user_id": row.user_id,
                "email": row.user.email,
                "name": row.user.name,
                "role": row.role,
                "rights": row.rights,
            }
            for row in rows
        ]


def _tables(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() "
        "AND table_type = 'BASE TABLE' ORDER BY table_name"
    )
    return [row[0] for row in cursor.fetchall() if row[0] not in LEFT_OUT]


def _write_table(archive: zipfile.ZipFile, cursor: Any, name: str) -> TableCount:
    cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608  # the name comes from the catalogue
    rows = cursor.fetchone()[0]
    digest = hashlib.sha256()
    # The name comes from the catalogue, not from a person.
    copy = f'COPY (SELECT * FROM "{name}" ORDER BY 1) TO STDOUT (FORMAT csv, HEADER)'  # noqa: S608  # as said
    with archive.open(f"tables/{name}.csv", "w") as out, cursor.copy(copy) as data:
        for chunk in data:
            digest.update(chunk)
            out.write(chunk)
    return TableCount(name, rows, digest.hexdigest())


def file_paths(company: Company) -> list[str]:
    """All stored files of the company, sorted."""
    return sorted(_walk(company.schema_name)) if default_storage.exists(company.schema_name) else []


def _walk(folder: str) -> list[str]:
    folders, files = default_storage.listdir(folder)
    found = [f"{folder}/{name}" for name in files]
    for name in folders:
        found += _walk(f"{folder}/{name}")
    return found


def _write_file(archive: zipfile.ZipFile, company: Company, path: str) -> dict[str, Any]:
    with default_storage.open(path, "rb") as source:
        content = source.read()
    inside = path.removeprefix(f"{company.schema_name}/")
    archive.writestr(f"files/{inside}", content)
    return {"path": inside, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def read_manifest(source: Path) -> dict[str, Any]:
    """The manifest of an archive. Raises BadArchive."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise BadArchive(f"这个文件不是轻准的企业档案，或已损坏：{error}") from error
    if manifest.get("format") != FORMAT:
        raise BadArchive(f"不认识的档案格式：{manifest.get('format')}")
    return manifest


def import_company(*, source: Path, slug: str, at: datetime) -> Company:
    """Make a new company `slug` out of an archive; every table is proved equal to the archive before it counts.

    Members come along by e-mail; a person unknown here gets an account without password (reset by mail).
    Raises BadArchive, SlugRefused; nothing is left behind.
    """
    manifest = read_manifest(source)
    with zipfile.ZipFile(source) as archive:
        members = json.loads(archive.read("members.json"))
        owner = _person(next((row for row in members if row["role"] == "owner"), members[0]))
        company = provision_company(slug=slug, name=manifest["company"]["name"], owner=owner, created_at=at)
        try:
            _load(archive, manifest, company, _user_ids(members))
        except Exception:
            purge_company(company=company, at=at)
            raise
        _join(company, members)
        for entry in manifest["files"]:
            with archive.open(f"files/{entry['path']}") as stored:
                default_storage.save(f"{company.schema_name}/{entry['path']}", io.BytesIO(stored.read()))
    with shared_context():
        for module, level in manifest["modules"].items():
            ModuleGrant.objects.update_or_create(
                tenant_id=company.id, module=module, defaults={"level": level, "granted_at": at}
            )
    return company


def _person(row: dict[str, Any]) -> User:
    user = User.objects.filter(email__iexact=row["email"]).first()
    if user is None:
        user = User(email=row["email"], name=row["name"])
        user.set_unusable_password()
        user.save()
    return user


def _user_ids(members: list[dict[str, Any]]) -> dict[int, int]:
    """Ids of the archive -> ids here; history rows keep the ids they were written with."""
    return {row["user_id"]: _person(row).pk for row in members}


def _join(company: Company, members: list[dict[str, Any]]) -> None:
    for row in members:
        Membership.objects.update_or_create(
            tenant_id=company.id, user=_person(row), defaults={"role": row["role"], "rights": row["rights"]}
        )


def _load(archive: zipfile.ZipFile, manifest: dict[str, Any], company: Company, users: dict[int, int]) -> None:
    with admin_connection() as admin, admin.transaction():
        admin.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(company.schema_name)))
        # The books prove themselves afterwards; triggers would refuse rows of closed periods.
        admin.execute("SET LOCAL session_replication_role = replica")
        for setting in PLAIN_TEXT:
            admin.execute(setting.encode())
        for table in manifest["tables"]:
            _load_table(admin, archive, table)
        for table in manifest["tables"]:
            _set_sequence(admin, company.schema_name, table["name"])
        for table in manifest["tables"]:
            _prove(admin, table)
    for old, new in users.items():
        if old != new:
            _remember_staff(company, old, new)


def _load_table(admin: Any, archive: zipfile.ZipFile, table: dict[str, Any]) -> None:
    name = sql.Identifier(table["name"])
    admin.execute(sql.SQL("DELETE FROM {}").format(name))
    with archive.open(f"tables/{table['name']}.csv") as data:
        heading = data.readline().decode().strip()
        columns = sql.SQL(", ").join(sql.Identifier(column.strip('"')) for column in heading.split(","))
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(name, columns)
        with admin.cursor().copy(statement) as target:
            while chunk := data.read(1 << 16):
                target.write(chunk)


def _set_sequence(admin: Any, schema: str, table: str) -> None:
    row = admin.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s "
        "AND is_identity = 'YES'",
        [schema, table],
    ).fetchone()
    if row is not None:
        statement = sql.SQL(
            "SELECT setval(pg_get_serial_sequence({full}, {name}), "
            "coalesce((SELECT max({column}) FROM {table}), 0) + 1, false)"
        )
        admin.execute(
            statement.format(
                full=sql.Literal(f'"{schema}"."{table}"'),
                name=sql.Literal(row[0]),
                column=sql.Identifier(row[0]),
                table=sql.Identifier(table),
            )
        )


def _prove(admin: Any, table: dict[str, Any]) -> None:
    digest = hashlib.sha256()
    copy = sql.SQL("COPY (SELECT * FROM {} ORDER BY 1) TO STDOUT (FORMAT csv, HEADER)").format(
        sql.Identifier(table["name"])
    )
    with admin.cursor().copy(copy) as data:
        for chunk in data:
            digest.update(chunk)
    if digest.hexdigest() != table["sha256"]:
        raise BadArchive(f"表 {table['name']} 导入后与档案不一致，导入已撤销。")


def _remember_staff(company: Company, old: int, new: int) -> None:
    # Rows written elsewhere name the person by the id of that installation; the mirror keeps that name readable.
    with tenant_context(company), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_staff (user_id, name, is_active) SELECT %s, name, is_active FROM kernel_staff "
            "WHERE user_id = %s ON CONFLICT (user_id) DO NOTHING",
            [new, old],
        )


def purge_company(*, company: Company, at: datetime) -> dict[str, Any]:
    """Remove schema, role, files and shared rows of `company`; answers a certificate. What the operator must keep by
    law (its own invoices) stays, without the company's name."""
    with tenant_context(company):
        for leave in hooks.leavers:
            leave(at)
    files = file_paths(company)
    for path in files:
        default_storage.delete(path)
    shutil.rmtree(Path(settings.DATA_DIR) / "files" / company.schema_name, ignore_errors=True)
    with admin_connection() as admin:
        drop_schema(admin, company.schema_name)
    with shared_context(), transaction.atomic():
        Session.objects.filter(tenant_id=company.id).delete()
        ApiToken.objects.filter(membership__tenant_id=company.id).delete()
        for model in (Invitation, Membership, ModuleGrant, Domain):
            model.objects.filter(tenant_id=company.id).delete()
        Tenant.objects.filter(pk=company.id).update(
            state=Tenant.State.PURGED,
            slug=f"purged-{company.id}",
            name=f"已清除企业 {company.id}",
            schema_name=f"purged_{company.id}",
        )
    return {"tenant": company.slug, "schema": company.schema_name, "files": len(files), "purged_at": at.isoformat()}
