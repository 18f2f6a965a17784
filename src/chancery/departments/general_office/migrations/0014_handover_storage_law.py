"""Who sees hand-over lists and places of the archive, and what of them the database keeps whoever asks."""

from django.db import migrations

SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"

GUARDED = ("handoverduty", "handoverlist", "storageplace", "stocktake")
# A row of a list shows to those who see the list and may know of the item.
PARTS = {
    "handoverrow": "exists (select 1 from general_office_handoverlist l where l.id = list_id)"
    " and exists (select 1 from records_archivalitem i where i.id = item_id)",
    "handovercheck": "exists (select 1 from general_office_handoverrow r where r.id = row_id)",
    "boxplacing": "exists (select 1 from general_office_storageplace p where p.id = place_id)",
    "stocktakeexpected": "exists (select 1 from general_office_stocktake s where s.id = stocktake_id)",
    "stocktakecount": "exists (select 1 from general_office_stocktake s where s.id = stocktake_id)",
}
POLICIES = {**dict.fromkeys(GUARDED, SEEN), **PARTS}

ROW_SECURITY = "".join(
    f"""
alter table general_office_{table} enable row level security;
create policy {table}_seen on general_office_{table} to chancery_web using ({SYSTEM} or ({law}));
"""
    for table, law in POLICIES.items()
)

LAW = """
-- What was handed over under a signature stays; only a draft disappears.
create function general_office_handover_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.state <> 'DRAFT' then
            raise exception 'hand-over list % was signed and stays', old.number using errcode = 'check_violation';
        end if;
        return old;
    end if;
    if (new.guard_id, new.unit_id, new.fonds_id, new.keeper_unit_id, new.made_at)
            is distinct from (old.guard_id, old.unit_id, old.fonds_id, old.keeper_unit_id, old.made_at)
        or (old.state <> 'DRAFT' and (new.number, new.offered_at, new.offered_person_id, new.offered_post_id)
            is distinct from (old.number, old.offered_at, old.offered_person_id, old.offered_post_id)) then
        raise exception 'what hand-over list % is stays as it was signed', old.number using errcode = 'check_violation';
    end if;
    if new.state <> old.state and not (
            (old.state = 'DRAFT' and new.state = 'OFFERED')
            or (old.state = 'OFFERED' and new.state in ('TAKEN', 'RETURNED', 'RECALLED'))) then
        raise exception 'hand-over list % does not go from % to %', old.number, old.state, new.state
            using errcode = 'check_violation';
    end if;
    if old.state in ('TAKEN', 'RETURNED', 'RECALLED') and (new.ended_at, new.ended_person_id, new.ended_post_id)
            is distinct from (old.ended_at, old.ended_person_id, old.ended_post_id) then
        raise exception 'hand-over list % has ended and stays so', old.number using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_handover_kept before update or delete on general_office_handoverlist
    for each row execute function general_office_handover_kept();

create function general_office_handover_row_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_state text;
begin
    select state into v_state from general_office_handoverlist
    where id = case tg_op when 'DELETE' then old.list_id else new.list_id end;
    if tg_op in ('INSERT', 'DELETE') then
        if v_state is distinct from 'DRAFT' then
            raise exception 'the items of a list that was handed over stay' using errcode = 'check_violation';
        end if;
        return case tg_op when 'DELETE' then old else new end;
    end if;
    if (new.list_id, new.item_id) is distinct from (old.list_id, old.item_id) or new.round < old.round
        or (old.state <> 'WAITING' and (new.state, new.reason, new.decided_at, new.decided_person_id, new.worst, new.round)
            is distinct from (old.state, old.reason, old.decided_at, old.decided_person_id, old.worst, old.round))
        or (new.state <> old.state and v_state <> 'OFFERED') then
        raise exception 'what was decided of an item of a list stays' using errcode = 'check_violation';
    end if;
    if new.state = 'ACCEPTED' and old.state <> 'ACCEPTED' and (
            new.round = 0
            or exists (select 1 from general_office_handovercheck c
                       where c.row_id = new.id and c.round = new.round and c.result = 'FAIL')
            or not exists (select 1 from general_office_handovercheck c where c.row_id = new.id and c.round = new.round)
            ) then
        raise exception 'an item is accepted after its four checks, none of them failed'
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;
revoke all on function general_office_handover_row_kept() from public;
create trigger general_office_handover_row_kept before insert or update or delete on general_office_handoverrow
    for each row execute function general_office_handover_row_kept();

-- Where a box stood is a log: an entry is ended, never rewritten.
create function general_office_placing_kept() returns trigger language plpgsql as $$
begin
    if old.until is not null and new.until is distinct from old.until then
        raise exception 'where a box stood stays written' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_placing_kept before update on general_office_boxplacing
    for each row execute function general_office_placing_kept();

-- Nothing is counted into a stocktake that has ended; what was signed off stays.
create function general_office_stocktake_counting() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if (select state from general_office_stocktake where id = new.stocktake_id) is distinct from 'OPEN' then
        raise exception 'the counting of this stocktake has ended' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
revoke all on function general_office_stocktake_counting() from public;
create trigger general_office_stocktake_counting before insert on general_office_stocktakecount
    for each row execute function general_office_stocktake_counting();
create function general_office_stocktake_kept() returns trigger language plpgsql as $$
begin
    if old.state in ('SIGNED', 'CANCELLED') or new.place_id <> old.place_id or new.opened_at <> old.opened_at then
        raise exception 'a stocktake that was signed off or given up stays' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_stocktake_kept before update on general_office_stocktake
    for each row execute function general_office_stocktake_kept();

revoke truncate on general_office_handoverlist, general_office_handoverrow from chancery_web;
revoke update, delete, truncate on general_office_handovercheck, general_office_boxplacing,
    general_office_stocktakeexpected, general_office_stocktakecount from chancery_web;
revoke delete, truncate on general_office_handoverduty, general_office_storageplace, general_office_stocktake
    from chancery_web;
grant update (until) on general_office_boxplacing to chancery_web;
"""

DOWN = """
drop trigger general_office_stocktake_kept on general_office_stocktake;
drop function general_office_stocktake_kept();
drop trigger general_office_stocktake_counting on general_office_stocktakecount;
drop function general_office_stocktake_counting();
drop trigger general_office_placing_kept on general_office_boxplacing;
drop function general_office_placing_kept();
drop trigger general_office_handover_row_kept on general_office_handoverrow;
drop function general_office_handover_row_kept();
drop trigger general_office_handover_kept on general_office_handoverlist;
drop function general_office_handover_kept();
""" + "".join(
    f"drop policy {table}_seen on general_office_{table};"
    f" alter table general_office_{table} disable row level security;\n"
    for table in reversed(POLICIES)
)


class Migration(migrations.Migration):
    """Row security and the law of handing over and storing."""

    dependencies = [
        ("general_office", "0013_handover_storage"),
        ("records", "0009_archive_law"),
        ("access", "0002_row_security"),
    ]
    operations = [migrations.RunSQL(ROW_SECURITY + LAW, DOWN)]
