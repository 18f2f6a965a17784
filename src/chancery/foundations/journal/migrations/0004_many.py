"""Appending one entry to each of many chains in one statement: for work on whole sets, which no loop should do."""

from django.db import migrations

# As journal_append, but for a set: the heads are locked in the order of their subjects, so that two such statements wait for
# one another instead of dying; all entries name the same witness, the newest entry before the set.
MANY = r"""
create function journal_append_many(
    p_at timestamptz, p_day date,
    p_kind text, p_account bigint, p_person bigint, p_post bigint, p_body bigint, p_deputising bigint,
    p_person_name text, p_post_title text, p_body_name text,
    p_act text, p_subjects text[], p_data jsonb[], p_guards bigint[], p_labels bigint[]
) returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as
$$
declare
    v_day date; v_seal_day date; v_seal_digest bytea; v_witness_id bigint; v_witness_hash bytea; v_count bigint;
    v_recorded timestamptz := clock_timestamp();
begin
    if not chancery_is_system()
       and (p_kind, p_account, p_person, p_post, p_body)
           is distinct from (chancery_kind(), chancery_account(), chancery_person(), chancery_post(), chancery_body())
    then
        raise exception 'journal: the entries name another actor than the transaction is stamped with'
            using errcode = 'insufficient_privilege';
    end if;
    if p_act = '' or p_day not between (p_at at time zone 'UTC')::date - 1 and (p_at at time zone 'UTC')::date + 1
       or (cardinality(p_data), cardinality(p_guards), cardinality(p_labels))
          is distinct from (cardinality(p_subjects), cardinality(p_subjects), cardinality(p_subjects))
       or exists (select 1 from unnest(p_subjects) s group by s having count(*) > 1 or s = '' or s is null) then
        raise exception 'journal: entries need an act, each a subject of its own, and the day of their time'
            using errcode = 'check_violation';
    end if;
    perform pg_advisory_xact_lock_shared(7240811);
    select day, digest into v_seal_day, v_seal_digest from journal_seal order by day desc limit 1;
    v_day := greatest(p_day, v_seal_day + 1);
    insert into journal_head (subject, seq, hash)
        select s, 0, decode(repeat('00', 32), 'hex') from unnest(p_subjects) s order by s
        on conflict do nothing;
    perform 1 from journal_head where subject = any (p_subjects) order by subject for no key update;
    select id, hash into v_witness_id, v_witness_hash from journal_entry order by id desc limit 1;
    with placed as materialized (
        -- Drawn under the heads' locks: ids rise along each chain.
        select nextval('journal_entry_id_seq') as id, o.* from (
            select u.subject, u.data, u.guard_id, u.label, h.seq + 1 as seq, h.hash as previous
            from unnest(p_subjects, p_data, p_guards, p_labels) with ordinality as u (subject, data, guard_id, label, place)
            join journal_head h on h.subject = u.subject
            order by u.place
        ) o
    ), told as materialized (
        select p.*, jsonb_build_object(
            'id', p.id, 'subject', p.subject, 'seq', p.seq,
            'at', to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'recorded_at', to_char(v_recorded at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            'day', to_char(v_day, 'YYYY-MM-DD'), 'act', p_act, 'data', p.data,
            'kind', p_kind, 'account_id', p_account, 'person_id', p_person, 'post_id', p_post, 'body_id', p_body,
            'deputising_for', p_deputising,
            'person_name', p_person_name, 'post_title', p_post_title, 'body_name', p_body_name,
            'guard_id', p.guard_id, 'label', p.label,
            'witness_id', v_witness_id, 'witness_hash', encode(v_witness_hash, 'hex'),
            'seal_day', to_char(v_seal_day, 'YYYY-MM-DD'), 'seal_digest', encode(v_seal_digest, 'hex')
        )::text as canonical
        from placed p
    ), made as (
        insert into journal_entry (
            id, subject, seq, at, recorded_at, day, act, data, kind, account_id, person_id, post_id, body_id,
            deputising_for, person_name, post_title, body_name, guard_id, label, witness_id, witness_hash,
            seal_day, seal_digest, canonical, previous_hash, hash
        )
        select t.id, t.subject, t.seq, p_at, v_recorded, v_day, p_act, t.data, p_kind, p_account, p_person, p_post, p_body,
               p_deputising, p_person_name, p_post_title, p_body_name, t.guard_id, t.label, v_witness_id, v_witness_hash,
               v_seal_day, v_seal_digest, t.canonical, t.previous,
               sha256(t.previous || convert_to(t.canonical, 'UTF8'))
        from told t
        returning id, subject, seq, hash
    )
    update journal_head h set seq = m.seq, hash = m.hash, entry_id = m.id from made m where h.subject = m.subject;
    get diagnostics v_count = row_count;
    return v_count;
end
$$;
revoke all on function journal_append_many from public;
grant execute on function journal_append_many to chancery_web;
"""


class Migration(migrations.Migration):
    """One function."""

    dependencies = [("journal", "0003_names")]
    operations = [migrations.RunSQL(MANY, "drop function journal_append_many;")]
