"""Who sees the register of issued papers, what of it stays, and the two questions that anybody may ask of it."""

from django.db import migrations

SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"
STAFF = "(select chancery_kind()) = 'PERSON' and (select chancery_clearance()) >= 10"

ROW_SECURITY = f"""
alter table publishing_issued enable row level security;
create policy publishing_issued_seen on publishing_issued to chancery_web
    using ({SYSTEM} or (guard_id is null and {STAFF}) or (guard_id is not null and {STAFF} and {SEEN}));

alter table publishing_issuedfile enable row level security;
create policy publishing_issuedfile_seen on publishing_issuedfile to chancery_web
    using ({SYSTEM} or exists (select 1 from publishing_issued i where i.id = issued_id));
"""

LAW = """
revoke update, delete, truncate on publishing_issued, publishing_issuedfile from chancery_web;
grant update (state, state_on, reason, successor_id) on publishing_issued to chancery_web;

-- What was withdrawn stays withdrawn; nothing becomes genuine again.
create function publishing_issued_kept() returns trigger language plpgsql as $$
begin
    if old.state = 'WITHDRAWN' or (old.state <> 'GENUINE' and new.state = 'GENUINE') then
        raise exception 'the state of an issued paper does not go back' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger publishing_issued_kept before update on publishing_issued
    for each row execute function publishing_issued_kept();
"""

ASKED = """
-- The state, the body under the name it had, the day; the code of the newer paper. Never content, title or number.
create function publishing_verify(p_code text)
returns table (state text, unit_en text, unit_zh text, issued_on date, changed_on date, successor text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 1 as $$
#variable_conflict use_column
begin
    return query
    select i.state::text, coalesce(t.name_en, u.name_en)::text, coalesce(t.name_zh, u.name_zh)::text, i.issued_on,
           i.state_on, regexp_replace(coalesce(n.code, ''), '(.{4})(?=.)', '\\1-', 'g')
    from publishing_issued i
    join directory_unit u on u.id = i.unit_id
    left join directory_unitterm t on t.unit_id = i.unit_id and t.during @> i.issued_on
    left join publishing_issued n on n.id = i.successor_id
    where i.code = p_code;
end
$$;

create function publishing_verify_file(p_sha256 text)
returns table (state text, unit_en text, unit_zh text, issued_on date, changed_on date, successor text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 1 as $$
#variable_conflict use_column
begin
    return query
    select v.state, v.unit_en, v.unit_zh, v.issued_on, v.changed_on, v.successor
    from publishing_issuedfile f
    join publishing_issued i on i.id = f.issued_id
    cross join lateral publishing_verify(i.code) v
    where f.sha256 = p_sha256
    order by i.published_at desc
    limit 10;
end
$$;
revoke all on function publishing_verify(text), publishing_verify_file(text) from public;
grant execute on function publishing_verify(text), publishing_verify_file(text) to chancery_web;
"""

DOWN = """
drop function publishing_verify_file(text);
drop function publishing_verify(text);
drop trigger publishing_issued_kept on publishing_issued;
drop function publishing_issued_kept();
drop policy publishing_issuedfile_seen on publishing_issuedfile;
drop policy publishing_issued_seen on publishing_issued;
"""


class Migration(migrations.Migration):
    """Row security, the law of states, and the public questions."""

    dependencies = [("publishing", "0001_initial"), ("access", "0002_row_security"), ("directory", "0005_row_security")]
    operations = [migrations.RunSQL(ROW_SECURITY + LAW + ASKED, DOWN)]
