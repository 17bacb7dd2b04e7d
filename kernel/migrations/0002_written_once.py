from django.db import migrations

from tenants.db.operations import AppendOnly, SchemaSQL


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        AppendOnly("kernel_auditentry"),
        AppendOnly("kernel_fact", keep="DELETE"),
        SchemaSQL(
            [
                """
                CREATE FUNCTION "{schema}".refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = "{schema}" AS $$
                BEGIN
                    RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
                END $$
                """,
                """
                CREATE TRIGGER audit_written_once BEFORE UPDATE OR DELETE ON "{schema}".kernel_auditentry
                FOR EACH ROW EXECUTE FUNCTION "{schema}".refuse_change()
                """,
                """
                CREATE TRIGGER fact_written_once BEFORE UPDATE ON "{schema}".kernel_fact
                FOR EACH ROW EXECUTE FUNCTION "{schema}".refuse_change()
                """,
            ],
            [
                'DROP TRIGGER fact_written_once ON "{schema}".kernel_fact',
                'DROP TRIGGER audit_written_once ON "{schema}".kernel_auditentry',
                'DROP FUNCTION "{schema}".refuse_change()',
            ],
        ),
    ]
