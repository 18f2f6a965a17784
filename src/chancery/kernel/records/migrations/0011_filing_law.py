"""Filing in sets: numbers in blocks, the guard that catalogue lines share, and what the database demands of an item."""

import django.db.models.deletion
from django.db import migrations, models

CATALOGUE = """
revoke insert, update, delete, truncate on records_catalogueguard from chancery_web;

-- The guard under which all staff may know of a fonds' ordinary items; made when it is first wanted.
create function records_catalogue_guard(p_fonds bigint, p_label int) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_guard bigint;
    v_unit bigint;
begin
    if chancery_kind() not in ('PERSON', 'SYSTEM') or p_label not in (0, 10) then
        raise exception 'a shared line of the catalogue is for staff, and for what is no more than internal'
            using errcode = 'insufficient_privilege';
    end if;
    select guard_id into v_guard from records_catalogueguard where fonds_id = p_fonds and label = p_label;
    if found then
        return v_guard;
    end if;
    perform pg_advisory_xact_lock(7240812, p_fonds::int);
    select guard_id into v_guard from records_catalogueguard where fonds_id = p_fonds and label = p_label;
    if found then
        return v_guard;
    end if;
    select keeper_unit_id into strict v_unit from records_fonds where id = p_fonds;
    -- The catalogue is for staff; what is open to the public is said by the item itself.
    insert into access_guard (unit_id, label, scope, is_public) values (v_unit, 10, '', true) returning id into v_guard;
    insert into records_catalogueguard (fonds_id, label, guard_id) values (p_fonds, p_label, v_guard);
    return v_guard;
end
$$;

-- Thousands of lines hang on it: it is neither relabelled nor moved nor closed.
create function records_catalogueguard_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if (new.unit_id, new.label, new.is_public) is distinct from (old.unit_id, old.label, old.is_public)
            and exists (select 1 from records_catalogueguard c where c.guard_id = old.id) then
        raise exception 'the guard of the catalogue stays as it is' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_catalogueguard_kept before update of unit_id, label, is_public on access_guard
    for each row execute function records_catalogueguard_kept();
"""

NUMBERS = """
-- A block of numbers, one for each subject in their order: the counter moves once, and back with a rollback.
create function records_issue_numbers(
    p_series text, p_year int, p_before text, p_width int, p_after text, p_subjects text[], p_guards bigint[],
    p_at timestamptz
) returns table (id bigint, value int, number_text text)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    v_many int := cardinality(p_subjects);
    v_last int;
begin
    if chancery_kind() not in ('PERSON', 'SYSTEM') then
        raise exception 'only staff issue numbers' using errcode = 'insufficient_privilege';
    end if;
    if v_many = 0 or cardinality(p_guards) is distinct from v_many then
        raise exception 'a block of numbers needs its subjects and a guard for each' using errcode = 'check_violation';
    end if;
    insert into records_seriescounter as c (series, year, last) values (p_series, p_year, v_many)
        on conflict (series, year) do update set last = c.last + v_many
        returning c.last into v_last;
    return query
    insert into records_issuednumber as n (
        series, year, value, text, state, subject, guard_id, issued_at, issued_person_id, issued_post_id, void_reason)
    select p_series, p_year, v.value,
           p_before || lpad(v.value::text, greatest(p_width, length(v.value::text)), '0') || p_after,
           'ISSUED', v.subject, v.guard_id, p_at, chancery_person(), chancery_post(), ''
    from (select u.subject, u.guard_id, v_last - v_many + u.place::int as value
          from unnest(p_subjects, p_guards) with ordinality as u (subject, guard_id, place)) v
    order by v.value
    returning n.id, n.value, n.text::text;
end
$$;
"""

ITEM = """
-- An item bears the number it was given; its line is shared only while it is ordinary.
create function records_items_guarded() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_code text;
begin
    select i.code into v_code
    from fresh i
    left join records_issuednumber n on n.id = i.number_id
    left join records_catalogueguard c on c.guard_id = i.guard_id
    left join access_guard g on g.id = i.content_guard_id
    where n.text is distinct from i.code or n.value is distinct from i.item_number or n.year is distinct from i.year
       or n.state <> 'ISSUED' or n.subject is distinct from 'records.archivalitem:' || i.id
       or (i.guard_id <> i.content_guard_id
           and (c.fonds_id is distinct from i.fonds_id or i.label > 10 or g.label > 10))
    limit 1;
    if found then
        raise exception 'item % bears a number that is not its own, or shows to more people than it may', v_code
            using errcode = 'check_violation';
    end if;
    return null;
end
$$;
create trigger records_items_guarded after insert on records_archivalitem
    referencing new table as fresh for each statement execute function records_items_guarded();

-- Who may read is said by the guard of the content; an item does not go to another one.
revoke update (content_guard_id) on records_archivalitem from chancery_web;

create function records_item_described() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.guard_id <> old.guard_id and new.guard_id <> new.content_guard_id and (new.label > 10 or not exists (
            select 1 from records_catalogueguard c where c.guard_id = new.guard_id and c.fonds_id = new.fonds_id)) then
        raise exception 'the line of item % would show to more people than it may', old.code
            using errcode = 'check_violation';
    end if;
    if new.label > 10 and new.guard_id <> new.content_guard_id then
        raise exception 'the line of restricted item % is for those who may read it', old.code
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_item_described before update of guard_id, label on records_archivalitem
    for each row execute function records_item_described();

-- Once handed over the description stands; functions of the owner blank it when the item is destroyed.
create function records_item_description_kept() returns trigger language plpgsql as $$
begin
    if old.state <> 'FILED' and current_user = 'chancery_web'
       and (new.title, new.author, new.document_number, new.dated_on, new.page_count, new.note, new.matter_number)
           is distinct from (old.title, old.author, old.document_number, old.dated_on, old.page_count, old.note,
                             old.matter_number) then
        raise exception 'item % was handed over: its description stands', old.code using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_item_description_kept
    before update of title, author, document_number, dated_on, page_count, note, matter_number on records_archivalitem
    for each row execute function records_item_description_kept();

revoke all on function records_catalogue_guard(bigint, int), records_catalogueguard_kept, records_items_guarded,
    records_item_described,
    records_issue_numbers(text, int, text, int, text, text[], bigint[], timestamptz) from public;
grant execute on function records_catalogue_guard(bigint, int),
    records_issue_numbers(text, int, text, int, text, text[], bigint[], timestamptz) to chancery_web;
"""

DOWN = """
drop trigger records_item_description_kept on records_archivalitem;
drop function records_item_description_kept();
drop trigger records_item_described on records_archivalitem;
drop function records_item_described();
grant update (content_guard_id) on records_archivalitem to chancery_web;
drop trigger records_items_guarded on records_archivalitem;
drop function records_items_guarded();
drop function records_issue_numbers(text, int, text, int, text, text[], bigint[], timestamptz);
drop trigger records_catalogueguard_kept on access_guard;
drop function records_catalogueguard_kept();
drop function records_catalogue_guard(bigint, int);
"""


class Migration(migrations.Migration):
    """One table, six functions."""

    dependencies = [("records", "0010_search_facets"), ("access", "0003_own_rows")]
    operations = [
        migrations.CreateModel(
            name="CatalogueGuard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "label",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "PUBLIC"), (10, "INTERNAL"), (20, "RESTRICTED"), (30, "CONFIDENTIAL")]
                    ),
                ),
                (
                    "fonds",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.fonds"
                    ),
                ),
                (
                    "guard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.guard"
                    ),
                ),
            ],
            options={
                "db_table": "records_catalogueguard",
                "constraints": [models.UniqueConstraint(fields=("fonds", "label"), name="records_catalogueguard_once")],
            },
        ),
        migrations.RunSQL(CATALOGUE + NUMBERS + ITEM, DOWN),
    ]
