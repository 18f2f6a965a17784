"""Who sees petitions; what stays; identity and originals, of which the web role can select nothing."""

from django.db import migrations

SYSTEM = "(select chancery_is_system())"
SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
OF_PETITION = "exists (select 1 from general_office_petition p where p.id = petition_id)"
OF_STAGE = "exists (select 1 from general_office_petitionstage s where s.id = stage_id)"
TABLES = {
    "petitioncampaign": SEEN,
    "petition": SEEN,
    "petitionstage": OF_PETITION,
    "petitionpause": OF_STAGE,
    "petitionhand": OF_STAGE,
    "petitiontext": OF_PETITION,
    "petitionfile": OF_PETITION,
    "identityopening": OF_PETITION,
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
revoke update on general_office_petitiontext, general_office_petitionfile, general_office_petitionpause,
    general_office_petitionhand, general_office_identityopening from chancery_web;
grant update (masked, blacked, released_at, told_at) on general_office_petitiontext to chancery_web;
grant update (clearance, decided_at, decided_person_id) on general_office_petitionfile to chancery_web;
grant update (until_on) on general_office_petitionpause to chancery_web;
grant update (ended_at, why_ended) on general_office_petitionhand to chancery_web;
grant update (state, custodian_person_id, custodian_post_id, decided_at, expires_at, note)
    on general_office_identityopening to chancery_web;

-- Closed to the web: not even row by row.
alter table general_office_petitionidentity enable row level security;
alter table general_office_petitionoriginal enable row level security;
revoke all on general_office_petitionidentity, general_office_petitionoriginal from chancery_web;
"""

KEPT = """
create function general_office_petition_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'RECEIVED' or new.number <> '' then
            raise exception 'a petition begins as received' using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if (new.guard_id, new.channel, new.received_at, new.received_on)
            is distinct from (old.guard_id, old.channel, old.received_at, old.received_on) then
        raise exception 'how and when a petition came stays' using errcode = 'check_violation';
    end if;
    if old.number <> '' and (new.number, new.registered_at) is distinct from (old.number, old.registered_at) then
        raise exception 'a number stays' using errcode = 'check_violation';
    end if;
    if new.state <> old.state and not (case old.state
        when 'RECEIVED' then new.state in ('REGISTERED', 'CLOSED', 'WITHDRAWN')
        when 'REGISTERED' then
            new.state in ('ACCEPTED', 'NOT_ACCEPTED', 'TRANSFERRED', 'UNDER_WAY', 'CLOSED', 'WITHDRAWN')
        when 'ACCEPTED' then new.state in ('UNDER_WAY', 'TRANSFERRED', 'ANSWERED', 'CLOSED', 'WITHDRAWN')
        when 'NOT_ACCEPTED' then new.state in ('REGISTERED', 'CLOSED')
        when 'TRANSFERRED' then new.state in ('REGISTERED', 'ACCEPTED', 'UNDER_WAY', 'CLOSED', 'WITHDRAWN')
        when 'UNDER_WAY' then new.state in ('REGISTERED', 'TRANSFERRED', 'ANSWERED', 'CLOSED', 'WITHDRAWN')
        when 'ANSWERED' then new.state in ('UNDER_WAY', 'CLOSED', 'FINAL')
        when 'CLOSED' then new.state in ('REGISTERED', 'UNDER_WAY', 'FINAL')
        else false end) then
        raise exception 'a petition does not go from % to %', old.state, new.state using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_petition_kept before insert or update on general_office_petition
    for each row execute function general_office_petition_kept();

-- Asked in one's own name; decided by a custodian over that petition in his own name, who is not the one who asked.
create function general_office_opening_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_unit bigint;
begin
    select g.unit_id into v_unit from general_office_petition p join access_guard g on g.id = p.guard_id
    where p.id = new.petition_id;
    if tg_op = 'INSERT' then
        if new.state <> 'ASKED' or new.readings <> 0 or new.requested_person_id is distinct from chancery_person() then
            raise exception 'one asks in one''s own name' using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if (new.petition_id, new.purpose, new.reason, new.requested_person_id, new.requested_post_id, new.requested_at)
            is distinct from (old.petition_id, old.purpose, old.reason, old.requested_person_id, old.requested_post_id,
            old.requested_at) then
        raise exception 'what was asked stays' using errcode = 'check_violation';
    end if;
    if old.state = 'ASKED' and new.state in ('OPEN', 'REFUSED') then
        if new.custodian_person_id is distinct from chancery_person()
           or not access_holds('petition_custodian', v_unit) then
            raise exception 'a custodian decides in his own name' using errcode = 'check_violation';
        end if;
    elsif new.state <> old.state and not (old.state = 'OPEN' and new.state = 'ENDED') then
        raise exception 'an opening is decided once' using errcode = 'check_violation';
    elsif old.state <> 'ASKED' and (new.custodian_person_id, new.decided_at, new.note)
            is distinct from (old.custodian_person_id, old.decided_at, old.note) then
        raise exception 'a decision stays' using errcode = 'check_violation';
    elsif old.expires_at is not null and new.expires_at > old.expires_at then
        raise exception 'an opening is not lengthened' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
revoke all on function general_office_opening_kept() from public;
create trigger general_office_opening_kept before insert or update on general_office_identityopening
    for each row execute function general_office_opening_kept();
"""

# The only ways in and out. What they give is sealed still: without the keys outside the database it says nothing.
DOORS = """
create function general_office_petition_may_seal() returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
    select chancery_is_system() or access_my_roles() && array['petition_registrar', 'petition_officer',
        'petition_handler', 'petition_head', 'petition_custodian', 'petition_reviewer', 'petition_rereviewer']
$$;

create function general_office_petition_seal_identity(p_petition bigint, p_ref uuid, p_sealed bytea, p_name bytea,
                                                      p_contacts bytea[], p_needles jsonb, p_at timestamptz)
returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if not general_office_petition_may_seal() then
        raise exception 'not yours to seal' using errcode = 'insufficient_privilege';
    end if;
    insert into general_office_petitionidentity (petition_id, ref, sealed, name_index, contact_index, needles,
                                                 sealed_at)
    values (p_petition, p_ref, p_sealed, p_name, p_contacts, p_needles, p_at);
end
$$;

create function general_office_petition_seal_original(p_petition bigint, p_ref uuid, p_sealed bytea) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if not general_office_petition_may_seal() then
        raise exception 'not yours to seal' using errcode = 'insufficient_privilege';
    end if;
    insert into general_office_petitionoriginal (petition_id, ref, sealed) values (p_petition, p_ref, p_sealed);
end
$$;

-- The opening, if it is the actor's (who asked, or who opened it), open, and not over; the reading is counted.
create function general_office_petition_opened(p_opening bigint, p_at timestamptz) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_petition bigint;
begin
    select o.petition_id into v_petition
    from general_office_identityopening o
    join general_office_petition p on p.id = o.petition_id join access_guard g on g.id = p.guard_id
    where o.id = p_opening and o.state = 'OPEN' and p_at between o.decided_at and o.expires_at
      and o.expires_at > (chancery_today() - 1)::timestamptz
      and chancery_person() in (o.requested_person_id, o.custodian_person_id) and not access_is_barred(g);
    if v_petition is not null then
        update general_office_identityopening o
        set readings = readings + 1, first_read_at = coalesce(first_read_at, p_at) where o.id = p_opening;
    end if;
    return v_petition;
end
$$;

create function general_office_petition_identity_for(p_opening bigint, p_at timestamptz)
returns table (ref uuid, sealed bytea)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    v_petition bigint := general_office_petition_opened(p_opening, p_at);
begin
    return query select i.ref, i.sealed from general_office_petitionidentity i where i.petition_id = v_petition;
end
$$;

create function general_office_petition_originals_for(p_opening bigint, p_at timestamptz)
returns table (ref uuid, sealed bytea)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    v_petition bigint := general_office_petition_opened(p_opening, p_at);
begin
    return query select o.ref, o.sealed from general_office_petitionoriginal o where o.petition_id = v_petition
                 order by o.id;
end
$$;

create function general_office_petition_has_identity(p_petition bigint) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select exists (select 1 from general_office_petitionidentity where petition_id = p_petition)
$$;

-- What is to be blacked out, as keyed hashes.
create function general_office_petition_needles(p_petition bigint) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if not general_office_petition_may_seal() then
        return '[]';
    end if;
    return coalesce((select i.needles from general_office_petitionidentity i where i.petition_id = p_petition), '[]');
end
$$;

-- Petitions of the same name or contact, for those who register and assign: that they are, not whose.
create function general_office_petition_kin(p_petition bigint, p_most int default 200)
returns table (petition_id bigint, same_name boolean, same_contact boolean)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
    if not (chancery_is_system() or access_my_roles() && array['petition_registrar', 'petition_officer',
            'petition_custodian']) then
        return;
    end if;
    return query
    with this as materialized (
        select i.name_index, i.contact_index from general_office_petitionidentity i where i.petition_id = p_petition
    ), found as (
        select o.petition_id from general_office_petitionidentity o, this
        where o.name_index = this.name_index and o.petition_id <> p_petition
        union
        select o.petition_id from general_office_petitionidentity o, this
        where o.contact_index && this.contact_index and o.petition_id <> p_petition
    )
    select f.petition_id, coalesce(o.name_index = this.name_index, false), o.contact_index && this.contact_index
    from found f join general_office_petitionidentity o on o.petition_id = f.petition_id, this
    order by f.petition_id desc limit p_most;
end
$$;
create index petition_same_contact on general_office_petitionidentity using gin (contact_index);

revoke all on function general_office_petition_may_seal, general_office_petition_seal_identity,
    general_office_petition_seal_original, general_office_petition_opened, general_office_petition_identity_for,
    general_office_petition_originals_for, general_office_petition_has_identity, general_office_petition_needles,
    general_office_petition_kin from public;
grant execute on function general_office_petition_may_seal, general_office_petition_seal_identity,
    general_office_petition_seal_original, general_office_petition_identity_for, general_office_petition_originals_for,
    general_office_petition_has_identity, general_office_petition_needles,
    general_office_petition_kin to chancery_web;
"""
# The neutral title and the number are found; nothing else of a petition is.
SEARCH = """
create trigger general_office_petition_search_due
    after insert or delete or update of title, number, state, guard_id on general_office_petition
    for each row execute function records_search_due('general_office.Petition', 'id');
"""

DOWN = """
drop trigger general_office_petition_search_due on general_office_petition;
drop index petition_same_contact;
drop function general_office_petition_needles, general_office_petition_kin, general_office_petition_has_identity,
    general_office_petition_originals_for,
    general_office_petition_identity_for, general_office_petition_opened, general_office_petition_seal_original,
    general_office_petition_seal_identity, general_office_petition_may_seal;
drop trigger general_office_opening_kept on general_office_identityopening;
drop function general_office_opening_kept();
drop trigger general_office_petition_kept on general_office_petition;
drop function general_office_petition_kept();
""" + "".join(f"drop policy {table}_seen on general_office_{table};" for table in TABLES)


class Migration(migrations.Migration):
    """Policies, rights, triggers, doors."""

    dependencies = [("general_office", "0030_petitions"), ("access", "0007_bars_law"), ("records", "0030_bars")]
    operations = [migrations.RunSQL(POLICIES + RIGHTS + KEPT + DOORS + SEARCH, DOWN)]
