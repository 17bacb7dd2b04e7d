from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0002_orders"),
        ("masterdata", "0002_numbers_in_turn"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="stockmove",
            name="stock_move_by_day",
        ),
        migrations.AddIndex(
            model_name="stockmove",
            index=models.Index(
                fields=["moved_on", "id"],
                include=("item", "warehouse", "location", "lot", "quantity"),
                name="stock_move_by_day",
            ),
        ),
    ]
