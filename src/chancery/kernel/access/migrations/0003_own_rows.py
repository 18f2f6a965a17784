"""The rows of access itself, the page that explains who answers, and lists seen by those who see little."""

from django.db import migrations

# A list ordered by date, asked by someone who sees little of it, would test a million rows to show three. With the few
# guards named, it is driven from them.
FEW = r"""
-- Sequential scans are off: "the first 1,000 of this post" would otherwise be sought through the whole table.
create function access_few_guards(at_most int default 1000) returns bigint[]
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off as
$$
declare
    v_found bigint[];
    v_more bigint[];
begin
    if chancery_is_system() then
        return null;
    end if;
    select array_agg(g.id) into v_found
    from (select id from access_guard where is_public and label <= chancery_clearance() limit at_most + 1) g;
    if cardinality(v_found) > at_most then return null; end if;

    select array_agg(g.id) into v_more from (
        select every.id from (
            select distinct c.descendant_id as unit_id
            from access_my_oversight() o join directory_unitclosure c on c.ancestor_id = o.unit_id
        ) u cross join lateral (
            select x.id from access_guard x where x.unit_id = u.unit_id limit at_most + 1
        ) every limit at_most + 1
    ) g;
    v_found := v_found || v_more;
    if cardinality(v_found) > at_most then return null; end if;

    select array_agg(g.id) into v_more from (
        select every.id from access_my_posts() m cross join lateral (
            (select x.id from access_guard x where x.opened_post_id = m.post_id limit at_most + 1)
            union all
            (select r.guard_id from access_guardreader r
             where r.post_id = m.post_id and r.ended_at is null limit at_most + 1)
        ) every limit at_most + 1
    ) g;
    v_found := v_found || v_more;
    if cardinality(v_found) > at_most then return null; end if;

    select array_agg(g.id) into v_more from (
        select x.id from access_guard x
        where x.opened_post_id is null and x.opened_account_id = chancery_account() limit at_most + 1
    ) g;
    v_found := v_found || v_more;

    select array_agg(g.id) into v_more from (
        select every.id from access_my_duties() d cross join lateral (
            select r.guard_id as id from access_guardreader r
            where r.role = d.role and r.unit_id = d.unit_id and r.ended_at is null limit at_most + 1
        ) every limit at_most + 1
    ) g;
    v_found := v_found || v_more;
    if cardinality(v_found) > at_most then return null; end if;
    return coalesce((select array_agg(distinct f) from unnest(v_found) f), '{}');
end
$$;
create index access_guard_public on access_guard (id) where is_public;
create index access_guardreader_duty on access_guardreader (role, unit_id) include (guard_id)
    where role is not null and ended_at is null;
"""

# The same answer as access_answering_posts, with where it comes from: for the page that explains it.
WHO = r"""
create function access_who_answers(p_role text, p_unit bigint)
returns table (post_id bigint, for_post_id bigint, scope text[], granted_over bigint, over_en text, over_zh text,
               title_en text, title_zh text, body_en text, body_zh text, for_en text, for_zh text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 3 as
$$
#variable_conflict use_column
begin
    return query
    with able as materialized (
        select c.depth, g.post_id, g.unit_id
        from directory_unitclosure c join access_grant_able g on g.unit_id = c.ancestor_id and g.role = p_role
        where c.descendant_id = p_unit
    )
    select distinct s.acting_post_id, nullif(s.post_id, s.acting_post_id), s.scopes, u.id, u.name_en::text,
           u.name_zh::text, p.title_en::text, p.title_zh::text, b.name_en::text, b.name_zh::text,
           case when s.post_id <> s.acting_post_id then f.title_en::text end,
           case when s.post_id <> s.acting_post_id then f.title_zh::text end
    from able a
    join access_standing s on s.post_id = a.post_id
    join directory_unit u on u.id = a.unit_id
    join directory_post p on p.id = s.acting_post_id
    join directory_unit b on b.id = p.unit_id
    join directory_post f on f.id = s.post_id
    where a.depth = (select min(depth) from able);
end
$$;
revoke all on function access_who_answers from public;
grant execute on function access_who_answers to chancery_web;
"""

# Django's database cache: limits of sign-in and spent one-time codes, shared by all processes; losing it in a crash is fine.
CACHE = r"""
create unlogged table access_cache (
    cache_key varchar(255) primary key, value text not null, expires timestamptz not null
);
create index access_cache_expires on access_cache (expires);
"""

# The rows of access itself: who may read and write them, whatever page or script asks.
OWN = r"""
revoke delete, truncate on access_rolegrant, access_absence, access_recusal, access_apitoken, access_invitation,
    access_account from chancery_web;
revoke update on access_rolegrant, access_absence, access_recusal, access_apitoken, access_invitation from chancery_web;
grant update (valid_to) on access_rolegrant to chancery_web;
grant update (ends_on, cancelled_at) on access_absence to chancery_web;
grant update (lifted_at) on access_recusal to chancery_web;
grant update (last_used_at, revoked_at) on access_apitoken to chancery_web;
grant update (accepted_at, withdrawn_at) on access_invitation to chancery_web;

alter table access_rolegrant enable row level security;
create policy access_rolegrant_seen on access_rolegrant for select to chancery_web
    using ((select chancery_clearance()) >= 10);
create policy access_rolegrant_given on access_rolegrant for insert to chancery_web
    with check ((select chancery_is_system()) or access_holds('access_admin', unit_id));
create policy access_rolegrant_ended on access_rolegrant for update to chancery_web
    using ((select chancery_is_system()) or access_holds('access_admin', unit_id));

alter table access_absence enable row level security;
create policy access_absence_seen on access_absence for select to chancery_web
    using ((select chancery_clearance()) >= 10);
create policy access_absence_declared on access_absence for insert to chancery_web
    with check ((select chancery_is_system()) or absent_person_id = (select chancery_person())
                or (select access_holds('access_admin', null)));
create policy access_absence_changed on access_absence for update to chancery_web
    using ((select chancery_is_system()) or absent_person_id = (select chancery_person())
           or (select access_holds('access_admin', null)));

alter table access_recusal enable row level security;
create policy access_recusal_own on access_recusal to chancery_web
    using ((select chancery_is_system()) or person_id = (select chancery_person())
           or (select access_holds('access_admin', null)));

-- Who keeps out of a subject: for routing its work past them.
create function access_recused(p_subject text) returns setof bigint
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 1 as
$$
begin
    return query select r.person_id from access_recusal r where r.subject = p_subject and r.lifted_at is null;
end
$$;

alter table access_apitoken enable row level security;
create policy access_apitoken_own on access_apitoken to chancery_web
    using ((select chancery_is_system()) or account_id = (select chancery_account()));

alter table access_invitation enable row level security;
create policy access_invitation_kept on access_invitation to chancery_web
    using ((select chancery_is_system()) or (select access_holds('access_admin', null)));
"""

RIGHTS = r"""
revoke all on function access_few_guards, access_recused from public;
grant execute on function access_few_guards, access_recused to chancery_web;
"""

DOWN = r"""
drop policy access_invitation_kept on access_invitation;
drop policy access_apitoken_own on access_apitoken;
drop policy access_recusal_own on access_recusal;
drop policy access_absence_changed on access_absence;
drop policy access_absence_declared on access_absence;
drop policy access_absence_seen on access_absence;
drop policy access_rolegrant_ended on access_rolegrant;
drop policy access_rolegrant_given on access_rolegrant;
drop policy access_rolegrant_seen on access_rolegrant;
drop function access_recused, access_who_answers, access_few_guards;
drop table access_cache;
drop index access_guard_public, access_guardreader_duty;
"""


class Migration(migrations.Migration):
    """Policies, functions, the cache."""

    dependencies = [("access", "0002_row_security")]
    operations = [migrations.RunSQL(FEW + WHO + CACHE + OWN + RIGHTS, DOWN)]
