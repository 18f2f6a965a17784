"""A task that is passed on may wait in another unit."""

from django.db import migrations


class Migration(migrations.Migration):
    """One right more."""

    dependencies = [("procedures", "0010_bars")]
    operations = [
        migrations.RunSQL(
            "grant update (unit_id) on procedures_task to chancery_web",
            "revoke update (unit_id) on procedures_task from chancery_web",
        )
    ]
