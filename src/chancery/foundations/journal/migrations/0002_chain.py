"""The functions that write the journal, what the web role may do, and who may read which entry."""

from django.db import migrations

# Anything that appends holds this advisory lock shared until it commits; sealing takes it alone. So a sealed day can
# get no entry from a transaction that was still open when the day was sealed.
APPEND = r"""
create function journal_append(
    p_at timestamptz, p_day date,
    p_kind text, p_account bigint, p_person bigint, p_post bigint, p_body bigint, p_deputising bigint,
    p_person_name text, p_post_title text, p_body_name text,
    p_act text, p_subject text, p_data jsonb, p_guard bigint, p_label bigint
) returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    v_id bigint; v_seq bigint; v_previous bytea; v_hash bytea; v_canonical text;
    v_day date; v_seal_day date; v_seal_digest bytea; v_witness_id bigint; v_witness_hash bytea;
    v_recorded timestamptz := clock_timestamp();
begin
    if not chancery_is_system()
       and (p_kind, p_account, p_person, p_post, p_body)
           is distinct from (chancery_kind(), chancery_account(), chancery_person(), chancery_post(), chancery_body())
    then
        raise exception 'journal: the entry names another actor than the transaction is stamped with'
            using errcode = 'insufficient_privilege';
    end if;
    if p_act = '' or p_subject = '' or p_day not between (p_at at time zone 'UTC')::date - 1
                                                     and (p_at at time zone 'UTC')::date + 1 then
        raise exception 'journal: an entry needs an act, a subject, and the day of its time'
            using errcode = 'check_violation';
    end if;
    perform pg_advisory_xact_lock_shared(7240811);
    select day, digest into v_seal_day, v_seal_digest from journal_seal order by day desc limit 1;
    v_day := greatest(p_day, v_seal_day + 1);
    select seq, hash into v_seq, v_previous from journal_head where subject = p_subject for no key update;
    if not found then
        insert into journal_head (subject, seq, hash) values (p_subject, 0, decode(repeat('00', 32), 'hex'))
            on conflict do nothing;
        select seq, hash into v_seq, v_previous from journal_head where subject = p_subject for no key update;
    end if;
    v_seq := v_seq + 1;
    select id, hash into v_witness_id, v_witness_hash from journal_entry order by id desc limit 1;
    -- Drawn under the head's lock: ids rise along a chain.
    v_id := nextval('journal_entry_id_seq');
    v_canonical := jsonb_build_object(
        'id', v_id, 'subject', p_subject, 'seq', v_seq,
        'at', to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'recorded_at', to_char(v_recorded at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'day', to_char(v_day, 'YYYY-MM-DD'), 'act', p_act, 'data', p_data,
        'kind', p_kind, 'account_id', p_account, 'person_id', p_person, 'post_id', p_post, 'body_id', p_body,
        'deputising_for', p_deputising,
        'person_name', p_person_name, 'post_title', p_post_title, 'body_name', p_body_name,
        'guard_id', p_guard, 'label', p_label,
        'witness_id', v_witness_id, 'witness_hash', encode(v_witness_hash, 'hex'),
        'seal_day', to_char(v_seal_day, 'YYYY-MM-DD'), 'seal_digest', encode(v_seal_digest, 'hex')
    )::text;
    v_hash := sha256(v_previous || convert_to(v_canonical, 'UTF8'));
    insert into journal_entry (
        id, subject, seq, at, recorded_at, day, act, data, kind, account_id, person_id, post_id, body_id,
        deputising_for, person_name, post_title, body_name, guard_id, label, witness_id, witness_hash,
        seal_day, seal_digest, canonical, previous_hash, hash
    ) values (
        v_id, p_subject, v_seq, p_at, v_recorded, v_day, p_act, p_data, p_kind, p_account, p_person, p_post, p_body,
        p_deputising, p_person_name, p_post_title, p_body_name, p_guard, p_label, v_witness_id, v_witness_hash,
        v_seal_day, v_seal_digest, v_canonical, v_previous, v_hash
    );
    update journal_head set seq = v_seq, hash = v_hash, entry_id = v_id where subject = p_subject;
    return v_id;
end
$$;
"""

# A Merkle tree as in RFC 6962 (leaf = sha256(00 || hash), node = sha256(01 || left || right)), built in one pass with a
# stack of complete subtrees, like a binary counter.
SEAL = r"""
create function journal_seal_day(p_day date, p_zone text) returns date
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    v_last date; v_previous bytea; v_next date; v_hash bytea; v_node bytea; v_stack bytea[] := '{}';
    v_bits bigint; v_count bigint := 0; v_top int := 0; v_ids text; v_sealed timestamptz; v_root bytea;
begin
    if not chancery_is_system() then
        raise exception 'journal: only the system seals' using errcode = 'insufficient_privilege';
    end if;
    perform pg_advisory_xact_lock(7240811);
    v_sealed := clock_timestamp();
    select day, digest into v_last, v_previous from journal_seal order by day desc limit 1;
    if p_day <= v_last then
        return null;
    end if;
    if p_day >= (v_sealed at time zone p_zone)::date then
        raise exception 'journal: % is not over', p_day using errcode = 'check_violation';
    end if;
    if v_last is null then
        select min(day) into v_next from journal_entry;
        v_previous := decode(repeat('00', 32), 'hex');
    else
        v_next := v_last + 1;
    end if;
    if v_next is distinct from p_day then
        raise exception 'journal: the next day to seal is %, not %', v_next, p_day using errcode = 'check_violation';
    end if;
    for v_hash in select hash from journal_entry where day = p_day order by id loop
        v_node := sha256('\x00'::bytea || v_hash);
        v_bits := v_count;
        while v_bits & 1 = 1 loop
            v_node := sha256('\x01'::bytea || v_stack[v_top] || v_node);
            v_top := v_top - 1;
            v_bits := v_bits >> 1;
        end loop;
        v_top := v_top + 1;
        v_stack[v_top] := v_node;
        v_count := v_count + 1;
    end loop;
    if v_count = 0 then
        v_root := sha256(''::bytea);
    else
        v_root := v_stack[v_top];
        while v_top > 1 loop
            v_top := v_top - 1;
            v_root := sha256('\x01'::bytea || v_stack[v_top] || v_root);
        end loop;
    end if;
    select coalesce(range_agg(int8range(id, id, '[]')), '{}')::text into v_ids from journal_entry where day = p_day;
    insert into journal_seal (day, count, ids, root, previous_digest, sealed_at, digest) values (
        p_day, v_count, v_ids, v_root, v_previous, v_sealed,
        sha256(convert_to(concat_ws('|', to_char(p_day, 'YYYY-MM-DD'), v_count, v_ids, encode(v_root, 'hex'),
            encode(v_previous, 'hex'), to_char(v_sealed at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')), 'UTF8'))
    );
    return p_day;
end
$$;

-- The next day that may be sealed: the day after the last seal, or the day of the first entry.
create function journal_next_open_day() returns date
language sql stable security definer set search_path = pg_catalog, public, pg_temp as
$$ select coalesce((select max(day) + 1 from journal_seal), (select min(day) from journal_entry)) $$;
"""

RIGHTS = r"""
revoke all on journal_entry, journal_head, journal_seal from chancery_web, public;
revoke all on sequence journal_entry_id_seq from chancery_web, public;
grant select on journal_entry, journal_head, journal_seal to chancery_web;
revoke all on function journal_append, journal_seal_day, journal_next_open_day from public;
grant execute on function journal_append, journal_seal_day, journal_next_open_day to chancery_web;

create function journal_is_append_only() returns trigger language plpgsql as
$$
begin
    raise exception 'journal: % of % is refused, the journal only grows', lower(tg_op), tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;
create trigger journal_entry_append_only before update or delete on journal_entry
    for each row execute function journal_is_append_only();
create trigger journal_seal_append_only before update or delete on journal_seal
    for each row execute function journal_is_append_only();
create trigger journal_head_append_only before delete on journal_head
    for each row execute function journal_is_append_only();
create trigger journal_entry_kept before truncate on journal_entry execute function journal_is_append_only();
create trigger journal_seal_kept before truncate on journal_seal execute function journal_is_append_only();
create trigger journal_head_kept before truncate on journal_head execute function journal_is_append_only();
-- A head moves on by one entry and in no other way.
create trigger journal_head_forward before update on journal_head
    for each row when (new.subject is distinct from old.subject or new.seq is distinct from old.seq + 1)
    execute function journal_is_append_only();

alter table journal_head set (fillfactor = 70);

alter table journal_entry enable row level security;
alter table journal_head enable row level security;
alter table journal_seal enable row level security;
-- kernel.access adds the policy for guarded entries.
create policy journal_entry_unguarded on journal_entry for select to chancery_web
    using ((select chancery_is_system()) or (guard_id is null and label <= (select chancery_clearance())));
create policy journal_head_system on journal_head for select to chancery_web using ((select chancery_is_system()));
-- Seals hold counts and digests of whole days: for staff, and to be published.
create policy journal_seal_staff on journal_seal for select to chancery_web
    using ((select chancery_kind()) in ('SYSTEM', 'PERSON'));
"""

DOWN = """
drop function journal_append, journal_seal_day, journal_next_open_day cascade;
drop function journal_is_append_only cascade;
drop policy journal_entry_unguarded on journal_entry;
drop policy journal_head_system on journal_head;
drop policy journal_seal_staff on journal_seal;
"""


class Migration(migrations.Migration):
    """Append-only by rights, by triggers, by row security."""

    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(APPEND + SEAL + RIGHTS, DOWN)]
