"""Who sees visits, ties and likeness; queue numbers without a gap; readers and bars of what is merged; search."""

from django.db import migrations

SYSTEM = "(select chancery_is_system())"
SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
OF_PETITION = "exists (select 1 from general_office_petition p where p.id = petition_id)"
OF_PLACE = "exists (select 1 from general_office_petitionplace l where l.id = place_id)"
TABLES = {
    "petitionplace": SEEN,
    "petitionhours": OF_PLACE,
    "petitionroom": OF_PLACE,
    "petitionvisit": f"{OF_PLACE} and (petition_id is null or {OF_PETITION})",
    "petitionarrival": OF_PETITION,
    "petitionlikeness": OF_PETITION,
    "petitiontie": f"{OF_PETITION} and exists (select 1 from general_office_petition o where o.id = other_id)",  # noqa: S608 - our own names
}

POLICIES = "".join(
    f"""
alter table general_office_{table} enable row level security;
create policy {table}_seen on general_office_{table} to chancery_web using ({SYSTEM} or {law});
revoke delete, truncate on general_office_{table} from chancery_web;
"""
    for table, law in TABLES.items()
)

RIGHTS = """
revoke update on general_office_petitionplace, general_office_petitionhours, general_office_petitionroom,
    general_office_petitionvisit, general_office_petitionarrival, general_office_petitiontie from chancery_web;
grant update (until) on general_office_petitionplace, general_office_petitionhours to chancery_web;
grant update (ended_on) on general_office_petitionroom to chancery_web;
grant update (room_id, called_at, called_person_id, begun_at, ended_at, "end", petition_id)
    on general_office_petitionvisit to chancery_web;
grant update (receipt_given, receipt_given_at) on general_office_petitionarrival to chancery_web;
grant update (ended_at, ended_person_id, end_reason) on general_office_petitiontie to chancery_web;
"""

# The next number of a place and day: who takes one holds the place, so that there is neither a gap nor a second.
VISITS = """
create function general_office_petition_visit_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.called_at is not null or new.ended_at is not null then
            raise exception 'a visit begins with arriving' using errcode = 'check_violation';
        end if;
        perform 1 from general_office_petitionplace where id = new.place_id for update;
        new.number := 1 + coalesce((select max(v.number) from general_office_petitionvisit v
                                    where v.place_id = new.place_id and v.day = new.day), 0);
        return new;
    end if;
    if old.ended_at is not null or old.called_at is not null and new.called_at is distinct from old.called_at
            or old.begun_at is not null and new.begun_at is distinct from old.begun_at
            or old.petition_id is not null and new.petition_id is distinct from old.petition_id then
        raise exception 'what happened at a visit stays' using errcode = 'check_violation';
    end if;
    if new.room_id is not null and not exists (select 1 from general_office_petitionroom r
                                               where r.id = new.room_id and r.place_id = new.place_id) then
        raise exception 'the room is at another place' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
revoke all on function general_office_petition_visit_kept() from public;
create trigger general_office_petition_visit_kept before insert or update on general_office_petitionvisit
    for each row execute function general_office_petition_visit_kept();
"""

# Petitions that are merged are one case: whoever reads one reads all, whoever is kept from one is kept from all. What
# is shared is marked, follows every change of the originals, and ends with the merging.
SHARING = """
create function general_office_petition_share(p_leading bigint) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_guards bigint[] := array(select p.guard_id from general_office_petition p
                               where p.id = p_leading or p.merged_into_id = p_leading);
begin
    with wanted as (
        select distinct b.person_id, b.unit_id from access_guardbar b
        where b.guard_id = any (v_guards) and b.ended_at is null and b.how <> 'merged'
    )
    insert into access_guardbar (guard_id, person_id, unit_id, how, since)
    select g, w.person_id, w.unit_id, 'merged', now() from unnest(v_guards) g, wanted w
    where cardinality(v_guards) > 1 and not exists (
        select 1 from access_guardbar h where h.guard_id = g and h.ended_at is null
            and h.person_id is not distinct from w.person_id and h.unit_id is not distinct from w.unit_id);
    update access_guardbar h set ended_at = greatest(now(), h.since)
    where h.guard_id = any (v_guards) and h.how = 'merged' and h.ended_at is null
      and (cardinality(v_guards) = 1 or not exists (
        select 1 from access_guardbar b where b.guard_id = any (v_guards) and b.ended_at is null and b.how <> 'merged'
            and b.person_id is not distinct from h.person_id and b.unit_id is not distinct from h.unit_id));
    with wanted as (
        select distinct r.post_id, r.role, r.unit_id from access_guardreader r
        where r.guard_id = any (v_guards) and r.ended_at is null and r.how <> 'merged'
    )
    insert into access_guardreader (guard_id, post_id, role, unit_id, how, since)
    select g, w.post_id, w.role, w.unit_id, 'merged', now() from unnest(v_guards) g, wanted w
    where cardinality(v_guards) > 1 and not exists (
        select 1 from access_guardreader h where h.guard_id = g and h.ended_at is null
            and h.post_id is not distinct from w.post_id and h.role is not distinct from w.role
            and h.unit_id is not distinct from w.unit_id)
    on conflict do nothing;
    update access_guardreader h set ended_at = greatest(now(), h.since)
    where h.guard_id = any (v_guards) and h.how = 'merged' and h.ended_at is null
      and (cardinality(v_guards) = 1 or not exists (
        select 1 from access_guardreader r
        where r.guard_id = any (v_guards) and r.ended_at is null and r.how <> 'merged'
            and r.post_id is not distinct from h.post_id and r.role is not distinct from h.role
            and r.unit_id is not distinct from h.unit_id));
end
$$;

create function general_office_petition_shared() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform general_office_petition_share(one.leading) from (
        select distinct coalesce(p.merged_into_id, p.id) as leading
        from changed c join general_office_petition p on p.guard_id = c.guard_id
        where c.how <> 'merged' and (p.merged_into_id is not null
            or exists (select 1 from general_office_petition m where m.merged_into_id = p.id))
    ) one;
    return null;
end
$$;
create function general_office_petition_regrouped() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform general_office_petition_share(one.leading) from (
        select distinct unnest(array[b.merged_into_id, a.merged_into_id,
                                     case when a.merged_into_id is null then a.id end]) as leading
        from after a join before b on b.id = a.id where a.merged_into_id is distinct from b.merged_into_id
    ) one where one.leading is not null;
    return null;
end
$$;
-- One step deep: what is merged into another takes nothing in, and leads no others.
create function general_office_petition_one_deep() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if exists (select 1 from general_office_petition m where m.merged_into_id = new.id)
       or exists (select 1 from general_office_petition l where l.id = new.merged_into_id
                  and l.merged_into_id is not null) then
        raise exception 'petitions are merged one deep' using errcode = 'check_violation';
    end if;
    return null;
end
$$;
revoke all on function general_office_petition_share, general_office_petition_shared,
    general_office_petition_regrouped, general_office_petition_one_deep from public;
create trigger general_office_petition_regrouped after update on general_office_petition
    referencing old table as before new table as after
    for each statement execute function general_office_petition_regrouped();
create constraint trigger general_office_petition_one_deep after update on general_office_petition
    for each row when (new.merged_into_id is not null and new.merged_into_id is distinct from old.merged_into_id)
    execute function general_office_petition_one_deep();
create trigger general_office_petition_bars_new after insert on access_guardbar
    referencing new table as changed for each statement execute function general_office_petition_shared();
create trigger general_office_petition_bars_ended after update on access_guardbar
    referencing new table as changed for each statement execute function general_office_petition_shared();
create trigger general_office_petition_readers_new after insert on access_guardreader
    referencing new table as changed for each statement execute function general_office_petition_shared();
create trigger general_office_petition_readers_ended after update on access_guardreader
    referencing new table as changed for each statement execute function general_office_petition_shared();
"""

# `&&` under row security asks the policy of every row; here the index answers, and row security decides afterwards
# which of the petitions found the actor sees. The planner, who takes each number for a common one, would read the whole
# table; so it is told not to.
LIKENESS = """
create function general_office_petition_alike(p_bands bigint[], p_but bigint, p_since date, p_most int)
returns table (petition_id bigint)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set enable_seqscan = off as $$
#variable_conflict use_column
begin
    if not general_office_petition_may_seal() then
        return;
    end if;
    return query
    with found as materialized (
        select l.petition_id from general_office_petitionlikeness l where l.bands && p_bands
    )
    select f.petition_id from found f
    where f.petition_id <> p_but and (p_since is null or exists (
        select 1 from general_office_petition p where p.id = f.petition_id and p.received_on >= p_since))
    order by f.petition_id desc limit p_most;
end
$$;
revoke all on function general_office_petition_alike from public;
grant execute on function general_office_petition_alike to chancery_web;
"""

DOWN = """
drop function general_office_petition_alike;
drop trigger general_office_petition_readers_ended on access_guardreader;
drop trigger general_office_petition_readers_new on access_guardreader;
drop trigger general_office_petition_bars_ended on access_guardbar;
drop trigger general_office_petition_bars_new on access_guardbar;
drop trigger general_office_petition_one_deep on general_office_petition;
drop trigger general_office_petition_regrouped on general_office_petition;
drop function general_office_petition_one_deep, general_office_petition_regrouped, general_office_petition_shared,
    general_office_petition_share;
drop trigger general_office_petition_visit_kept on general_office_petitionvisit;
drop function general_office_petition_visit_kept;
""" + "".join(f"drop policy {table}_seen on general_office_{table};" for table in TABLES)


class Migration(migrations.Migration):
    """Policies, rights, triggers, the search."""

    dependencies = [("general_office", "0032_petition_desk")]
    operations = [migrations.RunSQL(POLICIES + RIGHTS + VISITS + SHARING + LIKENESS, DOWN)]
