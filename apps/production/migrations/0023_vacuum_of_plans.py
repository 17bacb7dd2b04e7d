from django.db import migrations

from tenants.db.operations import SchemaSQL

PACKED = ("planrow", "peg")


class Migration(migrations.Migration):
    """What a run has packed is read by its key alone and goes with the run: to be vacuumed for having been inserted would
    read and write a whole plan once more, while the next one is computed. Deleted rows are still cleared away.
    """

    dependencies = [
        ("production", "0022_planned_orders_by_id"),
    ]

    operations = [
        SchemaSQL(
            [
                f'ALTER TABLE "{{schema}}".production_{table} SET (toast.autovacuum_vacuum_insert_threshold = -1)'
                for table in PACKED
            ],
            reverse=[
                f'ALTER TABLE "{{schema}}".production_{table} RESET (toast.autovacuum_vacuum_insert_threshold)'
                for table in PACKED
            ],
        ),
    ]
