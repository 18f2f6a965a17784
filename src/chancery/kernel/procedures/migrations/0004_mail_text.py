"""The post room may blot a secret out of the kept text of a mail that has left."""

from django.db import migrations


class Migration(migrations.Migration):
    """Update of one more column."""

    dependencies = [("procedures", "0003_inbox")]

    operations = [
        migrations.RunSQL(
            "grant update (text) on procedures_mail to chancery_web;",
            "revoke update (text) on procedures_mail from chancery_web;",
        )
    ]
