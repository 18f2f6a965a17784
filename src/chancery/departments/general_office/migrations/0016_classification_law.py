"""Who sees decisions on levels, reviews and undefined matters, and what of them the database keeps whoever asks."""

from django.db import migrations

SYSTEM = "(select chancery_is_system())"
SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
OF_CLASSIFICATION = "exists (select 1 from general_office_classification c where c.id = classification_id)"
OF_REVIEW = "exists (select 1 from general_office_yearlyreview r where r.id = review_id)"
TABLES = (
    ("classification", SEEN),
    ("classificationaudience", OF_CLASSIFICATION),
    ("yearlyreview", SEEN),
    ("reviewentry", OF_REVIEW),
    ("undefinedmatter", SEEN),
)

ROW_SECURITY = "".join(
    f"""
alter table general_office_{name} enable row level security;
create policy general_office_{name}_seen on general_office_{name} to chancery_web using ({SYSTEM} or {seen});
revoke update, delete, truncate on general_office_{name} from chancery_web;
"""
    for name, seen in TABLES
)

RIGHTS = """
grant update (state, matter_id, decided_at, decided_person_id, decided_post_id, decision_note, ended_at, end_reason)
    on general_office_classification to chancery_web;
grant update (state, handed_in_at, handed_in_person_id, signed_at, signed_person_id, note)
    on general_office_yearlyreview to chancery_web;
grant update (decision, new_level, reason, decided_at, decided_person_id) on general_office_reviewentry to chancery_web;
grant update (reported_at, reported_person_id, reported_to, answered_at, answer)
    on general_office_undefinedmatter to chancery_web;
"""

LAW = """
alter table general_office_classification add constraint classification_within_cap
    check (until <= (starts_on + make_interval(years => cap_years::int))::date);

create function general_office_is_authority(p_unit bigint) returns boolean language sql stable as $$
    select chancery_is_system() or exists (
        select 1 from access_my_duties() d where d.role = 'classification_authority' and d.unit_id = p_unit
        and (d.scope is null or 'classification' = any (d.scope)))
$$;

-- A person only proposes. Somebody else, who answers for classification there, decides, once. Extension comes in time.
create function general_office_classification_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if not chancery_is_system() and (new.state <> 'PROPOSED'
                or new.proposed_person_id is distinct from chancery_person()) then
            raise exception 'a level begins as the proposal of the person who makes it' using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if old.matter_id is not null and new.matter_id is distinct from old.matter_id then
        raise exception 'decision % keeps its matter', old.id using errcode = 'check_violation';
    end if;
    if old.state not in ('PROPOSED', 'IN_FORCE') then
        raise exception 'decision % was made and stands', old.id using errcode = 'check_violation';
    end if;
    if old.state = 'IN_FORCE' and (new.state not in ('IN_FORCE', 'REPLACED', 'DECLASSIFIED')
            or (new.decided_at, new.decided_person_id) is distinct from (old.decided_at, old.decided_person_id)) then
        raise exception 'decision % is only replaced or ended', old.id using errcode = 'check_violation';
    end if;
    if new.state in ('IN_FORCE', 'REFUSED', 'REPLACED', 'DECLASSIFIED') and new.state <> old.state then
        if not general_office_is_authority(old.unit_id) then
            raise exception 'only the classification authority decides' using errcode = 'check_violation';
        end if;
        if old.state = 'PROPOSED' and not chancery_is_system()
                and (new.decided_person_id is distinct from chancery_person()
                     or new.decided_person_id is not distinct from old.proposed_person_id) then
            raise exception 'who proposes a level does not decide it' using errcode = 'check_violation';
        end if;
    end if;
    if old.state = 'PROPOSED' and new.state = 'IN_FORCE' and new.kind = 'EXTEND' and exists (
            select 1 from general_office_classification p
            where p.id = new.previous_id and (p.until < chancery_today() or p.state = 'DECLASSIFIED')) then
        raise exception 'what has expired is not extended' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_classification_kept before insert or update on general_office_classification
    for each row execute function general_office_classification_kept();

-- A review handed in is not rewritten; it is signed when every level on it was decided.
create function general_office_reviewentry_kept() returns trigger language plpgsql as $$
begin
    if exists (select 1 from general_office_yearlyreview r where r.id = new.review_id and r.state <> 'OPEN') then
        raise exception 'review % was handed in', new.review_id using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_reviewentry_kept before insert or update on general_office_reviewentry
    for each row execute function general_office_reviewentry_kept();

create function general_office_yearlyreview_kept() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if old.state = 'SIGNED' then
        raise exception 'review % was signed', old.id using errcode = 'check_violation';
    end if;
    if new.state = 'SIGNED' and old.state <> 'DECIDED' then
        raise exception 'review % is signed after it was handed in', old.id using errcode = 'check_violation';
    end if;
    if new.state <> 'OPEN' and old.state = 'OPEN' and exists (
            select 1 from general_office_reviewentry e where e.review_id = old.id and e.decision = '') then
        raise exception 'review % has levels nobody decided', old.id using errcode = 'check_violation';
    end if;
    if new.state = 'SIGNED' and not general_office_is_authority(old.unit_id) then
        raise exception 'only the classification authority signs' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_yearlyreview_kept before update on general_office_yearlyreview
    for each row execute function general_office_yearlyreview_kept();

create function general_office_undefinedmatter_kept() returns trigger language plpgsql as $$
begin
    if old.answered_at is not null
        or (old.reported_at is not null and (new.reported_at, new.reported_person_id, new.reported_to)
            is distinct from (old.reported_at, old.reported_person_id, old.reported_to)) then
        raise exception 'what became of undefined matter % stands', old.id using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_undefinedmatter_kept before update on general_office_undefinedmatter
    for each row execute function general_office_undefinedmatter_kept();
"""

DOWN = (
    "".join(
        f"""
drop trigger general_office_{name}_kept on general_office_{name};
drop function general_office_{name}_kept();
"""
        for name in ("classification", "reviewentry", "yearlyreview", "undefinedmatter")
    )
    + """
drop function general_office_is_authority(bigint);
alter table general_office_classification drop constraint classification_within_cap;
"""
    + "".join(
        f"""
drop policy general_office_{name}_seen on general_office_{name};
alter table general_office_{name} disable row level security;
"""
        for name, _seen in reversed(TABLES)
    )
)


class Migration(migrations.Migration):
    """Row security and the law of levels."""

    dependencies = [("general_office", "0015_classification"), ("access", "0003_own_rows")]

    operations = [migrations.RunSQL(ROW_SECURITY + RIGHTS + LAW, DOWN)]
