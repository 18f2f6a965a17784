"""The law of the archive, kept by the database: who sees what, that a plan once approved stands, that an item stays,
that its period only grows, that a hold once placed is lifted and never forgotten."""

from django.db import migrations

SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"
STAFF = "(select chancery_kind()) in ('PERSON', 'SYSTEM')"

ROW_SECURITY = f"""
alter table records_archivalitem enable row level security;
create policy records_archivalitem_seen on records_archivalitem to chancery_web using ({SYSTEM} or {SEEN});

-- The parts show to those who may read, not to all who may know.
alter table records_itempart enable row level security;
create policy records_itempart_seen on records_itempart to chancery_web
    using ({SYSTEM} or exists (select 1 from records_archivalitem i join access_guard g on g.id = i.content_guard_id
                               where i.id = item_id));

alter table records_hold enable row level security;
create policy records_hold_seen on records_hold to chancery_web using ({SYSTEM} or {SEEN});
alter table records_holdcover enable row level security;
create policy records_holdcover_seen on records_holdcover to chancery_web
    using ({SYSTEM} or exists (select 1 from records_hold h where h.id = hold_id));
""" + "".join(
    f"""
alter table {table} enable row level security;
create policy {table}_seen on {table} to chancery_web using ({STAFF});
"""
    for table in ("records_fileplan", "records_retentionperiod", "records_planclass", "records_archivebox")
)

RIGHTS = """
revoke delete, truncate on records_fonds, records_fileplan, records_archivebox from chancery_web;
revoke truncate on records_retentionperiod, records_planclass from chancery_web;
revoke update, delete, truncate on records_archivalitem, records_itempart, records_hold, records_holdcover
    from chancery_web;
-- Its code, number, class, period and subject are what an item is; state DESTROYED comes from functions of the owner.
grant update (guard_id, content_guard_id, title, author, document_number, dated_on, page_count, label, note,
              matter_number, carrier, state, held_at, opens_on, box_id, version) on records_archivalitem to chancery_web;
grant update (review_on, lifted_at, lifted_person_id, lifted_reason, version) on records_hold to chancery_web;
"""

PLAN = """
-- A plan under approval or approved is not changed: a change is a new version.
create function records_fileplan_kept() returns trigger language plpgsql as $$
begin
    if old.state in ('APPROVED', 'WITHDRAWN')
        and (new.fonds_id, new.number, new.profile, new.state, new.valid_from, new.approved_at, new.approved_person_id,
             new.approval_number, new.made_person_id)
            is distinct from (old.fonds_id, old.number, old.profile, old.state, old.valid_from, old.approved_at,
             old.approved_person_id, old.approval_number, old.made_person_id) then
        raise exception 'version % of the file plan was decided and stays', old.number using errcode = 'check_violation';
    end if;
    if new.state = 'APPROVED' and old.state <> 'APPROVED' then
        if old.state <> 'SUBMITTED' then
            raise exception 'a file plan is approved after it was submitted' using errcode = 'check_violation';
        end if;
        if new.approved_person_id is not distinct from new.made_person_id and new.made_person_id is not null then
            raise exception 'nobody approves the file plan he made himself' using errcode = 'check_violation';
        end if;
    end if;
    return new;
end
$$;
create trigger records_fileplan_kept before update on records_fileplan
    for each row execute function records_fileplan_kept();

create function records_fileplan_born() returns trigger language plpgsql as $$
begin
    if new.state <> 'DRAFT' and not chancery_is_system() then
        raise exception 'a file plan begins as a draft' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_fileplan_born before insert on records_fileplan
    for each row execute function records_fileplan_born();

create function records_plan_parts_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_plan bigint;
begin
    foreach v_plan in array case tg_op when 'INSERT' then array[new.plan_id] when 'DELETE' then array[old.plan_id]
                                       else array[old.plan_id, new.plan_id] end loop
        if exists (select 1 from records_fileplan p where p.id = v_plan and p.state <> 'DRAFT')
                and not (tg_op = 'INSERT' and chancery_is_system()) then
            raise exception 'this version of the file plan is no draft any more' using errcode = 'check_violation';
        end if;
    end loop;
    return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger records_planclass_kept before insert or update or delete on records_planclass
    for each row execute function records_plan_parts_kept();
create trigger records_retentionperiod_kept before insert or update or delete on records_retentionperiod
    for each row execute function records_plan_parts_kept();
"""

ITEM = """
-- How long a period of a plan lasts, from the first day; null is for good.
create function records_period_end(p_plan bigint, p_period text, p_from date) returns date
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_years int;
begin
    select years into strict v_years from records_retentionperiod where plan_id = p_plan and code = p_period;
    return (p_from + make_interval(years => v_years))::date - 1;
exception when no_data_found then
    raise exception 'the file plan knows no period %', p_period using errcode = 'check_violation';
end
$$;

-- An item is filed under a leaf of its fonds' plan, for that class's period or a longer one, reckoned from 1 January after
-- its year. A statement's rows are judged together: eighteen thousand are filed at once.
create function records_items_lawful() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_code text;
begin
    select n.code into v_code
    from fresh n
    left join records_planclass c on c.id = n.plan_class_id
    left join records_fileplan f on f.id = c.plan_id
    left join records_retentionperiod chosen on chosen.plan_id = c.plan_id and chosen.code = n.period
    left join records_retentionperiod owed on owed.plan_id = c.plan_id and owed.code = c.period
    where f.fonds_id is distinct from n.fonds_id or f.state not in ('APPROVED') or chosen.id is null or owed.id is null
       or n.retain_from <> make_date(n.year + 1, 1, 1)
       or n.retain_until is distinct from (n.retain_from + make_interval(years => chosen.years))::date - 1
       or (chosen.years is not null and (owed.years is null or owed.years > chosen.years))
    limit 1;
    if found then
        raise exception 'item % is not filed as the plan of its fonds says', v_code using errcode = 'check_violation';
    end if;
    return null;
end
$$;
create trigger records_items_lawful after insert on records_archivalitem
    referencing new table as fresh for each statement execute function records_items_lawful();

-- Whoever changes an item, the owner's functions included: what it is stays, its period only grows, its end is an end.
-- A period is moved nearer by `records_shorten_period` alone, which lays the approved decision down first.
create function records_item_kept() returns trigger language plpgsql as $$
begin
    if (new.code, new.number_id, new.fonds_id, new.category, new.year, new.unit_code, new.item_number, new.kind,
        new.filed_at, new.filed_person_id, new.retain_from)
       is distinct from (old.code, old.number_id, old.fonds_id, old.category, old.year, old.unit_code, old.item_number,
        old.kind, old.filed_at, old.filed_person_id, old.retain_from)
       or (old.subject <> '' and new.subject <> old.subject) then
        raise exception 'what item % is stays as it was filed', old.code using errcode = 'check_violation';
    end if;
    if (old.retain_until is null and new.retain_until is not null) or new.retain_until < old.retain_until then
        if current_setting('chancery.period_decision', true) is distinct from old.id::text
                or current_user = 'chancery_web' then
            raise exception 'the period of item % is not shortened', old.code using errcode = 'check_violation';
        end if;
    end if;
    if old.state in ('DESTROYED', 'TRANSFERRED') and new.state <> old.state then
        raise exception 'item % has ended and stays so', old.code using errcode = 'check_violation';
    end if;
    if new.state in ('DESTROYED', 'TRANSFERRED') and old.state <> new.state and current_user = 'chancery_web' then
        raise exception 'item % ends by its own procedure only', old.code using errcode = 'check_violation';
    end if;
    if old.state = 'HELD' and new.state in ('FILED', 'OFFERED') then
        raise exception 'item % is in the archive and does not go back', old.code using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_item_kept before update on records_archivalitem
    for each row execute function records_item_kept();

create function records_itempart_born() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if exists (select 1 from fresh p join records_archivalitem i on i.id = p.item_id
               where i.state not in ('FILED', 'OFFERED') and not chancery_is_system()) then
        raise exception 'an item in the archive takes no further part' using errcode = 'check_violation';
    end if;
    return null;
end
$$;
create trigger records_itempart_born after insert on records_itempart
    referencing new table as fresh for each statement execute function records_itempart_born();
"""

HOLD = """
create function records_hold_kept() returns trigger language plpgsql as $$
begin
    if old.lifted_at is not null and (new.lifted_at, new.lifted_person_id, new.lifted_reason, new.review_on)
            is distinct from (old.lifted_at, old.lifted_person_id, old.lifted_reason, old.review_on) then
        raise exception 'a lifted hold stays lifted' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_hold_kept before update on records_hold for each row execute function records_hold_kept();

-- Which of these items are held today, whoever asks: disposal must meet holds that the disposer may not read.
create function records_held(p_items bigint[]) returns setof bigint
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return query
    select i.id from records_archivalitem i
    where i.id = any (p_items) and exists (
        select 1 from records_hold h join records_holdcover c on c.hold_id = h.id
        where h.lifted_at is null and (
            c.item_id = i.id
            or (c.item_id is null and c.fonds_id = i.fonds_id
                and (c.class_code = '' or i.class_code = c.class_code
                     or starts_with(i.class_code, c.class_code || '.') or starts_with(i.class_code, c.class_code || '-'))
                and (c.unit_id is null or exists (select 1 from directory_unitclosure u
                                                  where u.ancestor_id = c.unit_id and u.descendant_id = i.unit_id))
                and (c.from_year is null or i.year >= c.from_year) and (c.to_year is null or i.year <= c.to_year))));
end
$$;
revoke all on function records_held(bigint[]), records_period_end(bigint, text, date), records_items_lawful,
    records_itempart_born, records_plan_parts_kept from public;
grant execute on function records_held(bigint[]), records_period_end(bigint, text, date) to chancery_web;
"""

DOWN = """
drop function records_held(bigint[]);
drop trigger records_hold_kept on records_hold;
drop function records_hold_kept();
drop trigger records_itempart_born on records_itempart;
drop function records_itempart_born();
drop trigger records_item_kept on records_archivalitem;
drop function records_item_kept();
drop trigger records_items_lawful on records_archivalitem;
drop function records_items_lawful();
drop function records_period_end(bigint, text, date);
drop trigger records_retentionperiod_kept on records_retentionperiod;
drop trigger records_planclass_kept on records_planclass;
drop function records_plan_parts_kept();
drop trigger records_fileplan_born on records_fileplan;
drop function records_fileplan_born();
drop trigger records_fileplan_kept on records_fileplan;
drop function records_fileplan_kept();
""" + "".join(
    f"drop policy {table}_seen on {table}; alter table {table} disable row level security;\n"
    for table in (
        "records_archivebox", "records_planclass", "records_retentionperiod", "records_fileplan", "records_holdcover",
        "records_hold", "records_itempart", "records_archivalitem",
    )
)


class Migration(migrations.Migration):
    """Row security, rights, triggers."""

    dependencies = [("records", "0008_archive"), ("access", "0002_row_security"), ("directory", "0001_initial")]
    operations = [migrations.RunSQL(ROW_SECURITY + RIGHTS + PLAN + ITEM + HOLD, DOWN)]
