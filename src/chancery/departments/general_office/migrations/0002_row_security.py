"""Who sees an incoming document, and what of it the database keeps whoever asks."""

from django.db import migrations

SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"
OF_DOCUMENT = "exists (select 1 from general_office_incomingdocument d where d.id = document_id)"
PARTS = ("general_office_handlingunit", "general_office_reader", "general_office_incomingfile")

ROW_SECURITY = f"""
alter table general_office_incomingdocument enable row level security;
create policy incoming_seen on general_office_incomingdocument to chancery_web using ({SYSTEM} or {SEEN});
""" + "".join(
    f"""
alter table {table} enable row level security;
create policy {table}_seen on {table} to chancery_web using ({SYSTEM} or {OF_DOCUMENT});
"""
    for table in PARTS
)

LAW = """
-- A number once given, the guard, the matter and the office stay; only a draft disappears.
create function general_office_document_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.state <> 'DRAFT' then
            raise exception 'incoming document % was signed for and stays', old.id using errcode = 'check_violation';
        end if;
        return old;
    end if;
    if (old.number <> '' and new.number <> old.number)
        or (old.matter_id is not null and new.matter_id is distinct from old.matter_id)
        or new.guard_id <> old.guard_id or new.unit_id <> old.unit_id
        or (old.registered_at is not null and new.registered_at is distinct from old.registered_at) then
        raise exception 'number, matter, guard and registration of incoming document % stay as they are', old.id
            using errcode = 'check_violation';
    end if;
    if old.state in ('RETURNED', 'FILED') and new.state not in ('REGISTERED', old.state) then
        raise exception 'a closed document only reopens as registered' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_document_kept before update or delete on general_office_incomingdocument
    for each row execute function general_office_document_kept();

-- Co-units stand beside a lead, and the lead is the one on the document.
create function general_office_one_lead() returns trigger language plpgsql as $$
begin
    if new.part = 'CO' and new.ended_at is null and not exists (
        select 1 from general_office_handlingunit h
        where h.document_id = new.document_id and h.part = 'LEAD' and h.ended_at is null
    ) then
        raise exception 'two or more units handle a document: one of them must lead' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_one_lead before insert or update on general_office_handlingunit
    for each row execute function general_office_one_lead();

-- A read mark is given once and stays; who has read stays on the list.
create function general_office_read_mark_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.read_at is not null then
            raise exception 'a read mark stays' using errcode = 'check_violation';
        end if;
        return old;
    end if;
    if new.document_id <> old.document_id or new.post_id <> old.post_id
        or (old.read_at is not null and (new.read_at, new.read_by_id, new.note) is distinct from (old.read_at, old.read_by_id, old.note)) then
        raise exception 'a read mark stays' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_read_mark_kept before update or delete on general_office_reader
    for each row execute function general_office_read_mark_kept();

-- Files come off drafts and unregistered papers only.
create function general_office_file_kept() returns trigger language plpgsql as $$
begin
    if exists (select 1 from general_office_incomingdocument d
               where d.id = old.document_id and d.state not in ('DRAFT', 'SIGNED')) then
        raise exception 'a file of a registered document stays' using errcode = 'check_violation';
    end if;
    return old;
end
$$;
create trigger general_office_file_kept before delete on general_office_incomingfile
    for each row execute function general_office_file_kept();
revoke update, truncate on general_office_incomingfile from chancery_web;
revoke delete, truncate on general_office_handlingunit from chancery_web;
grant update on general_office_handlingunit to chancery_web;
revoke truncate on general_office_incomingdocument, general_office_reader from chancery_web;
"""


class Migration(migrations.Migration):
    """Row security and the law of the register."""

    dependencies = [("general_office", "0001_initial"), ("access", "0002_row_security")]

    operations = [
        migrations.RunSQL(ROW_SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(LAW, migrations.RunSQL.noop),
    ]
