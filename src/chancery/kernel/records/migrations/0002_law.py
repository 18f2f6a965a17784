"""The law of the record, kept by the database: who sees rows, what may change, how numbers are given out."""

from django.db import migrations

GUARDED = ("records_storedfile", "records_document", "records_searchentry")
SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"
STAFF = "(select chancery_kind()) in ('PERSON', 'SYSTEM')"

ROW_SECURITY = "\n".join(
    f"""
alter table {table} enable row level security;
create policy {table}_seen on {table} to chancery_web using ({SYSTEM} or {SEEN});
"""
    for table in GUARDED
) + f"""
-- A number without a guard says nothing but itself: staff see it.
alter table records_issuednumber enable row level security;
create policy records_issuednumber_seen on records_issuednumber to chancery_web
    using ({SYSTEM} or (guard_id is null and {STAFF}) or {SEEN});

alter table records_documentfile enable row level security;
create policy records_documentfile_seen on records_documentfile to chancery_web
    using ({SYSTEM} or exists (select 1 from records_document d where d.id = document_id));
"""

RIGHTS = """
-- What a file is never changes; where it belongs, and the text read from it, may.
revoke update, delete, truncate on records_storedfile from chancery_web;
grant update (owner, guard_id, text) on records_storedfile to chancery_web;
revoke delete, truncate on records_document from chancery_web;
revoke update, delete, truncate on records_documentfile from chancery_web;
grant update (replaced_at) on records_documentfile to chancery_web;

-- Numbers come from records_issue_number() only. Afterwards one can only be bound to its subject and voided.
revoke all on records_seriescounter from chancery_web;
revoke insert, update, delete, truncate on records_issuednumber from chancery_web;
grant update (subject, state, voided_at, void_reason) on records_issuednumber to chancery_web;

create function records_number_kept() returns trigger language plpgsql as $$
begin
    if old.state = 'VOID' then
        raise exception 'number % is void and stays so', old.text using errcode = 'check_violation';
    end if;
    if old.subject <> '' and new.subject <> old.subject then
        raise exception 'number % belongs to %', old.text, old.subject using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_number_kept before update on records_issuednumber
    for each row execute function records_number_kept();
"""

NUMBERS = """
-- The counter and the number in one statement's work: the row lock on the counter makes issuers wait for one another, and
-- a rollback takes both back, so there is neither a gap nor a double.
create function records_issue_number(
    p_series text, p_year int, p_before text, p_width int, p_after text, p_subject text, p_guard bigint, p_at timestamptz
) returns table (id bigint, value int, number_text text)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    v_value int;
    v_id bigint;
    v_text text;
begin
    if chancery_kind() not in ('PERSON', 'SYSTEM') then
        raise exception 'only staff issue numbers' using errcode = 'insufficient_privilege';
    end if;
    insert into records_seriescounter as c (series, year, last) values (p_series, p_year, 1)
        on conflict (series, year) do update set last = c.last + 1
        returning c.last into v_value;
    v_text := p_before || lpad(v_value::text, greatest(p_width, length(v_value::text)), '0') || p_after;
    insert into records_issuednumber as n (
        series, year, value, text, state, subject, guard_id, issued_at, issued_person_id, issued_post_id, void_reason)
    values (p_series, p_year, v_value, v_text, 'ISSUED', p_subject, p_guard, p_at, chancery_person(), chancery_post(), '')
    returning n.id into v_id;
    return query select v_id, v_value, v_text;
end
$$;
revoke all on function records_issue_number(text, int, text, int, text, text, bigint, timestamptz) from public;
grant execute on function records_issue_number(text, int, text, int, text, text, bigint, timestamptz) to chancery_web;
"""

DOWN = "\n".join(
    f"drop policy {table}_seen on {table}; alter table {table} disable row level security;"
    for table in (*GUARDED, "records_issuednumber", "records_documentfile")
) + """
drop function records_issue_number(text, int, text, int, text, text, bigint, timestamptz);
drop trigger records_number_kept on records_issuednumber;
drop function records_number_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("access", "0002_row_security")]
    operations = [migrations.RunSQL(ROW_SECURITY + RIGHTS + NUMBERS, DOWN)]
