"""Who answers for what today, and the one law of visibility: functions, triggers, policies.

PL/pgSQL here is for its plan cache (before PostgreSQL 18 an SQL function is planned anew at every call), never per row.
The functions run as the owner: they read grants, holdings and absences whatever the asker may see of them. A policy
calls each one through a sub-select, so PostgreSQL evaluates it once a query, and only when a row needs it.
"""

from django.db import migrations

STANDING = r"""
-- Which post acts for which, today. A held post acts for itself; a post that is away is acted for by its deputy, and
-- when the deputy is away too, by the deputy's deputy (once, no further). `scopes` null = everything.
create view access_stand_in as
with away as not materialized (
    select absent_post_id, deputy_post_id, scopes from access_absence
    where cancelled_at is null and (select chancery_today()) between starts_on and ends_on
)
select a.absent_post_id as post_id, a.deputy_post_id as acting_post_id, a.scopes from away a
union all
select a.absent_post_id, b.deputy_post_id,
       case when a.scopes is null then b.scopes
            when b.scopes is null then a.scopes
            else array(select unnest(a.scopes) intersect select unnest(b.scopes)) end
from away a join away b on b.absent_post_id = a.deputy_post_id and b.deputy_post_id <> a.absent_post_id;
revoke all on access_stand_in from public, chancery_web;

create view access_standing as
select h.post_id, h.post_id as acting_post_id, null::text[] as scopes
from directory_holding h where h.during @> (select chancery_today())
union all
select s.post_id, s.acting_post_id, s.scopes
from access_stand_in s
where (s.scopes is null or s.scopes <> '{}')
  and exists (select 1 from directory_holding h
              where h.post_id = s.acting_post_id and h.during @> (select chancery_today()));
revoke all on access_standing from public, chancery_web;

create view access_grant_today as
select post_id, role, unit_id from access_rolegrant
where valid_from <= (select chancery_today()) and (valid_to is null or (select chancery_today()) < valid_to);
revoke all on access_grant_today from public, chancery_web;

-- Grants that can be answered today: the post is held, or somebody stands in for all of it.
create view access_grant_able as
select g.post_id, g.role, g.unit_id from access_grant_today g
where exists (select 1 from access_standing s where s.post_id = g.post_id and s.scopes is null);
revoke all on access_grant_able from public, chancery_web;
"""

MINE = r"""
-- The hat, while its wearer really holds it today, and the posts the hat stands in for.
create function access_my_posts() returns table (post_id bigint, scope text[])
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 2 as
$$
#variable_conflict use_column
declare
    v_today date := chancery_today();
    v_hat bigint := chancery_post();
begin
    if not exists (select 1 from directory_holding h
                   where h.post_id = v_hat and h.person_id = chancery_person() and h.during @> v_today) then
        return;
    end if;
    return query select v_hat, null::text[];
    if exists (select 1 from access_absence a where a.deputy_post_id = v_hat and a.cancelled_at is null
               and v_today between a.starts_on and a.ends_on) then
        return query select s.post_id, s.scopes from access_stand_in s
                     where s.acting_post_id = v_hat and (s.scopes is null or s.scopes <> '{}');
    end if;
end
$$;

-- Each (role, unit) that falls to my posts: the nearest unit at or above with a grant somebody can answer is mine.
-- Reckoned by subtracting: what lies under a grant of mine, less what lies under a closer grant of the same role.
create function access_my_duties() returns table (role text, unit_id bigint, post_id bigint, scope text[])
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 20 as
$$
#variable_conflict use_column
begin
    return query
    with mine as materialized (
        select g.role, g.unit_id, g.post_id, m.scope
        from access_my_posts() m join access_grant_able g on g.post_id = m.post_id
    ),
    closer as materialized (
        select distinct m.role, m.unit_id as above, g.unit_id
        from mine m
        join access_grant_able g on g.role = m.role and g.unit_id <> m.unit_id
        join directory_unitclosure c on c.ancestor_id = m.unit_id and c.descendant_id = g.unit_id
    ),
    taken as materialized (
        select distinct k.role, k.above, c.descendant_id as unit_id
        from closer k join directory_unitclosure c on c.ancestor_id = k.unit_id
    )
    select m.role::text, c.descendant_id, m.post_id, m.scope
    from mine m join directory_unitclosure c on c.ancestor_id = m.unit_id
    where not exists (select 1 from taken t
                      where t.role = m.role and t.above = m.unit_id and t.unit_id = c.descendant_id);
end
$$;

-- Who answers for a role in a unit today: the nearest grant's posts, and those who stand in for them.
create function access_answering_posts(wanted_role text, wanted_unit bigint, wanted_scope text default null)
returns setof bigint
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 3 as
$$
begin
    return query
    with able as materialized (
        select c.depth, g.post_id
        from directory_unitclosure c join access_grant_able g on g.unit_id = c.ancestor_id and g.role = wanted_role
        where c.descendant_id = wanted_unit
    )
    select distinct s.acting_post_id
    from able a join access_standing s on s.post_id = a.post_id
    where a.depth = (select min(depth) from able)
      and (s.scopes is null or wanted_scope is null or wanted_scope = any (s.scopes));
end
$$;

-- Root units of my head and registrar grants: whoever holds one sees all that belongs to the unit and below.
create function access_my_oversight() returns table (unit_id bigint, scope text[])
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 2 as
$$
#variable_conflict use_column
begin
    return query
    select g.unit_id, m.scope
    from access_my_posts() m join access_grant_today g on g.post_id = m.post_id
    where g.role in ('head', 'registrar');
end
$$;
create function access_my_overseen() returns setof bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp rows 2 as
$$ select distinct o.unit_id from access_my_oversight() o where o.scope is null $$;
"""

WARDROBE = r"""
-- An active account's person and the posts they hold on a day: asked before anybody is stamped, so as the owner.
-- `second_factor_roles`: for who has no second factor, the roles for which the rulebook demands one.
create function access_wardrobe(p_account bigint, p_on date, p_profile text)
returns table (clearance smallint, second_factor_roles text[], person_id bigint, person_en text, person_zh text,
               post_id bigint, title_en text, title_zh text, unit_id bigint, unit_en text, unit_zh text, kind text,
               roles text[])
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 2 as
$$
#variable_conflict use_column
begin
    return query
    select a.clearance,
           case when exists (select 1 from mfa_authenticator f where f.user_id = a.id and f.type in ('totp', 'webauthn'))
                then '{}'::text[]
                else coalesce((select regexp_split_to_array(trim(v.value), '[\s,]+') from rulebook_provision v
                               where v.key = 'access.second_factor_roles' and v.profile = p_profile
                                 and v.withdrawn_at is null and v.valid_from <= p_on
                                 and (v.valid_to is null or p_on <= v.valid_to)), '{}') end,
           p.id, p.name_en::text, p.name_zh::text, h.post_id, t.title_en::text, t.title_zh::text,
           u.id, u.name_en::text, u.name_zh::text, h.kind::text,
           array(select distinct g.role::text from access_rolegrant g where g.post_id = h.post_id
                 and g.valid_from <= p_on and (g.valid_to is null or p_on < g.valid_to))
    from access_account a
    left join directory_person p on p.id = a.person_id
    left join directory_holding h on h.person_id = p.id and h.during @> p_on
    left join directory_post t on t.id = h.post_id
    left join directory_unit u on u.id = t.unit_id
    where a.id = p_account and a.is_active
    order by h.kind = 'SUBSTANTIVE' desc, lower(h.during), h.post_id;
end
$$;

-- Whether the hat, or a post it fully stands in for, holds a role over a unit (null: over any).
create function access_holds(p_role text, p_unit bigint) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    return exists (
        select 1 from access_my_posts() m join access_grant_today g on g.post_id = m.post_id
        where m.scope is null and g.role = p_role
          and (p_unit is null or exists (select 1 from directory_unitclosure c
                                         where c.ancestor_id = g.unit_id and c.descendant_id = p_unit))
    );
end
$$;

-- The roles the hat answers with, its own and those of posts it fully stands in for: for menus.
create function access_my_roles() returns text[]
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    return array(select distinct g.role::text from access_my_posts() m join access_grant_today g on g.post_id = m.post_id
                 where m.scope is null);
end
$$;
"""

# What the guard policy asks, each in the shape that is quickest to test a row against. The answers are kept in settings
# of the transaction, so that a page of ten queries reckons them once; a change of actor, day, holding, grant, absence or
# tree forgets them. (Settings are no weaker than the stamp itself: whoever can write them can write the stamp.)
SIGHT = r"""
create function access_sight(part text) returns text
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    v_for text := concat_ws('|', chancery_kind(), chancery_person(), chancery_post(), chancery_today(), 'at');
    v_kept text;
begin
    if current_setting('app.sight_for', true) is distinct from v_for then
        perform set_config('app.sight_for', v_for, true), set_config('app.sight_posts', '', true),
                set_config('app.sight_units', '', true), set_config('app.sight_duties', '', true),
                set_config('app.sight_scoped', '', true);
    end if;
    v_kept := current_setting('app.sight_' || part, true);
    if v_kept <> '' then
        return v_kept;
    end if;
    case part
    when 'posts' then
        select coalesce(array_agg(distinct m.post_id), '{}')::text into v_kept
        from access_my_posts() m where m.scope is null;
    when 'units' then
        select coalesce(range_agg(int8range(c.descendant_id, c.descendant_id, '[]')), '{}')::text into v_kept
        from access_my_overseen() o join directory_unitclosure c on c.ancestor_id = o;
    when 'duties' then
        -- A jsonb object is searched by halving, however many units a role covers.
        select coalesce(jsonb_object_agg(d.role || '@' || d.unit_id, 1), '{}')::text into v_kept
        from access_my_duties() d where d.scope is null;
    when 'scoped' then
        -- For those who stand in for some procedures only: "scope/p/post", "scope/u/unit", "scope/role@unit".
        if exists (select 1 from access_my_posts() m where m.scope is not null) then
            select coalesce(jsonb_object_agg(k.key, 1), '{}')::text into v_kept from (
                select s || '/p/' || m.post_id as key from access_my_posts() m, unnest(m.scope) s
                union
                select s || '/u/' || c.descendant_id
                from access_my_oversight() o join directory_unitclosure c on c.ancestor_id = o.unit_id, unnest(o.scope) s
                union
                select s || '/' || d.role || '@' || d.unit_id from access_my_duties() d, unnest(d.scope) s
            ) k;
        else
            v_kept := '{}';
        end if;
    end case;
    perform set_config('app.sight_' || part, v_kept, true);
    return v_kept;
end
$$;
create function access_sight_posts() returns bigint[] language sql stable as
$$ select access_sight('posts')::bigint[] $$;
create function access_sight_units() returns int8multirange language sql stable as
$$ select access_sight('units')::int8multirange $$;
create function access_sight_duties() returns jsonb language sql stable as
$$ select access_sight('duties')::jsonb $$;
create function access_sight_scoped() returns jsonb language sql stable as
$$ select nullif(access_sight('scoped'), '{}')::jsonb $$;

create function access_forget_sight() returns trigger language plpgsql as
$$ begin perform set_config('app.sight_for', '', true); return null; end $$;
create trigger access_forget_sight after insert or update or delete on access_rolegrant
    for each statement execute function access_forget_sight();
create trigger access_forget_sight after insert or update or delete on access_absence
    for each statement execute function access_forget_sight();
create trigger access_forget_sight after insert or update or delete on directory_holding
    for each statement execute function access_forget_sight();
create trigger access_forget_sight after insert or update or delete on directory_unitclosure
    for each statement execute function access_forget_sight();
"""

GUARD = r"""
alter table access_guard set (fillfactor = 85);
revoke update, delete, truncate on access_guard from chancery_web;
grant update (unit_id, label, is_public) on access_guard to chancery_web;
revoke update, delete, truncate on access_guardreader from chancery_web;
grant update (ended_at) on access_guardreader to chancery_web;

-- The readers are repeated on the guard, so that the policy reads one row and recurses nowhere.
create function access_repeat_readers() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    update access_guard g
    set reader_posts = array(select distinct r.post_id from access_guardreader r
                             where r.guard_id = g.id and r.ended_at is null and r.post_id is not null),
        reader_duties = array(select distinct r.role || '@' || r.unit_id from access_guardreader r
                              where r.guard_id = g.id and r.ended_at is null and r.role is not null)
    where g.id in (select guard_id from changed);
    return null;
end
$$;
create trigger access_guardreader_repeat_new after insert on access_guardreader
    referencing new table as changed for each statement execute function access_repeat_readers();
create trigger access_guardreader_repeat_ended after update on access_guardreader
    referencing new table as changed for each statement execute function access_repeat_readers();

create function access_no_readers_yet() returns trigger language plpgsql as
$$ begin new.reader_posts := '{}'; new.reader_duties := '{}'; return new; end $$;
create trigger access_guard_no_readers_yet before insert on access_guard
    for each row when (new.reader_posts <> '{}' or new.reader_duties <> '{}')
    execute function access_no_readers_yet();

alter table access_guard enable row level security;
alter table access_guardreader enable row level security;

create policy access_guard_seen on access_guard for select to chancery_web using (
    (select chancery_is_system())
    or (label <= (select chancery_clearance()) and (
        is_public
        or opened_post_id = any ((select access_sight_posts())::bigint[])
        or reader_posts && (select access_sight_posts())
        or (opened_post_id is null and opened_account_id = (select chancery_account()))
        or unit_id <@ (select access_sight_units())
        or (reader_duties <> '{}' and (select access_sight_duties()) ?| reader_duties)
        or (scope <> '' and (select access_sight_scoped()) is not null and (
            (select access_sight_scoped()) ?| array[scope || '/p/' || opened_post_id, scope || '/u/' || unit_id]
            or exists (select 1 from unnest(reader_posts) p where (select access_sight_scoped()) ? (scope || '/p/' || p))
            or exists (select 1 from unnest(reader_duties) d where (select access_sight_scoped()) ? (scope || '/' || d))
        ))
    ))
);
create policy access_guard_opened on access_guard for insert to chancery_web with check (
    (select chancery_is_system())
    or ((select chancery_kind()) = 'PERSON' and label <= (select chancery_clearance())
        and opened_account_id = (select chancery_account())
        and opened_post_id is not distinct from (select chancery_post()))
);
-- Only its opener and those who oversee its unit change a guard; nobody lifts one above their own clearance.
create policy access_guard_changed on access_guard for update to chancery_web
    using (
        (select chancery_is_system())
        or (label <= (select chancery_clearance()) and (
            opened_post_id = any ((select access_sight_posts())::bigint[])
            or unit_id <@ (select access_sight_units())))
    )
    with check ((select chancery_is_system()) or label <= (select chancery_clearance()));

create policy access_guardreader_seen on access_guardreader for select to chancery_web
    using ((select chancery_is_system()) or exists (select 1 from access_guard g where g.id = guard_id));
create policy access_guardreader_added on access_guardreader for insert to chancery_web
    with check ((select chancery_is_system()) or exists (select 1 from access_guard g where g.id = guard_id));
create policy access_guardreader_ended on access_guardreader for update to chancery_web
    using ((select chancery_is_system()) or exists (select 1 from access_guard g where g.id = guard_id));

create policy journal_entry_guarded on journal_entry for select to chancery_web
    using (guard_id is not null and exists (select 1 from access_guard g where g.id = guard_id));
"""

RIGHTS = r"""
revoke all on function access_my_posts, access_my_duties, access_answering_posts, access_my_oversight,
    access_my_overseen, access_sight, access_sight_posts, access_sight_units, access_sight_duties, access_sight_scoped,
    access_wardrobe, access_holds, access_my_roles from public;
grant execute on function access_my_posts, access_my_duties, access_answering_posts, access_my_oversight,
    access_my_overseen, access_sight, access_sight_posts, access_sight_units, access_sight_duties, access_sight_scoped,
    access_wardrobe, access_holds, access_my_roles to chancery_web;
"""

DOWN = r"""
drop policy journal_entry_guarded on journal_entry;
drop policy access_guardreader_ended on access_guardreader;
drop policy access_guardreader_added on access_guardreader;
drop policy access_guardreader_seen on access_guardreader;
drop policy access_guard_changed on access_guard;
drop policy access_guard_opened on access_guard;
drop policy access_guard_seen on access_guard;
drop trigger access_guard_no_readers_yet on access_guard;
drop trigger access_guardreader_repeat_ended on access_guardreader;
drop trigger access_guardreader_repeat_new on access_guardreader;
drop trigger access_forget_sight on access_rolegrant;
drop trigger access_forget_sight on access_absence;
drop trigger access_forget_sight on directory_holding;
drop trigger access_forget_sight on directory_unitclosure;
drop function access_forget_sight, access_no_readers_yet, access_repeat_readers, access_sight_scoped, access_sight_duties,
    access_sight_units, access_sight_posts, access_sight, access_my_overseen, access_my_oversight, access_answering_posts,
    access_my_duties, access_my_posts, access_wardrobe, access_holds, access_my_roles;
drop view access_grant_able, access_grant_today, access_standing, access_stand_in;
"""


class Migration(migrations.Migration):
    """Functions, triggers, policies."""

    dependencies = [
        ("access", "0001_initial"),
        ("directory", "0005_row_security"),
        ("journal", "0002_chain"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("rulebook", "0001_initial"),
    ]
    operations = [migrations.RunSQL(STANDING + MINE + WARDROBE + SIGHT + GUARD + RIGHTS, DOWN)]
