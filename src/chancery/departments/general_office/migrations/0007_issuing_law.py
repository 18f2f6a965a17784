"""Who sees a signature, and that a number follows a signature and its recheck whoever asks."""

from django.db import migrations

SEEN = """
alter table general_office_signature enable row level security;
create policy signature_seen on general_office_signature to chancery_web using (
    (select chancery_is_system())
    or exists (select 1 from general_office_outgoingdocument d where d.id = document_id));
revoke update, delete, truncate on general_office_signature from chancery_web;
grant update (rechecked_at, rechecked_person_id) on general_office_signature to chancery_web;
revoke delete, truncate on general_office_issuingseries from chancery_web;
"""

LAW = """
-- A signature is never exchanged under a text, and a number needs a signature that was rechecked.
create function general_office_outgoing_signed() returns trigger language plpgsql as $$
begin
    if new.signed_hash <> old.signed_hash then
        if old.signed_hash <> '' and new.signed_hash <> '' then
            raise exception 'outgoing document % is signed: take that signature back first', old.id
                using errcode = 'check_violation';
        end if;
        if new.signed_hash <> '' and not exists (
            select 1 from general_office_signature s
            where s.document_id = new.id and s.text_hash = new.signed_hash and s.signed_at = new.signed_at
              and s.person_id = new.signed_person_id) then
            raise exception 'nobody has signed this text of outgoing document %', old.id
                using errcode = 'check_violation';
        end if;
    end if;
    if old.number = '' and new.number <> '' and not exists (
        select 1 from general_office_signature s
        where s.document_id = new.id and s.text_hash = new.signed_hash and s.signed_at = new.signed_at
          and s.rechecked_at is not null) then
        raise exception 'outgoing document % was not rechecked since it was signed', old.id
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_outgoing_signed before update on general_office_outgoingdocument
    for each row execute function general_office_outgoing_signed();

create function general_office_signature_kept() returns trigger language plpgsql as $$
begin
    if old.rechecked_at is not null and new.rechecked_at is not null then
        raise exception 'signature % was rechecked already', old.id using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_signature_kept before update on general_office_signature
    for each row execute function general_office_signature_kept();
"""

DOWN = """
drop trigger general_office_signature_kept on general_office_signature;
drop function general_office_signature_kept();
drop trigger general_office_outgoing_signed on general_office_outgoingdocument;
drop function general_office_outgoing_signed();
drop policy signature_seen on general_office_signature;
alter table general_office_signature disable row level security;
"""


class Migration(migrations.Migration):
    """Row security of signatures, and the order of signing, rechecking and numbering."""

    dependencies = [("general_office", "0006_issuing"), ("general_office", "0004_outgoing_row_security")]

    operations = [migrations.RunSQL(SEEN + LAW, DOWN)]
