"""What must hold between rows, checked once a statement over all its rows.

| reason (constraint name) | refuses |
|---|---|
| directory_tree_has_no_cycle | a unit under itself, at any depth, on any day |
| directory_tree_is_not_too_deep | more than 40 storeys |
| directory_leading_has_no_cycle | two units leading each other |
| directory_unitterm_within_life | facts outside the unit's life |
| directory_parent_lives | standing under, or led by, a unit not there on those days |
| directory_post_in_living_unit | a post in a unit not yet begun or dissolved |
| directory_postterm_within_life | a title outside the post's life |
| directory_holding_within_post | holding a post before it opens or after it is abolished |
| directory_holding_seat_exists | a seat beyond the post's number of seats |
| directory_holding_name_protected | a person with a protected name in a post of the public directory |

Rows leaned upon are locked FOR SHARE, so that of two transactions (one dissolving, one opening) the second waits
and then sees. Tree changes take one lock: two moves that together make a cycle cannot pass each other.
"""

from django.db import migrations

_HEAD = "returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$"

UNIT_TERMS = f"""
create function directory_check_unitterms() {_HEAD}
begin
  perform pg_advisory_xact_lock(hashtext('directory.tree'));
  perform 1 from directory_unit where id in (
    select unit_id from new_rows union select parent_id from new_rows union select led_by_id from new_rows) for share;
  if exists (select 1 from new_rows n join directory_unit u on u.id = n.unit_id where not n.during <@ u.during) then
    raise exception using errcode = '23514', constraint = 'directory_unitterm_within_life',
      message = 'facts of a unit lie within its life';
  end if;
  if exists (select 1 from new_rows n join directory_unit u on u.id in (n.parent_id, n.led_by_id)
             where not n.during <@ u.during) then
    raise exception using errcode = '23514', constraint = 'directory_parent_lives',
      message = 'the unit above, or leading, exists on all those days';
  end if;
  if exists (
    with recursive up(start, node, during, depth) as (
      select unit_id, parent_id, during, 1 from new_rows where parent_id is not null and not isempty(during)
      union all
      select up.start, t.parent_id, up.during * t.during, up.depth + 1
      from up join directory_unitterm t on t.unit_id = up.node and t.during && up.during
      where t.parent_id is not null and up.node <> up.start and up.depth < 42)
    select 1 from up where node = start) then
    raise exception using errcode = '23514', constraint = 'directory_tree_has_no_cycle',
      message = 'a unit cannot stand under itself';
  end if;
  if exists (
    with recursive up(node, during, depth) as (
      select parent_id, during, 1 from new_rows where parent_id is not null and not isempty(during)
      union all
      select t.parent_id, up.during * t.during, up.depth + 1
      from up join directory_unitterm t on t.unit_id = up.node and t.during && up.during
      where t.parent_id is not null and up.depth < 42)
    select 1 from up where depth > 40) then
    raise exception using errcode = '23514', constraint = 'directory_tree_is_not_too_deep',
      message = 'the tree has at most 40 storeys';
  end if;
  if exists (
    with recursive up(start, node, during, depth) as (
      select unit_id, led_by_id, during, 1 from new_rows where led_by_id is not null and not isempty(during)
      union all
      select up.start, t.led_by_id, up.during * t.during, up.depth + 1
      from up join directory_unitterm t on t.unit_id = up.node and t.during && up.during
      where t.led_by_id is not null and up.node <> up.start and up.depth < 42)
    select 1 from up where node = start) then
    raise exception using errcode = '23514', constraint = 'directory_leading_has_no_cycle',
      message = 'two units cannot lead each other';
  end if;
  return null;
end $$;
"""

UNITS = f"""
create function directory_check_units() {_HEAD}
begin
  perform pg_advisory_xact_lock(hashtext('directory.tree'));
  if exists (select 1 from new_rows n join directory_unitterm t on t.unit_id = n.id where not t.during <@ n.during) then
    raise exception using errcode = '23514', constraint = 'directory_unitterm_within_life',
      message = 'facts of a unit lie within its life';
  end if;
  if exists (select 1 from new_rows n join directory_unitterm t on t.parent_id = n.id where not t.during <@ n.during)
     or exists (select 1 from new_rows n join directory_unitterm t on t.led_by_id = n.id where not t.during <@ n.during)
  then
    raise exception using errcode = '23514', constraint = 'directory_parent_lives',
      message = 'the unit above, or leading, exists on all those days';
  end if;
  if exists (select 1 from new_rows n join directory_post p on p.unit_id = n.id where not p.during <@ n.during) then
    raise exception using errcode = '23514', constraint = 'directory_post_in_living_unit',
      message = 'a post exists only while its unit does';
  end if;
  return null;
end $$;
"""

POSTS = f"""
create function directory_check_posts() {_HEAD}
begin
  perform 1 from directory_unit where id in (select unit_id from new_rows) for share;
  if exists (select 1 from new_rows n join directory_unit u on u.id = n.unit_id where not n.during <@ u.during) then
    raise exception using errcode = '23514', constraint = 'directory_post_in_living_unit',
      message = 'a post exists only while its unit does';
  end if;
  if exists (select 1 from new_rows n join directory_postterm t on t.post_id = n.id where not t.during <@ n.during) then
    raise exception using errcode = '23514', constraint = 'directory_postterm_within_life',
      message = 'facts of a post lie within its life';
  end if;
  if exists (select 1 from new_rows n join directory_holding h on h.post_id = n.id where not h.during <@ n.during) then
    raise exception using errcode = '23514', constraint = 'directory_holding_within_post',
      message = 'a post is held only while it exists';
  end if;
  if exists (select 1 from new_rows n join directory_holding h on h.post_id = n.id
             join directory_person p on p.id = h.person_id
             where n.is_public and p.label > 10 and not isempty(h.during)) then
    raise exception using errcode = '23514', constraint = 'directory_holding_name_protected',
      message = 'a protected name cannot stand in the public directory';
  end if;
  return null;
end $$;
"""

POST_TERMS = f"""
create function directory_check_postterms() {_HEAD}
begin
  perform 1 from directory_post where id in (select post_id from new_rows) for share;
  if exists (select 1 from new_rows n join directory_post p on p.id = n.post_id where not n.during <@ p.during) then
    raise exception using errcode = '23514', constraint = 'directory_postterm_within_life',
      message = 'facts of a post lie within its life';
  end if;
  if exists (select 1 from new_rows n join directory_holding h
             on h.post_id = n.post_id and h.during && n.during and h.seat > n.seats) then
    raise exception using errcode = '23514', constraint = 'directory_holding_seat_exists',
      message = 'the post has fewer seats than that';
  end if;
  return null;
end $$;
"""

HOLDINGS = f"""
create function directory_check_holdings() {_HEAD}
begin
  perform 1 from directory_post where id in (select post_id from new_rows) for share;
  if exists (select 1 from new_rows n join directory_post p on p.id = n.post_id where not n.during <@ p.during) then
    raise exception using errcode = '23514', constraint = 'directory_holding_within_post',
      message = 'a post is held only while it exists';
  end if;
  if exists (select 1 from new_rows n join directory_postterm t
             on t.post_id = n.post_id and t.during && n.during and n.seat > t.seats) then
    raise exception using errcode = '23514', constraint = 'directory_holding_seat_exists',
      message = 'the post has fewer seats than that';
  end if;
  if exists (select 1 from new_rows n join directory_post p on p.id = n.post_id
             join directory_person q on q.id = n.person_id
             where p.is_public and q.label > 10 and not isempty(n.during)) then
    raise exception using errcode = '23514', constraint = 'directory_holding_name_protected',
      message = 'a protected name cannot stand in the public directory';
  end if;
  return null;
end $$;
"""

PEOPLE = f"""
create function directory_check_people() {_HEAD}
begin
  if exists (select 1 from new_rows n join directory_holding h on h.person_id = n.id
             join directory_post p on p.id = h.post_id
             where p.is_public and n.label > 10 and not isempty(h.during)) then
    raise exception using errcode = '23514', constraint = 'directory_holding_name_protected',
      message = 'a protected name cannot stand in the public directory';
  end if;
  return null;
end $$;
"""

CHECKS = {
    "unitterm": ("unitterms", "insert update"),
    "unit": ("units", "update"),
    "post": ("posts", "insert update"),
    "postterm": ("postterms", "insert update"),
    "holding": ("holdings", "insert update"),
    "person": ("people", "update"),
}


def _triggers():
    for table, (check, events) in CHECKS.items():
        for event in events.split():
            yield (
                f"create trigger directory_{table}_law_on_{event} after {event} on directory_{table} "
                f"referencing new table as new_rows for each statement execute function directory_check_{check}();"
            )


DOWN = "\n".join(f"drop function if exists directory_check_{check}() cascade;" for check, _ in CHECKS.values())


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_history_is_kept")]

    operations = [
        migrations.RunSQL(
            UNIT_TERMS + UNITS + POSTS + POST_TERMS + HOLDINGS + PEOPLE + "\n".join(_triggers()), DOWN
        )
    ]
