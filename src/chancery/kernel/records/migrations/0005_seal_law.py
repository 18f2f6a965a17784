"""The law of seals, kept by the database: who sees a seal, that a use once written stays, what the public may ask."""

from django.db import migrations

SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"

ROW_SECURITY = f"""
alter table records_seal enable row level security;
create policy records_seal_seen on records_seal to chancery_web using ({SYSTEM} or {SEEN});

alter table records_sealcertificate enable row level security;
create policy records_sealcertificate_seen on records_sealcertificate to chancery_web
    using ({SYSTEM} or exists (select 1 from records_seal s where s.id = seal_id));

-- A use shows to those who see the seal, and to those who see the paper.
alter table records_sealuse enable row level security;
create policy records_sealuse_seen on records_sealuse for select to chancery_web
    using ({SYSTEM} or {SEEN} or exists (select 1 from access_guard g where g.id = subject_guard_id));
-- Nobody writes a use down in another's name.
create policy records_sealuse_written on records_sealuse for insert to chancery_web
    with check ({SYSTEM} or ({SEEN} and keeper_person_id = (select chancery_person())
                             and acting_post_id = (select chancery_post())));
"""

RIGHTS = """
revoke update, delete, truncate on records_seal, records_sealcertificate, records_sealuse from chancery_web;
grant update (keeper_post_id, state, state_on, state_reason, version) on records_seal to chancery_web;
grant update (replaced_at) on records_sealcertificate to chancery_web;

-- A seal that was put away is not taken out again.
create function records_seal_kept() returns trigger language plpgsql as $$
begin
    if old.state <> 'ACTIVE' and (new.state, new.state_on, new.state_reason, new.keeper_post_id)
            is distinct from (old.state, old.state_on, old.state_reason, old.keeper_post_id)
            and not (old.state = 'RETIRED' and new.state = 'SEALED_UP') then
        raise exception 'seal % was put away and stays so', old.code using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_seal_kept before update on records_seal for each row execute function records_seal_kept();

create function records_sealcertificate_kept() returns trigger language plpgsql as $$
begin
    if old.replaced_at is not null then
        raise exception 'a replaced certificate stays replaced' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_sealcertificate_kept before update on records_sealcertificate
    for each row execute function records_sealcertificate_kept();

-- Whoever writes the line: only a seal in use is used, on a day on which it and its body are there.
create function records_sealuse_lawful() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_today date := chancery_today();
begin
    if not exists (
        select 1 from records_seal s join directory_unit u on u.id = s.unit_id
        join records_sealcertificate c on c.seal_id = s.id and c.id = new.certificate_id
        where s.id = new.seal_id and s.guard_id = new.guard_id and s.keeper_post_id = new.keeper_post_id
          and s.state = 'ACTIVE' and s.valid_from <= v_today and (s.valid_to is null or v_today <= s.valid_to)
          and u.during @> v_today
    ) then
        raise exception 'this seal is not in use today' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_sealuse_lawful before insert on records_sealuse
    for each row execute function records_sealuse_lawful();
"""

ASKED = """
-- What staff may know of the seals of a unit in order to ask for one: that they are there, and who keeps them.
create function records_seals_of(p_unit bigint)
returns table (id bigint, code text, name_en text, name_zh text, unit_id bigint, kind text, state text,
               diameter_mm numeric, valid_from date, valid_to date, keeper_post_id bigint)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 4 as $$
#variable_conflict use_column
begin
    if chancery_kind() not in ('PERSON', 'SYSTEM') or chancery_clearance() < 10 then
        return;
    end if;
    return query
    select s.id, s.code::text, s.name_en::text, s.name_zh::text, s.unit_id, s.kind::text, s.state::text,
           s.diameter_mm, s.valid_from, s.valid_to, s.keeper_post_id
    from records_seal s where s.unit_id = p_unit order by s.code;
end
$$;

-- The seal behind a certificate: whoever holds a sealed paper may ask whose seal is on it.
create function records_seal_behind(p_sha256 text)
returns table (code text, name_en text, name_zh text, unit_en text, unit_zh text, state text, state_on date,
               valid_from date, valid_to date)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 1 as $$
#variable_conflict use_column
begin
    return query
    select s.code::text, s.name_en::text, s.name_zh::text, u.name_en::text, u.name_zh::text, s.state::text, s.state_on,
           s.valid_from, s.valid_to
    from records_sealcertificate c join records_seal s on s.id = c.seal_id join directory_unit u on u.id = s.unit_id
    where c.sha256 = p_sha256;
end
$$;

-- Which of these files left a seal's keeper, by the use log, and when: a paper said to bear the seal is asked about.
create function records_seal_uses_behind(p_certificate text, p_files text[])
returns table (file text, at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp rows 1 as $$
#variable_conflict use_column
begin
    return query
    select u.sha256_after::text, u.at
    from records_sealuse u join records_sealcertificate c on c.id = u.certificate_id
    where u.sha256_after = any (p_files) and c.sha256 = p_certificate;
end
$$;

-- So that who is not its keeper is told so, and not that there is no such seal.
create function records_seal_exists(p_seal bigint) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return chancery_kind() in ('PERSON', 'SYSTEM') and exists (select 1 from records_seal s where s.id = p_seal);
end
$$;
revoke all on function records_seals_of(bigint), records_seal_behind(text), records_seal_exists(bigint),
    records_seal_uses_behind(text, text[]), records_sealuse_lawful from public;
grant execute on function records_seals_of(bigint), records_seal_behind(text), records_seal_exists(bigint),
    records_seal_uses_behind(text, text[]) to chancery_web;
"""

DOWN = """
drop function records_seal_exists(bigint);
drop function records_seal_uses_behind(text, text[]);
drop function records_seal_behind(text);
drop function records_seals_of(bigint);
drop trigger records_sealuse_lawful on records_sealuse;
drop function records_sealuse_lawful();
drop trigger records_sealcertificate_kept on records_sealcertificate;
drop function records_sealcertificate_kept();
drop trigger records_seal_kept on records_seal;
drop function records_seal_kept();
drop policy records_sealuse_written on records_sealuse;
drop policy records_sealuse_seen on records_sealuse;
drop policy records_sealcertificate_seen on records_sealcertificate;
drop policy records_seal_seen on records_seal;
"""


class Migration(migrations.Migration):
    """Row security, rights, triggers, and the two narrow questions."""

    dependencies = [("records", "0004_seals"), ("access", "0002_row_security")]
    operations = [migrations.RunSQL(ROW_SECURITY + RIGHTS + ASKED, DOWN)]
