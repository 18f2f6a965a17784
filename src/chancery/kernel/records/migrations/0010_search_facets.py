"""What search narrows by, and keys of who might see a thing, beside its words in one index."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    """Class, state, keys."""

    dependencies = [("records", "0009_archive_law")]

    operations = [
        migrations.AddField(
            model_name="searchentry",
            name="class_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="state",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="keys",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None
            ),
        ),
        migrations.RemoveIndex(model_name="searchentry", name="records_search_tokens"),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tokens", "keys"], name="records_search_words"),
        ),
        migrations.AddIndex(
            model_name="searchentry", index=models.Index(fields=["-dated", "-id"], name="records_search_latest")
        ),
    ]
