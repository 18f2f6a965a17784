"""Posts for a picker. As in 0006, `@@` is not leakproof, so the law of visibility is written out inside.

Each word is looked up by index in titles, unit names and holders' names, at most 3,000 posts from each; the word with
the fewest posts gives the candidates, and each other word is then tried on every candidate. So a rare word beside a
common one is exact, and the cost does not grow with the house. `within` names the candidates instead.
"""

from django.db import migrations

POSTS = """
create function directory_pick_posts(
    asked tsquery[], within bigint[], day date, is_held_only boolean, is_leading_only boolean, most int
) returns table (post_id bigint, place bigint) language plpgsql rows 20 stable security definer
set search_path = pg_catalog, public, pg_temp as $$
declare
    my_clearance constant int := chancery_clearance();
    me constant bigint := chancery_person();
    my_unit bigint;
    best bigint[] := within;
    best_word int := 0;
    some_posts bigint[];
begin
    if my_clearance < 10 then return; end if;
    select p.unit_id into my_unit from directory_post p where p.id = chancery_post();
    if within is null and cardinality(asked) = 0 then
        select array_agg(p.id) into best from directory_post p
        where p.unit_id = my_unit or p.unit_id in (
            select u.id from directory_unit u where u.during @> day order by u.position, u.id limit 60);
    elsif within is null then
        for n in 1 .. cardinality(asked) loop
            select coalesce(array_agg(s.id), '{}') into some_posts from (
                (select t.post_id as id from directory_postterm t
                 where t.keys @@ asked[n] and t.during @> day limit 3000)
                union
                (select p.id from directory_unitterm u join directory_post p on p.unit_id = u.unit_id
                 where u.keys @@ asked[n] and u.during @> day limit 3000)
                union
                (select h.post_id from directory_person q join directory_holding h on h.person_id = q.id
                 where q.keys @@ asked[n] and h.during @> day
                   and (q.is_public or q.label <= my_clearance or q.id = me) limit 3000)) s;
            if best is null or cardinality(some_posts) < cardinality(best) then
                best := some_posts;
                best_word := n;
            end if;
            exit when cardinality(best) = 0;
        end loop;
    end if;
    return query
    select p.id, row_number() over (order by (p.unit_id = my_unit) desc nulls last, u.position, p.unit_id, t.position, p.id)
    from directory_post p
    join directory_postterm t on t.post_id = p.id and t.during @> day
    join directory_unitterm u on u.unit_id = p.unit_id and u.during @> day
    where p.id = any (best) and p.during @> day and (t.is_leading or not is_leading_only)
      and (not is_held_only or exists (
        select 1 from directory_holding h join directory_person q on q.id = h.person_id
        where h.post_id = p.id and h.during @> day and (q.is_public or q.label <= my_clearance or q.id = me)))
      and not exists (
        select 1 from unnest(asked) with ordinality w (q, n)
        where w.n <> best_word and not (t.keys @@ w.q or u.keys @@ w.q or exists (
          select 1 from directory_holding h join directory_person q on q.id = h.person_id
          where h.post_id = p.id and h.during @> day and q.keys @@ w.q
            and (q.is_public or q.label <= my_clearance or q.id = me))))
    order by 2 limit most;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_finding")]

    operations = [
        migrations.RunSQL(
            POSTS, "drop function directory_pick_posts(tsquery[], bigint[], date, boolean, boolean, int);"
        )
    ]
