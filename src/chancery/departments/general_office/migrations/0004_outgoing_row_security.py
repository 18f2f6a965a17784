"""Who sees an outgoing document, and what of it the database keeps whoever asks."""

from django.db import migrations

SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"
OF_DOCUMENT = "exists (select 1 from general_office_outgoingdocument d where d.id = document_id)"
PARTS = tuple(
    f"general_office_{name}" for name in ("jointissuer", "countersignunit", "addressee", "annex", "relation")
)
# What the reader of the paper reads: it is signed as it stands.
TEXT_PARTS = tuple(f"general_office_{name}" for name in ("jointissuer", "addressee", "annex"))

ROW_SECURITY = f"""
alter table general_office_outgoingdocument enable row level security;
create policy outgoing_seen on general_office_outgoingdocument to chancery_web using ({SYSTEM} or {SEEN});
""" + "".join(
    f"""
alter table {table} enable row level security;
create policy {table}_seen on {table} to chancery_web using ({SYSTEM} or {OF_DOCUMENT});
revoke truncate on {table} from chancery_web;
"""
    for table in PARTS
)

LAW = """
-- Number, guard and matter stay; a signed text stands until the signature is taken back, and a number ends that way out.
create function general_office_outgoing_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.state <> 'DRAFT' then
            raise exception 'outgoing document % was submitted and stays', old.id using errcode = 'check_violation';
        end if;
        return old;
    end if;
    if (old.number <> '' and (new.number, new.issued_number_id, new.numbered_at)
            is distinct from (old.number, old.issued_number_id, old.numbered_at))
        or (old.matter_id is not null and new.matter_id is distinct from old.matter_id)
        or new.guard_id <> old.guard_id or new.unit_id <> old.unit_id then
        raise exception 'number, matter, guard and unit of outgoing document % stay as they are', old.id
            using errcode = 'check_violation';
    end if;
    if old.signed_hash <> '' and new.signed_hash = old.signed_hash
        and (new.title, new.body, new.note, new.paper_type, new.direction, new.issuer_id, new.format, new.language)
            is distinct from
            (old.title, old.body, old.note, old.paper_type, old.direction, old.issuer_id, old.format, old.language) then
        raise exception 'the text of outgoing document % is signed: take it back to a step before signing first', old.id
            using errcode = 'check_violation';
    end if;
    if old.number <> '' and new.signed_hash <> old.signed_hash then
        raise exception 'outgoing document % has its number: its signature stands', old.id
            using errcode = 'check_violation';
    end if;
    if old.state in ('RELEASED', 'WITHDRAWN')
        and ((new.sealed_file_id, new.set_file_id, new.verify_code, new.released_at, new.dated_on)
            is distinct from (old.sealed_file_id, old.set_file_id, old.verify_code, old.released_at, old.dated_on)
            or new.state not in ('RELEASED', 'WITHDRAWN')) then
        raise exception 'outgoing document % was released and stays as it went out', old.id
            using errcode = 'check_violation';
    end if;
    if old.state in ('CANCELLED', 'WITHDRAWN') and new.state <> old.state then
        raise exception 'a cancelled or withdrawn document does not come back' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_outgoing_kept before update or delete on general_office_outgoingdocument
    for each row execute function general_office_outgoing_kept();

create function general_office_outgoing_part_kept() returns trigger language plpgsql as $$
begin
    if exists (select 1 from general_office_outgoingdocument d where d.signed_hash <> ''
               and d.id = (case when tg_op = 'INSERT' then new.document_id else old.document_id end)) then
        raise exception 'the document is signed: its addressees, issuers and annexes stay as signed'
            using errcode = 'check_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end
$$;
revoke truncate on general_office_outgoingdocument from chancery_web;
""" + "".join(
    f"""
create trigger {table}_kept before insert or update or delete on {table}
    for each row execute function general_office_outgoing_part_kept();
"""
    for table in TEXT_PARTS
)


class Migration(migrations.Migration):
    """Row security and the law of issued papers."""

    dependencies = [("general_office", "0003_outgoing_documents"), ("access", "0002_row_security")]

    operations = [
        migrations.RunSQL(ROW_SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(LAW, migrations.RunSQL.noop),
    ]
