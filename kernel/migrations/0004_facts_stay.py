import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0003_sealed_secrets"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="fact",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="kernel.fact",
            ),
        ),
    ]
