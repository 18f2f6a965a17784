"""The columns derived by the database: today's term in `Unit` and `Post`, today's tree, who is public.

`directory_bring_up_to(day)` is called by the daily job; the triggers do the same for the rows they touch, as of the
day stamped on the transaction.
"""

from django.db import migrations

_DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"

# The term of the day; else the last one before it; else the first one after it.
_PICK = """
  order by {owner}, (t.during @> today) desc, (lower(t.during) <= today) desc,
    case when lower(t.during) <= today then lower(t.during) end desc nulls last, lower(t.during)
"""

UNITS = f"""
create function directory_close_tree(moved bigint[]) returns void language sql {_DEFINER} as $$
  with recursive below(id) as (
    select unnest(moved) union select u.id from directory_unit u join below b on u.parent_id = b.id)
  delete from directory_unitclosure where descendant_id in (select id from below);
  with recursive below(id) as (
    select unnest(moved) union select u.id from directory_unit u join below b on u.parent_id = b.id),
  up(descendant, ancestor, depth) as (
    select id, id, 0 from below
    union all
    select up.descendant, u.parent_id, up.depth + 1
    from up join directory_unit u on u.id = up.ancestor where u.parent_id is not null and up.depth < 42)
  insert into directory_unitclosure (ancestor_id, descendant_id, depth) select ancestor, descendant, depth from up
$$;

create function directory_repeat_units(units bigint[], today date) returns void language plpgsql {_DEFINER} as $$
declare moved bigint[];
begin
  perform pg_advisory_xact_lock(hashtext('directory.tree'));
  with chosen as (
    select distinct on (t.unit_id) t.* from directory_unitterm t
    where (units is null or t.unit_id = any(units)) and not isempty(t.during)
    {_PICK.format(owner="t.unit_id")}),
  changed as (
    update directory_unit u
    set name_en = c.name_en, name_zh = c.name_zh, kind = c.kind, parent_id = c.parent_id, led_by_id = c.led_by_id,
        position = c.position, functions_en = c.functions_en, functions_zh = c.functions_zh
    from chosen c, directory_unit before
    where u.id = c.unit_id and before.id = u.id
      and (u.name_en, u.name_zh, u.kind, u.parent_id, u.led_by_id, u.position, u.functions_en, u.functions_zh)
        is distinct from
          (c.name_en, c.name_zh, c.kind, c.parent_id, c.led_by_id, c.position, c.functions_en, c.functions_zh)
    returning u.id, before.parent_id is distinct from u.parent_id as has_moved)
  select array_agg(id) into moved from changed where has_moved;
  if moved is not null then
    perform directory_close_tree(moved);
  end if;
end $$;

create function directory_unitterms_changed() returns trigger language plpgsql {_DEFINER} as $$
begin
  perform directory_repeat_units(array(select distinct unit_id from new_rows), chancery_today());
  return null;
end $$;
create trigger directory_unitterm_repeat_on_insert after insert on directory_unitterm
  referencing new table as new_rows for each statement execute function directory_unitterms_changed();
create trigger directory_unitterm_repeat_on_update after update on directory_unitterm
  referencing new table as new_rows for each statement execute function directory_unitterms_changed();

create function directory_units_added() returns trigger language plpgsql {_DEFINER} as $$
begin
  perform directory_close_tree(array(select id from new_rows));
  return null;
end $$;
create trigger directory_unit_close_tree after insert on directory_unit
  referencing new table as new_rows for each statement execute function directory_units_added();
"""

POSTS = f"""
create function directory_repeat_posts(posts bigint[], today date) returns void language sql {_DEFINER} as $$
  with chosen as (
    select distinct on (t.post_id) t.* from directory_postterm t
    where (posts is null or t.post_id = any(posts)) and not isempty(t.during)
    {_PICK.format(owner="t.post_id")})
  update directory_post p
  set title_en = c.title_en, title_zh = c.title_zh, heading_en = c.heading_en, heading_zh = c.heading_zh,
      rank = c.rank, is_leading = c.is_leading, seats = c.seats, position = c.position
  from chosen c
  where p.id = c.post_id
    and (p.title_en, p.title_zh, p.heading_en, p.heading_zh, p.rank, p.is_leading, p.seats, p.position)
      is distinct from
        (c.title_en, c.title_zh, c.heading_en, c.heading_zh, c.rank, c.is_leading, c.seats, c.position)
$$;

create function directory_postterms_changed() returns trigger language plpgsql {_DEFINER} as $$
begin
  perform directory_repeat_posts(array(select distinct post_id from new_rows), chancery_today());
  return null;
end $$;
create trigger directory_postterm_repeat_on_insert after insert on directory_postterm
  referencing new table as new_rows for each statement execute function directory_postterms_changed();
create trigger directory_postterm_repeat_on_update after update on directory_postterm
  referencing new table as new_rows for each statement execute function directory_postterms_changed();

-- For the system alone: with another day than today it would show a past or a future tree as today's.
create function directory_bring_up_to(today date) returns void language plpgsql {_DEFINER} as $$
begin
  if not chancery_is_system() then
    raise exception 'directory: only the system repeats terms' using errcode = 'insufficient_privilege';
  end if;
  perform directory_repeat_units(null, today);
  perform directory_repeat_posts(null, today);
end $$;
"""

PUBLIC = f"""
create function directory_publish_people(people bigint[]) returns void language sql {_DEFINER} as $$
  update directory_person q set is_public = truth.is_public
  from (select p.id, exists (
          select 1 from directory_holding h join directory_post o on o.id = h.post_id
          where h.person_id = p.id and o.is_public and not isempty(h.during)) as is_public
        from directory_person p where p.id = any(people)) truth
  where q.id = truth.id and q.is_public is distinct from truth.is_public
$$;

create function directory_holdings_added() returns trigger language plpgsql {_DEFINER} as $$
begin
  perform directory_publish_people(array(select distinct person_id from new_rows));
  return null;
end $$;
create trigger directory_holding_publish_on_insert after insert on directory_holding
  referencing new table as new_rows for each statement execute function directory_holdings_added();

create function directory_holdings_changed() returns trigger language plpgsql {_DEFINER} as $$
begin
  perform directory_publish_people(array(select person_id from new_rows union select person_id from old_rows));
  return null;
end $$;
create trigger directory_holding_publish_on_update after update on directory_holding
  referencing new table as new_rows old table as old_rows
  for each statement execute function directory_holdings_changed();

create function directory_posts_changed() returns trigger language plpgsql {_DEFINER} as $$
begin
  perform directory_publish_people(array(
    select distinct h.person_id from directory_holding h
    join new_rows n on n.id = h.post_id join old_rows o on o.id = n.id
    where n.is_public is distinct from o.is_public));
  return null;
end $$;
create trigger directory_post_publish after update on directory_post
  referencing new table as new_rows old table as old_rows
  for each statement execute function directory_posts_changed();
"""

RIGHTS = """
revoke execute on function directory_close_tree(bigint[]), directory_repeat_units(bigint[], date),
  directory_repeat_posts(bigint[], date), directory_publish_people(bigint[]) from public;
"""

FUNCTIONS = (
    "directory_unitterms_changed()",
    "directory_units_added()",
    "directory_postterms_changed()",
    "directory_holdings_added()",
    "directory_holdings_changed()",
    "directory_posts_changed()",
    "directory_bring_up_to(date)",
    "directory_repeat_units(bigint[], date)",
    "directory_repeat_posts(bigint[], date)",
    "directory_publish_people(bigint[])",
    "directory_close_tree(bigint[])",
)


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_law_of_the_tree")]

    operations = [
        migrations.RunSQL(
            UNITS + POSTS + PUBLIC + RIGHTS, "\n".join(f"drop function {name} cascade;" for name in FUNCTIONS)
        )
    ]
