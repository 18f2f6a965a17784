"""The searches by key. They run as their owner, because `@@` is not leakproof: under row security PostgreSQL would
test the policy on every row first and leave the index alone. So the law of visibility is written out inside, over the
same stamp, before any limit is taken: what comes back is exact, however few of the matches one may see. Being plpgsql,
they are planned once a session: with policies on five tables, planning cost as much as the search.

People: those whose name begins as asked come first, in pinyin order, straight from the index; only when they do not
fill the page are the other keys asked (initials, given name, any piece of a Chinese name), of which at most 2,000
are sorted.
"""

from django.db import migrations

_DEFINER = "stable security definer set search_path = pg_catalog, public, pg_temp"

PEOPLE = f"""
create function directory_find_people(
    asked tsquery, beginning text, beginning_zh text, is_public_only boolean, most int
) returns table (person_id bigint, place bigint) language plpgsql rows 20 {_DEFINER} as $$
declare
    my_clearance constant int := chancery_clearance();
    me constant bigint := chancery_person();
    found bigint[] := '{{}}';
    more bigint[];
begin
    if beginning_zh <> '' then
        select coalesce(array_agg(id), '{{}}') into found from (
            select p.id from directory_person p
            where p.name_zh >= beginning_zh and p.name_zh like beginning_zh || '%'
              and (p.is_public or (not is_public_only and (p.label <= my_clearance or p.id = me)))
            order by p.name_zh limit most) s;
    elsif beginning <> '' and (is_public_only or my_clearance < 10) then
        select coalesce(array_agg(id), '{{}}') into found from (
            select p.id from directory_person p
            where p.is_public and p.sort_key like beginning || '%'
            order by p.sort_key, p.id limit most) s;
    elsif beginning <> '' then
        select coalesce(array_agg(id), '{{}}') into found from (
            select p.id from directory_person p
            where p.sort_key like beginning || '%' and (p.is_public or p.label <= my_clearance or p.id = me)
            order by p.sort_key limit most) s;
    end if;
    if cardinality(found) < most then
        select coalesce(array_agg(id order by sort_key, id), '{{}}') into more from (
            select p.id, p.sort_key from directory_person p
            where p.keys @@ asked and p.id <> all (found)
              and (p.is_public or (not is_public_only and (p.label <= my_clearance or p.id = me)))
            limit 2000) s;
        found := found || more[:most - cardinality(found)];
    end if;
    return query select * from unnest(found) with ordinality;
end $$;
"""

FOUND = f"""
create function directory_people_found(
    asked tsquery, beginning text, beginning_zh text, is_public_only boolean, most int, day date
) returns table (id bigint, code text, name_en text, name_zh text, is_sample boolean, posts json)
language plpgsql rows 20 {_DEFINER} as $$
#variable_conflict use_column
declare
    is_staff constant boolean := not is_public_only and chancery_clearance() >= 10;
begin
    return query
    select q.id, q.code::text, q.name_en::text, q.name_zh::text, q.is_sample, (
        select json_agg(json_build_object('title_en', t.title_en, 'title_zh', t.title_zh, 'kind', h.kind,
            'unit_id', u.unit_id, 'unit_name_en', u.name_en, 'unit_name_zh', u.name_zh) order by u.position, t.position)
        from directory_holding h
        join directory_post p on p.id = h.post_id and (p.is_public or is_staff)
        join directory_postterm t on t.post_id = p.id and t.during @> day
        join directory_unitterm u on u.unit_id = p.unit_id and u.during @> day
        where h.person_id = q.id and h.during @> day)
    from directory_find_people(asked, beginning, beginning_zh, is_public_only, most) f
    join directory_person q on q.id = f.person_id
    order by f.place;
end $$;
"""

POSTS = f"""
create function directory_find_posts(asked tsquery, day date, is_public_only boolean, most int)
returns table (post_id bigint) language sql {_DEFINER} as $$
  select id from (
    select p.id, p.is_public from directory_postterm t join directory_post p on p.id = t.post_id
    where t.keys @@ asked and t.during @> day
      and (p.is_public or (not is_public_only and chancery_clearance() >= 10))
    limit 500) s
  order by is_public desc, id limit most
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_row_security")]

    operations = [
        migrations.RunSQL(
            PEOPLE + FOUND + POSTS,
            "drop function directory_people_found(tsquery, text, text, boolean, int, date);"
            "drop function directory_find_people(tsquery, text, text, boolean, int);"
            "drop function directory_find_posts(tsquery, date, boolean, int);",
        )
    ]
