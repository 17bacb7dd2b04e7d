"""Goods may change their location inside one warehouse: a transfer names two warehouses, or a line two locations."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0005_leaner_posting"),
        ("masterdata", "0002_numbers_in_turn"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="stockdocument",
            name="stock_document_two_warehouses",
        ),
        migrations.AddConstraint(
            model_name="stockdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("warehouse__isnull", True),
                    ("to_warehouse__isnull", True),
                    ("in_transit", False),
                    models.Q(("warehouse", models.F("to_warehouse")), _negated=True),
                    _connector="OR",
                ),
                name="stock_document_two_warehouses",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockdocumentline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_location__isnull", True),
                    ("location__isnull", True),
                    models.Q(("location", models.F("to_location")), _negated=True),
                    _connector="OR",
                ),
                name="stock_line_changes_place",
            ),
        ),
    ]
