"""What the web role may touch, and the keeping of every earlier version.

Nothing here may be deleted; identities (a unit's code, a post's unit and code) never change; the columns of `Unit`
and `Post` that repeat today's term are written by the database alone; a changed row must carry the next version
number, and its earlier state goes to `directory_formerversion`, which the web role can only read.
"""

from django.db import migrations

RIGHTS = """
revoke delete, truncate on directory_unit, directory_unitterm, directory_post, directory_postterm, directory_person,
  directory_holding, directory_contact from chancery_web;
revoke insert, update, delete, truncate on directory_unitclosure, directory_formerversion from chancery_web;

revoke update on directory_unit, directory_unitterm, directory_post, directory_postterm, directory_person,
  directory_holding, directory_contact from chancery_web;
grant update (during, confirmed_on, is_void, reason, version) on directory_unit to chancery_web;
grant update (name_en, name_zh, kind, parent_id, led_by_id, position, functions_en, functions_zh, during, decision,
  keys, is_void, reason, version) on directory_unitterm to chancery_web;
grant update (is_public, during, is_void, reason, version) on directory_post to chancery_web;
grant update (title_en, title_zh, heading_en, heading_zh, rank, is_leading, seats, position, during, decision,
  keys, is_void, reason, version) on directory_postterm to chancery_web;
grant update (name_en, name_zh, sort_key, initials, keys, label, is_sample, reason, version)
  on directory_person to chancery_web;
grant update (person_id, post_id, seat, kind, during, decision, is_void, reason, version)
  on directory_holding to chancery_web;
grant update (kind, "use", value, value_zh, is_public, position, during, is_void, reason, version)
  on directory_contact to chancery_web;
"""

FORMER = """
create function directory_keep_former() returns trigger language plpgsql security definer
set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.version is distinct from old.version + 1 then
    raise exception using errcode = '23514', constraint = 'directory_row_changed_meanwhile', table = tg_table_name,
      message = 'a changed row carries the next version number';
  end if;
  -- people have no such column: they are never void
  if coalesce(to_jsonb(old) ->> 'is_void', 'false') = 'false' and (to_jsonb(new) ->> 'is_void') = 'true'
     and coalesce(btrim(new.reason), '') = '' then
    raise exception using errcode = '23514', constraint = 'directory_correction_has_a_reason', table = tg_table_name,
      message = 'a row is made void with a reason';
  end if;
  insert into directory_formerversion
    (row_table, row_id, version, facts, reason, replaced_at, replaced_by_person, replaced_in_post)
  values (tg_table_name, old.id, old.version, to_jsonb(old) - 'keys', new.reason, clock_timestamp(),
    chancery_person(), chancery_post());
  return null;
end $$;
"""

WATCHED = {
    # `Unit` and `Post` repeat today's term: only what is theirs counts as a change.
    "unit": "old.during, old.confirmed_on, old.is_void, old.reason, old.version",
    "post": "old.is_public, old.during, old.is_void, old.reason, old.version",
    "unitterm": None,
    "postterm": None,
    # Publication is kept by the database and is no edit.
    "person": "old.name_en, old.name_zh, old.label, old.is_sample, old.reason, old.version",
    "holding": None,
    "contact": None,
}


def _trigger(table, columns):
    changed = (
        f"({columns}) is distinct from ({columns.replace('old.', 'new.')})" if columns else "old.* is distinct from new.*"
    )
    return (
        f"create trigger directory_{table}_keep_former after update on directory_{table} "
        f"for each row when ({changed}) execute function directory_keep_former();"
    )


TRIGGERS = "\n".join(_trigger(table, columns) for table, columns in WATCHED.items())


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(
            FORMER + TRIGGERS,
            "\n".join(f"drop trigger directory_{t}_keep_former on directory_{t};" for t in WATCHED)
            + "drop function directory_keep_former();",
        ),
    ]
