"""Search: the index is asked by a function of the owner, which applies the law of visibility itself."""

from django.db import migrations

# The one law of visibility is the policy on access_guard. Inside a function of the owner policies do not apply, so its
# expression is taken over, word for word, into a set function that PostgreSQL inlines. `tests/test_search.py` fails when
# the policy is changed without this.
SEEN = """
do $do$
declare
    v_law text;
begin
    select qual into strict v_law from pg_policies
    where schemaname = 'public' and tablename = 'access_guard' and policyname = 'access_guard_seen';
    execute format(
        'create or replace function records_seen_guards() returns setof access_guard language sql stable as %L',
        'select access_guard.* from access_guard where ' || v_law);
end
$do$;
revoke all on function records_seen_guards() from public;
"""

SEARCH = """
-- The ids of what the stamped actor may see and that matches; `p_most` counts visible ones only.
-- Someone who sees little is served from their few guards, so that a word in a million hidden rows costs them nothing.
create function records_search_ids(
    p_query tsquery, p_phrases text[], p_kinds text[], p_since date, p_until date, p_units bigint[], p_most int
) returns table (id bigint, kind text, dated date, rank real)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    v_few bigint[] := access_few_guards(2000);
begin
    if v_few = '{}' then
        return;
    end if;
    -- `execute` plans for these very values: whether a word is rare decides everything.
    return query execute format($q$
        select c.id, c.kind::text, c.dated, ts_rank(c.tokens, $1, 1)
        from (
            select e.id, e.kind, e.dated, e.tokens
            from records_searchentry e
            %s
            where e.tokens @@ $1
              and ($3 is null or e.kind = any ($3))
              and ($4 is null or e.dated >= $4)
              and ($5 is null or e.dated <= $5)
              and ($6 is null or e.unit_id = any ($6))
              and ($2 is null or (
                    select bool_and(strpos(lower(normalize(concat_ws(' ', e.title_en, e.title_zh, e.body), nfkc)), p) > 0)
                    from unnest($2) p))
              %s
            limit $7
        ) c
        $q$,
        case when chancery_is_system() then '' else 'join records_seen_guards() g on g.id = e.guard_id' end,
        case when v_few is null then '' else 'and e.guard_id = any ($8)' end
    ) using p_query, p_phrases, p_kinds, p_since, p_until, p_units, p_most, v_few;
end
$$;
revoke all on function records_search_ids(tsquery, text[], text[], date, date, bigint[], int) from public;
grant execute on function records_search_ids(tsquery, text[], text[], date, date, bigint[], int) to chancery_web;
"""

DOWN = """
drop function records_search_ids(tsquery, text[], text[], date, date, bigint[], int);
drop function records_seen_guards();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0002_law"), ("access", "0002_row_security")]
    operations = [migrations.RunSQL(SEEN + SEARCH, DOWN)]
