"""History cannot be overwritten: the web role adds rows, and closes or withdraws them; it changes and deletes nothing."""

from django.db import migrations

UP = """
revoke update, delete on rulebook_provision from chancery_web;
grant update (valid_to, withdrawn_at, superseded_by_id, is_site_edited) on rulebook_provision to chancery_web;

create function rulebook_closes_once() returns trigger language plpgsql as
$$
begin
    raise exception 'rulebook: provision % was withdrawn, its row is history', old.id
        using errcode = 'insufficient_privilege';
end
$$;
create trigger rulebook_withdrawn_is_final before update on rulebook_provision
    for each row when (old.withdrawn_at is not null and new.withdrawn_at is distinct from old.withdrawn_at)
    execute function rulebook_closes_once();

alter table rulebook_provision enable row level security;
-- The rules are no secret: public pages compute with them too.
create policy rulebook_read on rulebook_provision for select to chancery_web using (true);
create policy rulebook_add on rulebook_provision for insert to chancery_web
    with check ((select chancery_kind()) in ('PERSON', 'SYSTEM'));
create policy rulebook_close on rulebook_provision for update to chancery_web
    using ((select chancery_kind()) in ('PERSON', 'SYSTEM'));
"""

DOWN = """
drop policy rulebook_read on rulebook_provision;
drop policy rulebook_add on rulebook_provision;
drop policy rulebook_close on rulebook_provision;
alter table rulebook_provision disable row level security;
drop trigger rulebook_withdrawn_is_final on rulebook_provision;
drop function rulebook_closes_once();
grant update, delete on rulebook_provision to chancery_web;
"""


class Migration(migrations.Migration):
    """Rights, the trigger, row security."""

    dependencies = [("rulebook", "0001_initial")]
    operations = [migrations.RunSQL(UP, DOWN)]
