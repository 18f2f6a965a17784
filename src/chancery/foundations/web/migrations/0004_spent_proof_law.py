"""An answer that was used stays used until its challenge has run out."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("web", "0003_spent_proof")]
    operations = [
        migrations.RunSQL(
            "revoke update, truncate on web_spentproof from chancery_web",
            "grant update on web_spentproof to chancery_web",
        )
    ]
