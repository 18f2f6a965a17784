"""A filed document bears a period of the file plan, whatever the plan calls it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("records", "0018_fileplan_law")]
    operations = [
        migrations.AlterField(
            model_name="document", name="retention", field=models.CharField(blank=True, default="", max_length=8)
        )
    ]
