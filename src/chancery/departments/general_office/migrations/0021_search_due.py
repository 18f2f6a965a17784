"""Papers that change are noted for search."""

from django.db import migrations

FOLLOWED = (
    ("general_office_incomingdocument", "general_office.IncomingDocument", "id"),
    ("general_office_incomingfile", "general_office.IncomingDocument", "document_id"),
    ("general_office_outgoingdocument", "general_office.OutgoingDocument", "id"),
)

LAW = "".join(
    f"create trigger {table}_search_due after insert or delete or update on {table}"
    f" for each row execute function records_search_due('{source}', '{column}');\n"
    for table, source, column in FOLLOWED
)
DOWN = "".join(f"drop trigger {table}_search_due on {table};\n" for table, _source, _column in FOLLOWED)


class Migration(migrations.Migration):
    """Three triggers."""

    dependencies = [("general_office", "0020_filing"), ("records", "0016_saved_searches")]
    operations = [migrations.RunSQL(LAW, DOWN)]
