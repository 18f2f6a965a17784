"""The law that search applies, taken over anew from the policy, which knows bars now."""

from importlib import import_module

from django.db import migrations

first = import_module("chancery.kernel.records.migrations.0003_search")


class Migration(migrations.Migration):
    """One function anew."""

    dependencies = [("records", "0020_search_walk"), ("access", "0007_bars_law")]
    operations = [migrations.RunSQL(first.SEEN, migrations.RunSQL.noop)]
