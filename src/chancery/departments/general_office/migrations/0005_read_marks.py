"""A read mark has one place: the task of the matter that asked for the reading. The list keeps only who is on it.

Marks given before stand in those tasks already, for the step that gave a mark wrote both. Who has read stays on the
list: the law now asks the tasks.
"""

from django.db import migrations

FREE = """
drop trigger general_office_read_mark_kept on general_office_reader;
drop function general_office_read_mark_kept();
"""

KEPT = """
create function general_office_reader_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if exists (select 1 from general_office_incomingdocument d
                   join procedures_task t on t.matter_id = d.matter_id
                   where d.id = old.document_id and t.to_read and t.state = 'DONE'
                     and coalesce(t.item, t.asked_post_id) = old.post_id) then
            raise exception 'who has read it stays on the list' using errcode = 'check_violation';
        end if;
        return old;
    end if;
    if new.document_id <> old.document_id or new.post_id <> old.post_id then
        raise exception 'a line of the list stays what it is' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_reader_kept before update or delete on general_office_reader
    for each row execute function general_office_reader_kept();
"""


class Migration(migrations.Migration):
    """The read mark stands in the tasks alone."""

    dependencies = [
        ("general_office", "0004_outgoing_row_security"),
        ("procedures", "0003_inbox"),
    ]

    operations = [
        migrations.RunSQL(FREE, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="reader", name="note"),
        migrations.RemoveField(model_name="reader", name="read_at"),
        migrations.RemoveField(model_name="reader", name="read_by"),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
