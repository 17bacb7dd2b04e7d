from django.db import migrations


class Migration(migrations.Migration):
    """The ids of planned orders stand in the order of their lists: a second index said the same again."""

    dependencies = [
        ("production", "0021_planned_orders_by_day"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="plannedorder",
            name="production_planned_by_day",
        ),
    ]
