"""Who sees what was decided on petitions; what stays as it was written."""

from django.db import migrations

SYSTEM = "(select chancery_is_system())"
OF_PETITION = "exists (select 1 from general_office_petition p where p.id = petition_id)"
OF_STAGE = "exists (select 1 from general_office_petitionstage s where s.id = stage_id)"
TABLES = {
    "petitiondecision": (OF_PETITION, "notice_id, noticed_at, noticed_on"),
    "petitionassignment": (OF_STAGE, "ended_at, why_ended, reason_id"),
    "petitionmeeting": (OF_STAGE, ""),
    "petitionextension": (OF_STAGE, "state, told_id, matter_id, due_after, decided_at, decided_person_id"),
    "petitionopinion": (OF_STAGE, "state, decided_at, decided_person_id"),
}
POLICIES = "".join(
    f"""
alter table general_office_{table} enable row level security;
create policy {table}_seen on general_office_{table} to chancery_web using ({SYSTEM} or {law});
revoke update, delete, truncate on general_office_{table} from chancery_web;
{f"grant update ({columns}) on general_office_{table} to chancery_web;" if columns else ""}
"""
    for table, (law, columns) in TABLES.items()
)

KEPT = """
-- An opinion is approved or returned once, and what was answered stays answered.
create function general_office_petition_opinion_kept() returns trigger language plpgsql as $$
begin
    if old.state <> 'DRAFT' and new.state <> old.state then
        raise exception 'an opinion is decided once' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_petition_opinion_kept before update on general_office_petitionopinion
    for each row execute function general_office_petition_opinion_kept();

create function general_office_petition_extension_kept() returns trigger language plpgsql as $$
begin
    if old.state <> 'ASKED' and new.state <> old.state then
        raise exception 'a request for more time is decided once' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_petition_extension_kept before update on general_office_petitionextension
    for each row execute function general_office_petition_extension_kept();

create function general_office_petition_stage_kept() returns trigger language plpgsql as $$
begin
    if (new.petition_id, new.stage, new.round, new.opened_on)
            is distinct from (old.petition_id, old.stage, old.round, old.opened_on) then
        raise exception 'a stage stays what it is' using errcode = 'check_violation';
    end if;
    if old.answered_at is not null and (new.answered_at, new.answered_on, new.due_on, new.extended_days)
            is distinct from (old.answered_at, old.answered_on, old.due_on, old.extended_days) then
        raise exception 'an answered stage stays answered' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_petition_stage_kept before update on general_office_petitionstage
    for each row execute function general_office_petition_stage_kept();
"""

DOWN = """
drop trigger general_office_petition_stage_kept on general_office_petitionstage;
drop function general_office_petition_stage_kept();
drop trigger general_office_petition_extension_kept on general_office_petitionextension;
drop function general_office_petition_extension_kept();
drop trigger general_office_petition_opinion_kept on general_office_petitionopinion;
drop function general_office_petition_opinion_kept();
""" + "".join(f"drop policy {table}_seen on general_office_{table};" for table in TABLES)


class Migration(migrations.Migration):
    """Policies, rights, triggers."""

    dependencies = [("general_office", "0034_petition_handling")]
    operations = [migrations.RunSQL(POLICIES + KEPT, DOWN)]
