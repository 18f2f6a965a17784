"""Who sees carriers, clearances, leavers and breaches, and what of them the database keeps whoever asks."""

from django.db import migrations

SYSTEM = "(select chancery_is_system())"
KEEPS = "(select general_office_keeps_secrets())"
ME = "(select chancery_person())"
MY_COPIES = "any ((select general_office_my_copies())::bigint[])"
MY_CARRIERS = "any ((select general_office_my_carriers())::bigint[])"

FUNCTIONS = """
create function general_office_keeps_secrets() returns boolean language sql stable as $$
    select access_holds('confidential_officer', null) or access_holds('classification_authority', null)
$$;

-- The copies a person holds, is about to receive or accompanies: by person, whichever hat.
create function general_office_my_copies() returns bigint[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select array(
        select c.id from general_office_carriercopy c where c.holder_id = chancery_person()
        union
        select l.copy_id from general_office_carrierreceiptline l
        join general_office_carrierreceipt r on r.id = l.receipt_id
        where r.state = 'OPEN' and chancery_person() in (r.giver_id, r.receiver_id, r.escort_id)
        union
        select l.copy_id from general_office_carrierdestructionline l
        join general_office_carrierdestruction d on d.id = l.destruction_id
        where d.state = 'APPROVED' and chancery_person() in (d.first_id, d.second_id))
$$;
create function general_office_my_carriers() returns bigint[]
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select array(select distinct c.carrier_id from general_office_carriercopy c
                 where c.id = any (general_office_my_copies()))
$$;

-- How many copies a person still answers for; asked by the law of holdings and of leavers.
create function general_office_copies_out(p_person bigint) returns bigint
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select count(*) from general_office_carriercopy c where c.holder_id = p_person and c.state <> 'DESTROYED'
$$;
"""

# table, who sees and writes its rows, columns that may change (none: "")
TABLES = (
    (
        "carrier",
        f"id = {MY_CARRIERS}",
        "level, classification_id, basis, approver_id, starts_on, expires_on, until_condition",
    ),
    ("carriercopy", f"id = {MY_COPIES}", "holder_id, holder_post_id, place, state, moving_id, since"),
    ("carriercopyrequest", f"asked_person_id = {ME}", "state, decided_person_id, decided_at, answer"),
    ("carrierreceipt", f"{ME} in (giver_id, receiver_id, escort_id)", "state, escorted_at, ended_at, reason"),
    (
        "carrierreceiptline",
        "exists (select 1 from general_office_carrierreceipt r where r.id = receipt_id)",
        "",
    ),
    (
        "carrierdestruction",
        f"{ME} in (first_id, second_id)",
        "state, approved_person_id, approved_at, answer, first_id, second_id, first_signed_at, second_signed_at",
    ),
    (
        "carrierdestructionline",
        "exists (select 1 from general_office_carrierdestruction d where d.id = destruction_id)",
        "",
    ),
    ("carriercount", "false", "state, closed_at, closed_person_id"),
    ("carriercountline", "false", "found, counted_at, counted_person_id"),
    (
        "personclearance",
        f"person_id = {ME} or proposed_person_id = {ME}",
        "state, decided_person_id, decided_at, answer, trained_on, review_on, ended_on, cooling_until",
    ),
    (
        "exitrequest",
        "exists (select 1 from general_office_personclearance c where c.id = clearance_id)",
        "state, decided_person_id, decided_at",
    ),
    (
        "leaving",
        f"person_id = {ME}",
        "state, handed_to_id, handed_note, cleared_at, cleared_person_id, cooling_until, last_day",
    ),
    (
        "breach",
        f"reporter_id = {ME}",
        "measures, state, reported_at, reported_to, reported_person_id, chased_at, result, closed_at, closed_person_id",
    ),
)

ROW_SECURITY = "".join(
    f"""
alter table general_office_{name} enable row level security;
create policy general_office_{name}_seen on general_office_{name} to chancery_web
    using ({SYSTEM} or {KEEPS} or {mine});
revoke update, delete, truncate on general_office_{name} from chancery_web;
"""
    + (f"grant update ({columns}) on general_office_{name} to chancery_web;\n" if columns else "")
    for name, mine, columns in TABLES
)

LAW = """
-- A copy goes to another person by a receipt which that person confirms in their own session; the highest level only
-- after a second person has confirmed the move. It is destroyed only by an approved list that two people have signed.
create function general_office_copy_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if old.state = 'DESTROYED' then
        raise exception 'copy % was destroyed and stays so', old.id using errcode = 'check_violation';
    end if;
    if new.holder_id <> old.holder_id and not exists (
        select 1 from general_office_carrierreceipt r
        join general_office_carrierreceiptline l on l.receipt_id = r.id and l.copy_id = old.id
        join general_office_carrier c on c.id = r.carrier_id
        where r.id = old.moving_id and r.state = 'OPEN' and r.giver_id = old.holder_id and r.receiver_id = new.holder_id
          and r.receiver_id = chancery_person() and (c.level <> 'TOP_SECRET' or r.escorted_at is not null)
    ) then
        raise exception 'copy % goes to somebody else only by a receipt that both sides confirm', old.id
            using errcode = 'check_violation';
    end if;
    if new.state = 'DESTROYED' and not exists (
        select 1 from general_office_carrierdestruction d
        join general_office_carrierdestructionline l on l.destruction_id = d.id and l.copy_id = old.id
        where d.state in ('APPROVED', 'DONE') and d.approved_person_id <> d.drawn_person_id
          and d.first_signed_at is not null and d.second_signed_at is not null and d.first_id <> d.second_id
    ) then
        raise exception 'copy % is destroyed only by an approved list signed by two people', old.id
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_copy_kept before update on general_office_carriercopy
    for each row execute function general_office_copy_kept();

-- Each side of a receipt speaks for itself; what is ended stays ended.
create function general_office_receipt_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_level text; v_lines bigint;
begin
    select level into v_level from general_office_carrier where id = new.carrier_id;
    if tg_op = 'INSERT' then
        if new.giver_id is distinct from chancery_person() then
            raise exception 'a receipt is begun by who gives' using errcode = 'check_violation';
        end if;
        if v_level = 'TOP_SECRET' and new.escort_id is null then
            raise exception 'the highest level is moved by two people' using errcode = 'check_violation';
        end if;
        if new.state <> 'OPEN' or new.escorted_at is not null then
            raise exception 'a receipt begins unconfirmed' using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if old.state <> 'OPEN' then
        raise exception 'receipt % is ended and stays as it is', old.id using errcode = 'check_violation';
    end if;
    if new.escorted_at is distinct from old.escorted_at
        and (old.escorted_at is not null or new.escort_id is distinct from chancery_person()) then
        raise exception 'the second person confirms for themselves, once' using errcode = 'check_violation';
    end if;
    if new.state = 'CONFIRMED' then
        select count(*) into v_lines from general_office_carrierreceiptline where receipt_id = new.id;
        if new.receiver_id is distinct from chancery_person() or v_lines <> new.count
            or (v_level = 'TOP_SECRET' and new.escorted_at is null) then
            raise exception 'receipt % is confirmed by its receiver, counted, after the second person', old.id
                using errcode = 'check_violation';
        end if;
    end if;
    return new;
end
$$;
create trigger general_office_receipt_kept before insert or update on general_office_carrierreceipt
    for each row execute function general_office_receipt_kept();

-- Drawn up, approved and signed by the people themselves, in that order; nothing is destroyed alone.
create function general_office_destruction_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'DRAWN' or new.approved_person_id is not null or new.first_signed_at is not null
            or new.second_signed_at is not null or new.drawn_person_id is distinct from chancery_person() then
            raise exception 'a destruction list begins as drawn up' using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if old.state in ('DONE', 'REFUSED') then
        raise exception 'destruction list % is ended', old.id using errcode = 'check_violation';
    end if;
    if new.approved_person_id is distinct from old.approved_person_id
        and (old.approved_person_id is not null or new.approved_person_id is distinct from chancery_person()
             or not access_holds('classification_authority', null)) then
        raise exception 'the classification authority approves, once, for itself' using errcode = 'check_violation';
    end if;
    if (new.first_signed_at is distinct from old.first_signed_at
            and (old.first_signed_at is not null or new.first_id is distinct from chancery_person()))
        or (new.second_signed_at is distinct from old.second_signed_at
            and (old.second_signed_at is not null or new.second_id is distinct from chancery_person()))
        or (old.first_signed_at is not null and new.first_id is distinct from old.first_id)
        or (old.second_signed_at is not null and new.second_id is distinct from old.second_id) then
        raise exception 'each of the two signs for themselves' using errcode = 'check_violation';
    end if;
    if (new.first_signed_at is not null or new.second_signed_at is not null) and old.state <> 'APPROVED' then
        raise exception 'signed before it was approved' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_destruction_kept before insert or update on general_office_carrierdestruction
    for each row execute function general_office_destruction_kept();

-- Copies are put on a list only while it is drawn up.
create function general_office_destruction_line_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (select 1 from general_office_carrierdestruction d
                   where d.id = new.destruction_id and d.state = 'DRAWN') then
        raise exception 'an approved destruction list stays as it was approved' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_destruction_line_kept before insert on general_office_carrierdestructionline
    for each row execute function general_office_destruction_line_kept();

create function general_office_receipt_line_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if not exists (
        select 1 from general_office_carrierreceipt r join general_office_carriercopy c on c.id = new.copy_id
        where r.id = new.receipt_id and r.state = 'OPEN' and c.carrier_id = r.carrier_id and c.holder_id = r.giver_id
          and c.state = 'HELD' and c.moving_id is null
    ) then
        raise exception 'a receipt lists copies of its carrier that the giver holds' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_receipt_line_kept before insert on general_office_carrierreceiptline
    for each row execute function general_office_receipt_line_kept();

-- A clearance is decided, once, by the authority, in its own name.
create function general_office_clearance_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'PROPOSED' or new.decided_person_id is not null then
            raise exception 'a clearance begins as a proposal' using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if old.state in ('REFUSED', 'ENDED') and not (old.state = 'ENDED' and new.state = 'ENDED') then
        raise exception 'clearance % is over', old.id using errcode = 'check_violation';
    end if;
    if new.decided_person_id is distinct from old.decided_person_id
        and (old.decided_person_id is not null or new.decided_person_id is distinct from chancery_person()
             or not access_holds('classification_authority', null)) then
        raise exception 'the classification authority decides on a clearance' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_clearance_kept before insert or update on general_office_personclearance
    for each row execute function general_office_clearance_kept();

-- A leaver with carriers out is not cleared, and does not lose their last post.
create function general_office_leaving_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'UPDATE' and old.state <> 'OPEN' then
        raise exception 'clearing list % is closed', old.id using errcode = 'check_violation';
    end if;
    if new.state = 'CLEARED' and general_office_copies_out(new.person_id) > 0 then
        raise exception 'a leaver with carriers out cannot be cleared' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_leaving_kept before insert or update on general_office_leaving
    for each row execute function general_office_leaving_kept();

create function general_office_holder_stays() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if general_office_copies_out(old.person_id) = 0 then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    if tg_op = 'UPDATE' and new.person_id = old.person_id and not isempty(new.during)
        and (upper_inf(new.during) or upper(new.during) >= coalesce(upper(old.during), 'infinity'::date)) then
        return new;
    end if;
    if exists (select 1 from directory_holding h where h.person_id = old.person_id and h.id <> old.id
               and not isempty(h.during) and upper_inf(h.during)) then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    raise exception 'person % still holds carriers: their last post cannot end', old.person_id
        using errcode = 'check_violation', constraint = 'directory_holding_carriers_out';
end
$$;
create trigger general_office_holder_stays before update or delete on directory_holding
    for each row execute function general_office_holder_stays();

-- Nobody is let further into this system than an approved clearance reaches.
create function general_office_account_cleared() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.clearance <= old.clearance or new.clearance <= 20 or chancery_is_system() then
        return new;
    end if;
    if not exists (select 1 from general_office_personclearance c
                   where c.person_id = new.person_id and c.state = 'STANDING' and c.kind in ('CORE', 'IMPORTANT')) then
        raise exception 'a clearance above RESTRICTED follows an approved clearance of the person'
            using errcode = 'check_violation', constraint = 'account_clearance_approved';
    end if;
    return new;
end
$$;
create trigger general_office_account_cleared before update of clearance on access_account
    for each row execute function general_office_account_cleared();

-- Who reported, when and what stays; a closed breach stays closed.
create function general_office_breach_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if old.state = 'CLOSED' or (old.reported_at is not null and new.reported_at is distinct from old.reported_at) then
        raise exception 'what was reported of breach % stays', old.id using errcode = 'check_violation';
    end if;
    if new.state = 'CLOSED' and old.state <> 'REPORTED' then
        raise exception 'a breach is reported before it is closed' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_breach_kept before update on general_office_breach
    for each row execute function general_office_breach_kept();

revoke execute on function general_office_my_copies, general_office_my_carriers, general_office_copies_out from public;
grant execute on function general_office_keeps_secrets, general_office_my_copies, general_office_my_carriers
    to chancery_web;
"""


class Migration(migrations.Migration):
    """Row security and the law of carriers."""

    dependencies = [("general_office", "0017_carriers")]

    operations = [migrations.RunSQL(FUNCTIONS + ROW_SECURITY + LAW, migrations.RunSQL.noop)]
