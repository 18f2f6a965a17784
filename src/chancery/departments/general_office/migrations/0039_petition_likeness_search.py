"""The search for what is like a petition in one question: candidates by the index, how much they have in common, the
same contact or name, and of all that what the actor may see."""

from django.db import migrations

# `found` runs as the owner, so that the index answers before row security is asked; it gives away numbers of petitions
# and hundredths, never words. `like` runs as the actor: the petition asked about and every row that leaves are seen.
SEARCH = """
create function general_office_petition_alike_found(p_bands bigint[], p_signature bytea, p_but bigint, p_also bigint[],
                                                    p_most int)
returns table (petition_id bigint, percent int)
language plpgsql stable security definer rows 20 set search_path = pg_catalog, public, pg_temp set enable_seqscan = off as $$
#variable_conflict use_column
begin
    if not general_office_petition_may_seal() then
        return;
    end if;
    return query
    with found as materialized (
        select l.petition_id, l.signature from general_office_petitionlikeness l where l.bands && p_bands
    ), latest as (
        (select f.petition_id, f.signature from found f where f.petition_id <> p_but
         order by f.petition_id desc limit p_most)
        union all
        select l.petition_id, l.signature from general_office_petitionlikeness l
        where l.petition_id = any (p_also) and not l.bands && p_bands
    )
    -- 100 places of four bytes: as many as are equal, so many hundredths.
    select a.petition_id, case when length(a.signature) = 400 and length(p_signature) = 400 then (
        select count(*)::int from generate_series(1, 397, 4) k
        where substring(a.signature from k for 4) = substring(p_signature from k for 4)) else 0 end
    from latest a;
end
$$;

create function general_office_petition_like(p_petition bigint, p_least int, p_most int)
returns table (petition_id bigint, percent int, same_contact boolean, same_name boolean)
language plpgsql stable set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    v_bands bigint[];
    v_signature bytea;
    v_kin bigint[];
    v_contact boolean[];
    v_name boolean[];
begin
    select l.bands, l.signature into v_bands, v_signature
    from general_office_petition p left join general_office_petitionlikeness l on l.petition_id = p.id
    where p.id = p_petition;
    if not found then
        return;
    end if;
    select array_agg(k.petition_id), array_agg(k.same_contact), array_agg(k.same_name)
    into v_kin, v_contact, v_name from general_office_petition_kin(p_petition) k;
    -- One by one by its key: the planner, who takes a function for many rows, would read the whole table; and of an
    -- expression it does not know that it tells nobody anything, so that row security would be asked of every row.
    return query
    with u as materialized (
        select coalesce(f.petition_id, k.petition_id) as id, coalesce(f.percent, 0) as percent,
               coalesce(k.same_contact, false) as same_contact, coalesce(k.same_name, false) as same_name
        from general_office_petition_alike_found(coalesce(v_bands, '{}'), coalesce(v_signature, ''), p_petition,
                                                 coalesce(v_kin, '{}'), p_most) f
        full join unnest(v_kin, v_contact, v_name) as k (petition_id, same_contact, same_name)
            on k.petition_id = f.petition_id
        where k.petition_id is not null or f.percent >= p_least
    )
    select u.id, u.percent, u.same_contact, u.same_name
    from u cross join lateral (select 1 from general_office_petition o where o.id = u.id limit 1) seen;
end
$$;
revoke all on function general_office_petition_alike_found, general_office_petition_like from public;
grant execute on function general_office_petition_alike_found, general_office_petition_like to chancery_web;
"""

DOWN = "drop function general_office_petition_like, general_office_petition_alike_found;"


class Migration(migrations.Migration):
    """Two functions."""

    dependencies = [("general_office", "0038_petition_lists")]
    operations = [migrations.RunSQL(SEARCH, DOWN)]
