"""The inbox in SQL: flat however many matters there are, because each of my places is asked for its first few tasks.

What I am asked to do is found by a function that runs as the owner: row security over an index walk would test every row
one by one. It finds nothing but tasks addressed to my posts and duties within my clearance, and the page joins its
answer under row security again.
"""

from django.db import migrations

_WAITS = """t.state in ('READY', 'CLAIMED')
          and exists (select 1 from access_guard g where g.id = t.guard_id and g.label <= chancery_clearance())"""

INBOX = f"""
create function procedures_asked(p_read boolean, p_cap int) returns setof bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp rows 200 as
$$
    select id from (
        select x.id, x.due_on from access_my_posts() p cross join lateral (
            select t.id, t.due_on from procedures_task t
            where t.post_id = p.post_id and t.to_read = p_read and (p.scope is null or t.procedure = any (p.scope))
              and {_WAITS}
            order by t.due_on, t.id limit p_cap) x
        union all
        select x.id, x.due_on from access_my_duties() d cross join lateral (
            select t.id, t.due_on from procedures_task t
            where t.post_id is null and t.role = d.role and t.unit_id = d.unit_id and t.to_read = p_read
              and (d.scope is null or t.procedure = any (d.scope)) and {_WAITS}
            order by t.due_on, t.id limit p_cap) x
    ) mine order by due_on, id limit p_cap
$$;

create function procedures_counts(p_cap int) returns table (todo bigint, read bigint, overdue bigint,
    notices bigint)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as
$$
    with mine as materialized (
        select x.* from access_my_posts() p cross join lateral (
            (select t.id, t.to_read, t.due_on from procedures_task t
             where t.post_id = p.post_id and t.state in ('READY', 'CLAIMED') and not t.to_read
               and (p.scope is null or t.procedure = any (p.scope))
               and exists (select 1 from access_guard g where g.id = t.guard_id and g.label <= chancery_clearance())
             order by t.due_on, t.id limit p_cap)
            union all
            (select t.id, t.to_read, t.due_on from procedures_task t
             where t.post_id = p.post_id and t.state in ('READY', 'CLAIMED') and t.to_read
               and (p.scope is null or t.procedure = any (p.scope))
               and exists (select 1 from access_guard g where g.id = t.guard_id and g.label <= chancery_clearance())
             order by t.due_on, t.id limit p_cap)) x
        union all
        select x.* from access_my_duties() d cross join lateral (
            select t.id, t.to_read, t.due_on from procedures_task t
            where t.post_id is null and t.role = d.role and t.unit_id = d.unit_id and t.state in ('READY', 'CLAIMED')
              and (d.scope is null or t.procedure = any (d.scope))
              and exists (select 1 from access_guard g where g.id = t.guard_id and g.label <= chancery_clearance())
            order by t.to_read, t.due_on, t.id limit p_cap) x
    )
    select least(count(*) filter (where not to_read), p_cap), least(count(*) filter (where to_read), p_cap),
           least(count(*) filter (where due_on < chancery_today()), p_cap),
           (select count(*) from (
               select 1 from access_my_posts() p join procedures_notice n on n.post_id = p.post_id and n.seen_at is null
               join access_guard g on g.id = n.guard_id and g.label <= chancery_clearance()
               where p.scope is null
                 and not exists (select 1 from procedures_task d where d.id = n.task_id and d.done_at is not null)
               limit p_cap) unseen)
    from mine
$$;

-- Overdue: what I am asked to do or read, and the running matters of the units I oversee; as matters.
create function procedures_overdue(p_cap int) returns setof bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp rows 200 as
$$
    select matter_id from (
        select t.matter_id, t.due_on
        from (values (false), (true)) kind (is_reading) cross join lateral procedures_asked(kind.is_reading, p_cap) a
        join procedures_task t on t.id = a
        where t.due_on < chancery_today()
        union all
        select x.id, x.due_on
        from (select distinct c.descendant_id as unit_id
              from access_my_overseen() o join directory_unitclosure c on c.ancestor_id = o) u
        cross join lateral (
            select m.id, m.due_on from procedures_matter m
            where m.unit_id = u.unit_id and m.state = 'OPEN' and m.due_on < chancery_today()
              and exists (select 1 from access_guard g where g.id = m.guard_id and g.label <= chancery_clearance())
            order by m.due_on limit p_cap) x
    ) late group by matter_id order by min(due_on), matter_id limit p_cap
$$;

revoke all on function procedures_asked, procedures_counts, procedures_overdue from public;
grant execute on function procedures_asked, procedures_counts, procedures_overdue to chancery_web;
"""

DOWN = "drop function procedures_overdue, procedures_counts, procedures_asked;"


class Migration(migrations.Migration):
    """Functions of the inbox."""

    dependencies = [("procedures", "0002_row_security")]
    operations = [migrations.RunSQL(INBOX, DOWN)]
