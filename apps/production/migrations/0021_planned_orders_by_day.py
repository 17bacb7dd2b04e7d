from django.db import migrations, models

from tenants.db.operations import SchemaSQL


class Migration(migrations.Migration):
    dependencies = [
        ("masterdata", "0001_initial"),
        ("production", "0020_shop"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="plannedorder",
            name="production_planned_by_item",
        ),
        migrations.AddField(
            model_name="planrow",
            name="orders",
            field=models.BinaryField(null=True),
        ),
        migrations.AddIndex(
            model_name="plannedorder",
            index=models.Index(
                condition=models.Q(("released_as", ""), _negated=True),
                fields=["released_as"],
                name="production_planned_released",
            ),
        ),
        SchemaSQL(
            ['ALTER TABLE "{schema}".production_planrow ALTER COLUMN orders SET STORAGE EXTERNAL'],
            reverse=[],
        ),
    ]
