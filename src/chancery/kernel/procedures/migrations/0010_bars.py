"""The inbox asks about bars too, and does not list what is narrow to those who oversee."""

from importlib import import_module

from django.db import migrations

first = import_module("chancery.kernel.procedures.migrations.0003_inbox")

_WITHIN = "g.label <= chancery_clearance()"
_BARRED = f"{_WITHIN} and not access_is_barred(g)"
_OVERSEEN = "where g.id = m.guard_id and "


def renewed(text: str) -> str:
    """The functions with bars in them."""
    text = text.replace("create function", "create or replace function").replace(_WITHIN, _BARRED)
    if _OVERSEEN not in text:
        raise ValueError("the inbox has changed")
    return text.replace(_OVERSEEN, f"{_OVERSEEN}not g.is_narrow and ")


class Migration(migrations.Migration):
    """Functions anew."""

    dependencies = [("procedures", "0006_search_due"), ("access", "0007_bars_law")]
    operations = [
        migrations.RunSQL(
            renewed(first.INBOX), first.INBOX.replace("create function", "create or replace function")
        )
    ]
