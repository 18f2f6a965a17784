"""The newest of what matches: as many are taken as hold enough that one sees, then it is asked who sees them."""

from importlib import import_module

from django.db import migrations

# As in migration 0012, but for who sees a fair part of it and wants the newest first: joined with the guards, the
# planner read and sorted all that matches (ten times what the system needs) rather than walk the days backwards.
FOUND = r"""
create or replace function records_search_found(
    p_query tsquery, p_text jsonb, p_without text[], p_kinds text[], p_since date, p_until date, p_units bigint[],
    p_labels int[], p_classes text[], p_states text[], p_by_date boolean, p_most int
) returns table (id bigint, kind text, dated date, rank real, unit_id bigint, label int, class_code text, state text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
    v_units bigint[];
    v_filters text := '';
    v_text text := '';
    v_order text := '';
    v_look int := p_most + p_most / 4;
    v_places tid[];
    v_guards bigint[];
    v_share int := 200;
    v_way text;
    v_take int;
    v_met int;
    v_shown constant text := 'c.id, c.kind::text, c.dated, ts_rank(c.tokens, $1, 1), c.unit_id, c.label::int, '
        || 'c.class_code::text, c.state::text';
begin
    if p_units is not null then
        v_units := array(select distinct c.descendant_id from directory_unitclosure c
                         where c.ancestor_id = any (p_units));
    end if;
    -- `execute` plans for these very values: whether a word is rare decides everything.
    v_filters := concat(
        case when p_kinds is not null then ' and e.kind = any ($2)' end,
        case when p_since is not null then ' and e.dated >= $3' end,
        case when p_until is not null then ' and e.dated <= $4' end,
        case when p_units is not null then ' and e.unit_id = any ($5)' end,
        case when p_labels is not null then ' and e.label = any ($6)' end,
        case when p_classes is not null then ' and exists (select 1 from unnest($7) k where e.class_code = k'
            || ' or starts_with(e.class_code, k || ''.'') or starts_with(e.class_code, k || ''-''))' end,
        case when p_states is not null then ' and e.state = any ($8)' end);
    if p_text is not null or p_without is not null then
        v_look := least(v_look, 300);  -- reading texts is dear: the first look only tells how much one sees
        v_text := ' and records_search_says(e.title_en, e.title_zh, e.body, $9, $10)';
    end if;
    if p_by_date then
        v_order := ' order by e.dated desc, e.id desc';
    end if;
    if p_by_date then
        v_look := 200;  -- the newest of many are not among the first met
    end if;
    if chancery_is_system() then
        return query execute format(
            'select %s from (select e.* from records_searchentry e where e.tokens @@ $1 %s %s %s limit $11) c',
            v_shown, v_filters, v_text, v_order)
        using p_query, p_kinds, p_since, p_until, v_units, p_labels, p_classes, p_states, p_text, p_without, p_most;
        return;
    end if;
    execute format($q$
        select array_agg(l.place), array_agg(l.guard_id) from (
            select e.ctid as place, e.guard_id from records_searchentry e where e.tokens @@ $1 %s limit $9) l
        $q$, v_filters)
    into v_places, v_guards
    using p_query, p_kinds, p_since, p_until, v_units, p_labels, p_classes, p_states, v_look + 1;
    if cardinality(v_places) > v_look then
        select count(*) into v_share from unnest(v_guards[1:200]) l join records_seen_guards() g on g.id = l;
        v_way := case when v_share < 50 then 'keys' when v_share < 160 or v_text <> '' or p_by_date then 'walk' end;
    end if;
    if v_way is null then
        select array_agg(l.place) into v_places
        from unnest(v_places, v_guards) l (place, guard_id) join records_seen_guards() g on g.id = l.guard_id;
        if cardinality(v_guards) <= v_look or cardinality(v_places) >= p_most then
            return query execute format(
                'select %s from (select e.* from unnest($9) l join records_searchentry e on e.ctid = l'
                || ' where true %s %s limit $11) c', v_shown, replace(v_text, '$9', '$12'), v_order)
            using p_query, p_kinds, p_since, p_until, v_units, p_labels, p_classes, p_states, v_places, p_without,
                  p_most, p_text;
            return;
        end if;
        v_way := 'walk';
    end if;
    if v_way = 'keys' or not p_by_date then
        return query execute format($q$
            select %s from (
                select e.* from records_searchentry e join records_seen_guards() g on g.id = e.guard_id
                where e.tokens @@ $1 %s %s %s %s limit $11) c
            $q$, v_shown, case v_way when 'keys' then 'and e.keys && $12' end, v_filters, v_text,
            replace(v_order, 'e.dated', '(e.dated + 0)'))
        using p_query, p_kinds, p_since, p_until, v_units, p_labels, p_classes, p_states, p_text, p_without, p_most,
              case v_way when 'keys' then records_my_keys() end;
        return;
    end if;
    -- As many as should hold enough that one sees, found as the system finds them; then who sees them. Asked together,
    -- the planner would rather read all that matches than walk the days.
    v_take := p_most::bigint * 220 / greatest(v_share, 20);
    loop
        execute format($q$
            select array_agg(l.place), array_agg(l.guard_id), count(*) from (
                select e.ctid as place, e.guard_id from records_searchentry e
                where e.tokens @@ $1 %s %s %s limit $11) l
            $q$, v_filters, v_text, v_order)
        into v_places, v_guards, v_met
        using p_query, p_kinds, p_since, p_until, v_units, p_labels, p_classes, p_states, p_text, p_without, v_take;
        select array_agg(l.place) into v_places
        from unnest(v_places, v_guards) l (place, guard_id) join records_seen_guards() g on g.id = l.guard_id;
        exit when v_met < v_take or cardinality(v_places) >= p_most;
        v_take := v_take * 3;
    end loop;
    return query execute format(
        'select %s from (select e.* from unnest($2) l join records_searchentry e on e.ctid = l %s limit $3) c',
        v_shown, v_order)
    using p_query, v_places, p_most;
end
$$;
"""

BEFORE = (
    import_module("chancery.kernel.records.migrations.0012_search_law")
    .FOUND.split("-- Whether a text says")[0]
    .replace("create function", "create or replace function")
)


class Migration(migrations.Migration):
    """The function that finds, written anew."""

    dependencies = [("records", "0019_document_period")]
    operations = [migrations.RunSQL(FOUND, BEFORE)]
