"""Who sees and changes what: the matter's guard decides for all that belongs to it. What is said stays said."""

from django.db import migrations

# The guard of a row cannot be changed (column rights below), so a row seen before a change is seen after it.
GUARDED = ("matter", "standing", "task", "opinion", "pause", "extensionrequest", "urge")

SEEN = "((select chancery_is_system()) or exists (select 1 from access_guard g where g.id = guard_id))"

GUARD = "".join(
    f"""
alter table procedures_{name} enable row level security;
create policy procedures_{name}_seen on procedures_{name} for select to chancery_web using {SEEN};
create policy procedures_{name}_added on procedures_{name} for insert to chancery_web with check {SEEN};
create policy procedures_{name}_changed on procedures_{name} for update to chancery_web using {SEEN}
    with check (true);
revoke delete, truncate on procedures_{name} from chancery_web;
"""
    for name in GUARDED
)

RIGHTS = f"""
revoke update on procedures_opinion, procedures_urge, procedures_standing from chancery_web;
grant update (body, timer_at) on procedures_standing to chancery_web;
revoke update on procedures_matter from chancery_web;
grant update (title, state, closed_how, closed_at, urgency, unit_id, label, due_on, due_unit, is_provisional, version,
    definition_id) on procedures_matter to chancery_web;
revoke update on procedures_task from chancery_web;
grant update (state, post_id, asked_post_id, read_at, claimed_at, done_at, due_on, due_unit, is_provisional, is_late,
    urgency, outcome, doer_person_id, doer_post_id, doer_body_id, deputising_for_id, version, act_token)
    on procedures_task to chancery_web;
revoke update on procedures_extensionrequest from chancery_web;
grant update (state, due_after, decided_at, decided_person_id, decided_post_id, note)
    on procedures_extensionrequest to chancery_web;
revoke update on procedures_pause from chancery_web;
grant update (ended_at, moved_days, until) on procedures_pause to chancery_web;
revoke update, delete, truncate on procedures_definition from chancery_web;
grant update (is_current) on procedures_definition to chancery_web;
revoke delete, truncate on procedures_notice, procedures_mail from chancery_web;
revoke update on procedures_notice, procedures_mail from chancery_web;
grant update (seen_at, mailed_at) on procedures_notice to chancery_web;
grant update (state, sent_at, error) on procedures_mail to chancery_web;

alter table procedures_definition enable row level security;
create policy procedures_definition_seen on procedures_definition for select to chancery_web using (true);
create policy procedures_definition_loaded on procedures_definition for insert to chancery_web
    with check ((select chancery_is_system()));
create policy procedures_definition_ended on procedures_definition for update to chancery_web
    using ((select chancery_is_system()));

alter table procedures_notice enable row level security;
create policy procedures_notice_mine on procedures_notice for select to chancery_web using (
    (select chancery_is_system())
    or (post_id = any ((select access_sight_posts())::bigint[])
        and exists (select 1 from access_guard g where g.id = guard_id)));
create policy procedures_notice_written on procedures_notice for insert to chancery_web with check {SEEN};
create policy procedures_notice_seen on procedures_notice for update to chancery_web using (
    (select chancery_is_system()) or post_id = any ((select access_sight_posts())::bigint[]));

alter table procedures_mail enable row level security;
create policy procedures_mail_post_room on procedures_mail to chancery_web using ((select chancery_is_system()));

alter table procedures_watch enable row level security;
create policy procedures_watch_own on procedures_watch to chancery_web
    using ((select chancery_is_system()) or person_id = (select chancery_person()));
"""

# A task that has ended stays as it ended; only "done" may become "recalled".
KEPT = """
create function procedures_task_stays() returns trigger language plpgsql as
$$
begin
    if old.state = 'DONE' and new.state = 'RECALLED'
       and (new.outcome, new.done_at, new.doer_person_id, new.doer_post_id)
           is not distinct from (old.outcome, old.done_at, old.doer_person_id, old.doer_post_id) then
        return new;
    end if;
    raise exception 'task % has ended and stays as it is', old.id
        using errcode = 'check_violation', constraint = 'procedures_task_stays';
end
$$;
create trigger procedures_task_stays before update on procedures_task
    for each row when (old.done_at is not null) execute function procedures_task_stays();
alter table procedures_task set (fillfactor = 85);
alter table procedures_matter set (fillfactor = 90);
alter table procedures_standing set (fillfactor = 70);
"""

DOWN = (
    "drop trigger procedures_task_stays on procedures_task; drop function procedures_task_stays;"
    + "".join(
        f"drop policy procedures_{name}_{what} on procedures_{name};"
        for name in GUARDED
        for what in ("seen", "added", "changed")
    )
    + """
drop policy procedures_definition_seen on procedures_definition;
drop policy procedures_definition_loaded on procedures_definition;
drop policy procedures_definition_ended on procedures_definition;
drop policy procedures_notice_mine on procedures_notice;
drop policy procedures_notice_written on procedures_notice;
drop policy procedures_notice_seen on procedures_notice;
drop policy procedures_mail_post_room on procedures_mail;
drop policy procedures_watch_own on procedures_watch;
"""
)


class Migration(migrations.Migration):
    """Policies, rights, the trigger that keeps ended tasks."""

    dependencies = [("procedures", "0001_initial"), ("access", "0002_row_security")]
    operations = [migrations.RunSQL(GUARD + RIGHTS + KEPT, DOWN)]
