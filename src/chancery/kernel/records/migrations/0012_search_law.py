"""Search that costs what one sees, not what there is: keys of who might see a thing, beside its words in one index."""

from importlib import import_module

from django.db import migrations

# Someone may see a row for few reasons: it is public, their post or one they stand in for opened it or reads it, its
# unit is theirs to oversee, a duty of theirs reads it. Each reason is a number; row and person share one, or the person
# does not see the row. That they share one proves nothing (numbers of duties are hashes, labels are left out): the law
# of visibility is asked of whatever is found.
KEYS = r"""
create function records_guard_keys(g access_guard) returns bigint[] language sql immutable as $$
    select array(
        select 0::bigint where g.is_public
        union select g.opened_post_id * 8 + 1 where g.opened_post_id is not null
        union select p * 8 + 1 from unnest(g.reader_posts) p
        union select g.unit_id * 8 + 2
        union select g.opened_account_id * 8 + 3 where g.opened_post_id is null and g.opened_account_id is not null
        union select hashtextextended(d, 0) | 7 from unnest(g.reader_duties) d)
$$;

create function records_my_keys() returns bigint[]
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    return array(
        select 0::bigint
        union select p * 8 + 1 from unnest(access_sight_posts()) p
        union select u * 8 + 2 from unnest(access_sight_units()) r, generate_series(lower(r), upper(r) - 1) u
        union select chancery_account() * 8 + 3 where chancery_account() is not null
        union select hashtextextended(d, 0) | 7 from jsonb_object_keys(access_sight_duties()) d
        -- Whoever stands in for some procedures only: "scope/p/post", "scope/u/unit", "scope/role@unit".
        union select case split_part(s, '/', 2)
                     when 'p' then split_part(s, '/', 3)::bigint * 8 + 1
                     when 'u' then split_part(s, '/', 3)::bigint * 8 + 2
                     else hashtextextended(split_part(s, '/', 2), 0) | 7 end
        from jsonb_object_keys(coalesce(access_sight_scoped(), '{}')) s);
end
$$;

create function records_search_keyed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    select records_guard_keys(g) into new.keys from access_guard g where g.id = new.guard_id;
    return new;
end
$$;
create trigger records_search_keyed before insert or update of guard_id, keys on records_searchentry
    for each row execute function records_search_keyed();

create function records_search_follow_guard() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update records_searchentry e set keys = k.keys
    from (select c.id, records_guard_keys(c::access_guard) as keys from changed c) k
    where e.guard_id = k.id and e.keys <> k.keys;
    return null;
end
$$;
create trigger records_search_follow_guard after update on access_guard
    referencing new table as changed for each statement execute function records_search_follow_guard();

update records_searchentry set keys = '{}';
revoke all on function records_guard_keys, records_my_keys, records_search_keyed, records_search_follow_guard
    from public;
"""

# Three ways to the same answer. A first look takes some thousands of what matches and asks who sees them. That is the
# whole answer for a rare word, and enough for someone who sees most. Where more matches, the first two hundred tell how
# much of it one sees: a fair part of it is walked through; whoever sees little is found by their keys, so that a
# million hidden rows cost nothing. (There the days are made unfit for their index: what is little is sorted.)
FOUND = r"""
create function records_search_found(
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
    v_share int;
    v_way text;
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
    return query execute format($q$
        select %s from (
            select e.* from records_searchentry e join records_seen_guards() g on g.id = e.guard_id
            where e.tokens @@ $1 %s %s %s %s limit $11) c
        $q$, v_shown, case v_way when 'keys' then 'and e.keys && $12' end, v_filters, v_text,
        case v_way when 'keys' then replace(v_order, 'e.dated', '(e.dated + 0)') else v_order end)
    using p_query, p_kinds, p_since, p_until, v_units, p_labels, p_classes, p_states, p_text, p_without, p_most,
          case v_way when 'keys' then records_my_keys() end;
end
$$;

-- Whether a text says one of each group of phrases ({"title": …} or {"text": …}), and none of those it must not.
create function records_search_says(p_en text, p_zh text, p_body text, p_text jsonb, p_without text[]) returns boolean
language plpgsql immutable set search_path = pg_catalog, public, pg_temp as $$
declare
    v_title text := lower(normalize(concat_ws(' ', p_en, p_zh), nfkc));
    v_all text := v_title || ' ' || lower(normalize(p_body, nfkc));
    v_group jsonb;
begin
    for v_group in select g from jsonb_array_elements(coalesce(p_text, '[]')) g loop
        if not exists (select 1 from jsonb_array_elements(v_group) a
                       where strpos(v_title, a->>'title') > 0 or strpos(v_all, a->>'text') > 0) then
            return false;
        end if;
    end loop;
    return not exists (select 1 from unnest(p_without) w where strpos(v_all, w) > 0);
end
$$;
revoke all on function records_search_found, records_search_says from public;
grant execute on function records_search_found to chancery_web;
drop function records_search_ids(tsquery, text[], text[], date, date, bigint[], int);
"""

DOWN = (
    """
drop function records_search_found, records_search_says;
drop trigger records_search_follow_guard on access_guard;
drop trigger records_search_keyed on records_searchentry;
drop function records_search_follow_guard, records_search_keyed, records_my_keys, records_guard_keys;
"""
    + import_module("chancery.kernel.records.migrations.0003_search").SEARCH
)


class Migration(migrations.Migration):
    """Keys, the triggers that keep them, the function that finds."""

    dependencies = [("records", "0011_filing_law"), ("access", "0003_own_rows"), ("directory", "0001_initial")]
    operations = [migrations.RunSQL(KEYS + FOUND, DOWN)]
