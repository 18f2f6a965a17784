"""Who makes a version never approves it, whoever writes the SQL; what is approved has a number, a day and a person."""

from django.db import migrations

UP = """
create function records_fileplan_decided() returns trigger language plpgsql as $$
begin
    if new.made_person_id is distinct from old.made_person_id or new.made_at <> old.made_at
            or new.fonds_id <> old.fonds_id or new.number <> old.number then
        raise exception 'who made version % of the file plan stays', old.number using errcode = 'check_violation';
    end if;
    if new.state = 'SUBMITTED' and old.state <> 'DRAFT' and old.state <> 'SUBMITTED' then
        raise exception 'only a draft is submitted' using errcode = 'check_violation';
    end if;
    if new.state = 'APPROVED' and old.state <> 'APPROVED' and not chancery_is_system() then
        if new.approved_person_id is null or btrim(new.approval_number) = ''
                or new.approved_person_id::text is distinct from current_setting('app.person', true) then
            raise exception 'a file plan is approved in one''s own name, with the number of the authority''s approval'
                using errcode = 'check_violation';
        end if;
    end if;
    if old.state = 'APPROVED' and old.valid_to is not null and new.valid_to is distinct from old.valid_to
            and not chancery_is_system() then
        raise exception 'version % of the file plan has its last day already', old.number
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_fileplan_decided before update on records_fileplan
    for each row execute function records_fileplan_decided();
"""
DOWN = "drop trigger records_fileplan_decided on records_fileplan; drop function records_fileplan_decided();"


class Migration(migrations.Migration):
    """One trigger more."""

    dependencies = [("records", "0017_unit_codes")]
    operations = [migrations.RunSQL(UP, DOWN)]
