"""Matters that change are noted for search."""

from django.db import migrations

LAW = """
create trigger procedures_matter_search_due
    after insert or delete or update of title, number, subject, state, guard_id, label, unit_id on procedures_matter
    for each row execute function records_search_due('procedures.matter', 'id');
"""


class Migration(migrations.Migration):
    """One trigger."""

    dependencies = [("procedures", "0005_purge"), ("records", "0016_saved_searches")]
    operations = [migrations.RunSQL(LAW, "drop trigger procedures_matter_search_due on procedures_matter;")]
