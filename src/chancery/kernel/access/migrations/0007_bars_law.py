"""Narrow guards, and who is barred from one: the law of visibility with both, asked from either side."""

from importlib import import_module

from django.db import migrations

first = import_module("chancery.kernel.access.migrations.0002_row_security")
readings = import_module("chancery.kernel.access.migrations.0005_readings_law")

# A person is barred in whichever post they act: their units are those of all posts they hold today, and those above.
BARS = r"""
create function access_my_units_above() returns bigint[]
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    return coalesce((select array_agg(distinct c.ancestor_id)
                     from directory_holding h join directory_post p on p.id = h.post_id
                     join directory_unitclosure c on c.descendant_id = p.unit_id
                     where h.person_id = chancery_person() and h.during @> chancery_today()), '{}');
end
$$;
-- For functions of the owner, which ask about one guard at a time.
create function access_is_barred(g access_guard) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as
$$
    select (g.barred_people <> '{}' and g.barred_people @> array[chancery_person()])
        or (g.barred_units <> '{}' and g.barred_units && access_my_units_above())
$$;
revoke all on function access_my_units_above, access_is_barred from public;
grant execute on function access_my_units_above, access_is_barred to chancery_web;

alter table access_guardbar enable row level security;
revoke update, delete, truncate on access_guardbar from chancery_web;
grant update (ended_at) on access_guardbar to chancery_web;
create policy access_guardbar_seen on access_guardbar for select to chancery_web
    using ((select chancery_is_system()) or exists (select 1 from access_guard g where g.id = guard_id));
create policy access_guardbar_added on access_guardbar for insert to chancery_web
    with check ((select chancery_is_system()) or exists (select 1 from access_guard g where g.id = guard_id));
-- Whoever sees a thing may keep somebody from it; that it ends is decided by the verb that began it, by its own hand.
create policy access_guardbar_lifted on access_guardbar for update to chancery_web
    using ((select chancery_is_system()));

create function access_repeat_bars() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
begin
    update access_guard g
    set barred_people = array(select distinct b.person_id from access_guardbar b
                              where b.guard_id = g.id and b.ended_at is null and b.person_id is not null),
        barred_units = array(select distinct b.unit_id from access_guardbar b
                             where b.guard_id = g.id and b.ended_at is null and b.unit_id is not null)
    where g.id in (select guard_id from changed);
    return null;
end
$$;
create trigger access_guardbar_repeat_new after insert on access_guardbar
    referencing new table as changed for each statement execute function access_repeat_bars();
create trigger access_guardbar_repeat_lifted after update on access_guardbar
    referencing new table as changed for each statement execute function access_repeat_bars();

create function access_no_bars_yet() returns trigger language plpgsql as
$$ begin new.barred_people := '{}'; new.barred_units := '{}'; return new; end $$;
create trigger access_guard_no_bars_yet before insert on access_guard
    for each row when (new.barred_people <> '{}' or new.barred_units <> '{}')
    execute function access_no_bars_yet();
"""
BARS_DOWN = """
drop trigger access_guard_no_bars_yet on access_guard;
drop trigger access_guardbar_repeat_lifted on access_guardbar;
drop trigger access_guardbar_repeat_new on access_guardbar;
drop policy access_guardbar_lifted on access_guardbar;
drop policy access_guardbar_added on access_guardbar;
drop policy access_guardbar_seen on access_guardbar;
drop function access_no_bars_yet, access_repeat_bars, access_is_barred, access_my_units_above;
"""

_OVERSEEN = "or unit_id <@ (select access_sight_units())"
_SCOPED = "array[scope || '/p/' || opened_post_id, scope || '/u/' || unit_id]"
_BEGINS = "or (label <= (select chancery_clearance()) and ("


def policy(name: str, following: str) -> str:
    """A policy of migration 0002, as it stands there."""
    start = first.GUARD.index(f"create policy {name} ")
    return str(first.GUARD[start : first.GUARD.index(f"create policy {following} ")])


def swapped(text: str, *pairs: tuple[str, str]) -> str:
    """With each phrase in its new form; each must be there."""
    for old, new in pairs:
        if old not in text:
            raise ValueError(f"the law has changed: {old}")
        text = text.replace(old, new)
    return text


_NOT_BARRED = """or (label <= (select chancery_clearance())
        and (barred_people = '{}' or not coalesce((select chancery_person()) = any (barred_people), false))
        and (barred_units = '{}' or not barred_units && (select access_my_units_above())) and ("""
SEEN = swapped(
    policy("access_guard_seen", "access_guard_opened"),
    (_BEGINS, _NOT_BARRED),
    (_OVERSEEN, "or (not is_narrow and unit_id <@ (select access_sight_units()))"),
    (
        _SCOPED,
        "array[scope || '/p/' || opened_post_id, case when not is_narrow then scope || '/u/' || unit_id end]",
    ),
)
WHO = swapped(
    readings.WHO,
    ("create function access_who_sees", "create or replace function access_who_sees"),
    ("where a.is_active and a.clearance >= v.label",
     "where a.is_active and a.clearance >= v.label\n"
     "          and not coalesce(a.person_id = any (v.barred_people), false)\n"
     "          and not exists (select 1 from directory_holding o join directory_post q on q.id = o.post_id\n"
     "                          join directory_unitclosure k on k.descendant_id = q.unit_id\n"
     "                          where o.person_id = a.person_id and o.during @> v_today\n"
     "                            and k.ancestor_id = any (v.barred_units))"),
    ("where g.role in ('head', 'registrar')", "where g.role in ('head', 'registrar') and not v.is_narrow"),
)  # fmt: skip
WHO = WHO[: WHO.index("revoke all on function access_note_reading")]
WHO = WHO[WHO.index("create or replace function access_who_sees") :]


class Migration(migrations.Migration):
    """The policy anew."""

    dependencies = [("access", "0006_bars")]
    operations = [
        migrations.RunSQL(
            BARS + "drop policy access_guard_seen on access_guard;" + SEEN + WHO,
            "drop policy access_guard_seen on access_guard;"
            + policy("access_guard_seen", "access_guard_opened")
            + readings.WHO[: readings.WHO.index("revoke all on function access_note_reading")].replace(
                "create function access_who_sees", "create or replace function access_who_sees"
            )
            + BARS_DOWN,
        )
    ]
