"""The history of types of paper stays: the web role adds rows, closes and withdraws them; it changes and deletes nothing."""

from django.db import migrations

UP = """
revoke update, delete, truncate on records_papertype from chancery_web;
grant update (valid_to, withdrawn_at, superseded_by_id, is_site_edited) on records_papertype to chancery_web;

create function records_papertype_closes_once() returns trigger language plpgsql as
$$
begin
    raise exception 'paper type % was withdrawn, its row is history', old.id using errcode = 'insufficient_privilege';
end
$$;
create trigger records_papertype_withdrawn_is_final before update on records_papertype
    for each row when (old.withdrawn_at is not null and new.withdrawn_at is distinct from old.withdrawn_at)
    execute function records_papertype_closes_once();

alter table records_papertype enable row level security;
-- The rules are no secret.
create policy records_papertype_read on records_papertype for select to chancery_web using (true);
create policy records_papertype_add on records_papertype for insert to chancery_web
    with check ((select chancery_kind()) in ('PERSON', 'SYSTEM'));
create policy records_papertype_close on records_papertype for update to chancery_web
    using ((select chancery_kind()) in ('PERSON', 'SYSTEM'));
"""


class Migration(migrations.Migration):
    """Rights, the trigger, row security."""

    dependencies = [("records", "0006_paper_types"), ("access", "0002_row_security")]
    operations = [migrations.RunSQL(UP, migrations.RunSQL.noop)]
