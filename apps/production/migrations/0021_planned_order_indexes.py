from django.db import migrations, models


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
        migrations.AddIndex(
            model_name="plannedorder",
            index=models.Index(fields=["run", "item"], name="production_planned_of_item"),
        ),
        migrations.AddIndex(
            model_name="plannedorder",
            index=models.Index(
                condition=models.Q(("released_as", ""), _negated=True),
                fields=["released_as"],
                name="production_planned_released",
            ),
        ),
    ]
