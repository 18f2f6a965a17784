"""What the database keeps of confidential work besides: caps of the rulebook, no marking of what is public, carriers
for the cleared alone, no move of what is listed for destruction."""

from django.db import migrations

LAW = r"""
-- The longest period the rulebook knows for a level today, whichever profile the site keeps.
create function general_office_cap(p_kind text, p_level text) returns int
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select max(p.value::numeric)::int from rulebook_provision p
    where p.key = 'classified.cap.' || p_kind || '_' || lower(p_level) and p.withdrawn_at is null
      and p.valid_from <= chancery_today() and (p.valid_to is null or p.valid_to >= chancery_today())
$$;

create function general_office_classification_lawful() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.kind = 'DECLASSIFY' or new.state not in ('PROPOSED', 'IN_FORCE') then
        return new;
    end if;
    if tg_op = 'INSERT' and not chancery_is_system() and new.cap_years > coalesce(general_office_cap(
            case new.target when 'CARRIER' then 'level' else 'label' end, new.level), 0) then
        raise exception 'the period of level % is over its cap', new.level
            using errcode = 'check_violation', constraint = 'classification_cap_of_the_rulebook';
    end if;
    if new.target = 'THING' and (tg_op = 'INSERT' or new.state is distinct from old.state)
            and exists (select 1 from access_guard g where g.id = new.guard_id and (g.is_public or g.label = 0)) then
        raise exception 'what is public is not marked afterwards'
            using errcode = 'check_violation', constraint = 'classification_not_of_the_public';
    end if;
    return new;
end
$$;
create trigger general_office_classification_lawful before insert or update on general_office_classification
    for each row execute function general_office_classification_lawful();

create function general_office_carrier_lawful() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if btrim(new.basis) = '' then
        raise exception 'a level needs its basis' using errcode = 'check_violation';
    end if;
    if (tg_op = 'INSERT' or (new.level, new.starts_on, new.expires_on)
            is distinct from (old.level, old.starts_on, old.expires_on))
        and new.expires_on > (new.starts_on
                              + make_interval(years => coalesce(general_office_cap('level', new.level), 0)))::date then
        raise exception 'the period of carrier % is over the cap of its level', new.number
            using errcode = 'check_violation', constraint = 'carrier_within_cap';
    end if;
    return new;
end
$$;
create trigger general_office_carrier_lawful before insert or update on general_office_carrier
    for each row execute function general_office_carrier_lawful();

-- Whoever takes a copy over is cleared for it at that instant. The row of the clearance is held, so that a leaver is
-- not cleared between the question and the answer.
create function general_office_copy_taken() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform 1 from general_office_personclearance p, general_office_carrier c
    where c.id = new.carrier_id and p.person_id = new.holder_id and p.state = 'STANDING'
      and (p.kind = 'CORE' or (p.kind = 'IMPORTANT' and c.level <> 'TOP_SECRET')
           or (p.kind = 'GENERAL' and c.level = 'CONFIDENTIAL'))
    for share of p;
    if not found then
        raise exception 'person % is not cleared for copy %', new.holder_id, new.id
            using errcode = 'check_violation', constraint = 'carrier_copy_holder_cleared';
    end if;
    return new;
end
$$;
create trigger general_office_copy_taken before update of holder_id on general_office_carriercopy
    for each row when (new.holder_id <> old.holder_id) execute function general_office_copy_taken();

-- A copy is on its way, or on one list to be destroyed, or neither.
create function general_office_copy_bound() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare v_copy general_office_carriercopy;
begin
    select * into v_copy from general_office_carriercopy where id = new.copy_id for update;
    if exists (select 1 from general_office_carrierdestructionline l
               join general_office_carrierdestruction d on d.id = l.destruction_id
               where l.copy_id = new.copy_id and d.state in ('DRAWN', 'APPROVED')) then
        raise exception 'copy % is listed for destruction', new.copy_id
            using errcode = 'check_violation', constraint = 'carrier_copy_listed';
    end if;
    if tg_table_name = 'general_office_carrierdestructionline'
            and (v_copy.state <> 'HELD' or v_copy.moving_id is not null) then
        raise exception 'copy % is not here', new.copy_id
            using errcode = 'check_violation', constraint = 'carrier_copy_not_here';
    end if;
    return new;
end
$$;
create trigger general_office_copy_bound before insert on general_office_carrierdestructionline
    for each row execute function general_office_copy_bound();
create trigger general_office_copy_bound before insert on general_office_carrierreceiptline
    for each row execute function general_office_copy_bound();

revoke execute on function general_office_cap, general_office_classification_lawful, general_office_carrier_lawful,
    general_office_copy_taken, general_office_copy_bound from public;
"""

DOWN = """
drop trigger general_office_copy_bound on general_office_carrierreceiptline;
drop trigger general_office_copy_bound on general_office_carrierdestructionline;
drop trigger general_office_copy_taken on general_office_carriercopy;
drop trigger general_office_carrier_lawful on general_office_carrier;
drop trigger general_office_classification_lawful on general_office_classification;
drop function general_office_copy_bound, general_office_copy_taken, general_office_carrier_lawful,
    general_office_classification_lawful, general_office_cap;
"""


class Migration(migrations.Migration):
    """Triggers alone."""

    dependencies = [("general_office", "0024_reading_loans_law"), ("rulebook", "__first__"), ("access", "__first__")]
    operations = [migrations.RunSQL(LAW, DOWN)]
