"""How units are called in archival codes."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies = [
        ("directory", "0007_picking"),
        ("records", "0016_saved_searches"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=12, verbose_name="code")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "fonds",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="unit_codes", to="records.fonds"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.unit"
                    ),
                ),
            ],
            options={
                "db_table": "records_unitcode",
                "ordering": ["fonds", "code", "valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z0-9]{1,12}$")),
                        name="records_unitcode_form",
                        violation_error_message="A code has capital letters and digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="records_unitcode_ends_after_it_begins",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("fonds", "="),
                            ("unit", "="),
                            (models.Func("valid_from", "valid_to", models.Value("[]"), function="daterange"), "&&"),
                        ],
                        name="records_unitcode_one_a_unit",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("fonds", "="),
                            ("code", "="),
                            (models.Func("valid_from", "valid_to", models.Value("[]"), function="daterange"), "&&"),
                        ],
                        name="records_unitcode_one_meaning",
                    ),
                ],
            },
        ),
        # What a unit was called in codes is ended, never taken away.
        migrations.RunSQL(
            "revoke delete, truncate on records_unitcode from chancery_web;",
            "grant delete, truncate on records_unitcode to chancery_web;",
        ),
    ]
