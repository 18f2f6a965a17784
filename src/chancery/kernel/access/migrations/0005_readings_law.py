"""Readings are written by one function and stay; who may see what a guard keeps, set-based, by the law of its policy."""

from django.db import migrations

LOG = r"""
revoke insert, update, delete, truncate on access_reading from chancery_web;
alter table access_reading enable row level security;
create policy access_reading_seen on access_reading for select to chancery_web using (
    (select chancery_is_system())
    or account_id = (select chancery_account())
    or (select access_holds('confidential_officer', null))
    or (select access_holds('classification_authority', null))
    or (select access_holds('auditor', null))
    or exists (select 1 from access_guard g where g.id = guard_id
               and g.unit_id <@ (select access_sight_units()))
);

create function access_note_reading(p_guard bigint, p_label int, p_subject text, p_how text, p_at timestamptz,
                                    p_minutes int) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    if chancery_kind() <> 'PERSON' or current_setting('transaction_read_only') = 'on' then
        return false;
    end if;
    if exists (select 1 from access_reading r
               where r.account_id is not distinct from chancery_account() and r.subject = p_subject and r.how = p_how
                 and r.post_id is not distinct from chancery_post() and r.guard_id = p_guard
                 and r.at > p_at - make_interval(mins => p_minutes)) then
        return false;
    end if;
    insert into access_reading (guard_id, label, subject, how, at, account_id, person_id, post_id)
    values (p_guard, p_label, p_subject, p_how, p_at, chancery_account(), chancery_person(), chancery_post());
    return true;
end
$$;
"""

# The law of access_guard_seen (migration 0002), asked from the other side: not "may I", but "who may".
WHO = r"""
create function access_who_sees(p_guard bigint)
returns table (account_id bigint, person_id bigint, post_id bigint, why text, for_post_id bigint)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as
$$
#variable_conflict use_column
declare
    v access_guard;
    v_today date := chancery_today();
begin
    if not (chancery_is_system() or access_holds('confidential_officer', null)
            or access_holds('classification_authority', null) or access_holds('auditor', null)) then
        return;
    end if;
    select * into v from access_guard where id = p_guard;
    if not found then
        return;
    end if;
    if v.is_public then
        return query select null::bigint, null::bigint, null::bigint, 'PUBLIC', null::bigint;
    end if;
    return query
    with hat as materialized (
        select a.id as account_id, a.person_id, h.post_id
        from access_account a left join directory_holding h on h.person_id = a.person_id and h.during @> v_today
        where a.is_active and a.clearance >= v.label
    ),
    standing as materialized (
        select s.post_id, s.acting_post_id from access_standing s
        where s.scopes is null or (v.scope <> '' and v.scope = any (s.scopes))
    ),
    asked as (
        select split_part(d, '@', 1) as role, split_part(d, '@', 2)::bigint as unit_id
        from unnest(v.reader_duties) d
    ),
    able as materialized (
        select k.role, k.unit_id, c.depth, g.post_id
        from asked k
        join directory_unitclosure c on c.descendant_id = k.unit_id
        join access_grant_able g on g.unit_id = c.ancestor_id and g.role = k.role
    ),
    ground as (
        select v.opened_post_id as post_id, 'OPENER' as why where v.opened_post_id is not null
        union all select unnest(v.reader_posts), 'READER'
        union all
        select g.post_id, 'OVERSIGHT' from access_grant_today g
        join directory_unitclosure c on c.ancestor_id = g.unit_id and c.descendant_id = v.unit_id
        where g.role in ('head', 'registrar')
        union all
        select a.post_id, 'DUTY' from able a
        where a.depth = (select min(n.depth) from able n where n.role = a.role and n.unit_id = a.unit_id)
    )
    select distinct h.account_id, h.person_id, h.post_id, g.why, nullif(s.post_id, s.acting_post_id)
    from ground g join standing s on s.post_id = g.post_id join hat h on h.post_id = s.acting_post_id
    union all
    select distinct h.account_id, h.person_id, null::bigint, 'OPENER', null::bigint
    from hat h where v.opened_post_id is null and h.account_id = v.opened_account_id;
end
$$;
revoke all on function access_note_reading, access_who_sees from public;
grant execute on function access_note_reading, access_who_sees to chancery_web;
"""

DOWN = """
drop function access_who_sees, access_note_reading;
drop policy access_reading_seen on access_reading;
"""


class Migration(migrations.Migration):
    """Policies and functions."""

    dependencies = [("access", "0004_readings")]
    operations = [migrations.RunSQL(LOG + WHO, DOWN)]
