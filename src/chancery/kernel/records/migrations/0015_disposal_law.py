"""The law of disposal: who sees a list, whose names it needs, and that nothing ends, and no period shrinks, without them.

The web role cannot end an item, lift a hold alone or touch a period. What it may call are the functions at the end,
which run as the owner and ask everything again: the roles, the persons, the hash of what was decided, holds, days.
"""

from django.db import migrations

SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"
STAFF = "(select chancery_kind()) in ('PERSON', 'SYSTEM')"
OF_LIST = "exists (select 1 from records_appraisallist l where l.id = list_id)"
DEFINER = "language plpgsql security definer set search_path = pg_catalog, public, pg_temp"

POLICIES = {
    "records_appraisallist": f"{SYSTEM} or {SEEN}",
    "records_appraisalrow": f"{SYSTEM} or {OF_LIST}",
    "records_appraisalsheet": f"{SYSTEM} or {OF_LIST}",
    "records_perioddecision": f"{SYSTEM} or {SEEN}",
    "records_disposalact": f"{SYSTEM} or {OF_LIST} or exists (select 1 from records_perioddecision d"
    " where d.id = decision_id)",
    "records_destructioncertificate": STAFF,
    "records_destroyeditem": f"{SYSTEM} or exists (select 1 from records_archivalitem i where i.id = item_id)",
}

ROW_SECURITY = "".join(
    f"""
alter table {table} enable row level security;
create policy {table}_seen on {table} to chancery_web using ({rule});
revoke update, delete, truncate on {table} from chancery_web;
"""
    for table, rule in POLICIES.items()
)

RIGHTS = """
grant update (state, note, version, approved_at) on records_appraisallist to chancery_web;
grant update (verdict, new_period, reason, appraised_at, appraised_person_id) on records_appraisalrow to chancery_web;
grant update (state, fault_count) on records_appraisalsheet to chancery_web;
grant update (state, decided_at) on records_perioddecision to chancery_web;
grant update (file_id) on records_destructioncertificate to chancery_web;
revoke insert on records_destructioncertificate, records_destroyeditem from chancery_web;
"""

HOLDS = f"""
-- A hold is placed in one's own name, and lifted by another keeper than the one who placed it.
create function records_hold_born() returns trigger language plpgsql as $$
begin
    if new.lifted_at is not null
       or (not chancery_is_system() and new.placed_person_id is distinct from chancery_person()) then
        raise exception 'a hold is placed in one''s own name, and stands' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_hold_born before insert on records_hold for each row execute function records_hold_born();

create function records_hold_lifted() returns trigger {DEFINER} as $$
begin
    if old.lifted_at is null and new.lifted_at is not null
       and (chancery_kind() <> 'PERSON' or new.lifted_person_id is distinct from chancery_person()
            or new.lifted_person_id is not distinct from old.placed_person_id
            or not access_holds('hold_keeper', null)) then
        raise exception 'a hold is lifted by another keeper of holds than the one who placed it'
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_hold_lifted before update of lifted_at on records_hold
    for each row execute function records_hold_lifted();
"""

HASHES = f"""
create function records_appraisal_hash(p_list bigint) returns text {DEFINER} stable as $$
begin
    return (select encode(sha256(convert_to(coalesce(string_agg(concat_ws(E'\\x1f', r.position, r.code, r.title,
                r.class_code, r.year, r.period, r.retain_until, r.verdict, r.new_period, r.reason), E'\\n'
                order by r.position), ''), 'UTF8')), 'hex')
            from records_appraisalrow r where r.list_id = p_list);
end
$$;

-- Of what is to be destroyed now: the items of the list that stay in question, and that nothing was left out since.
create function records_destruction_hash(p_list bigint) returns text {DEFINER} stable as $$
begin
    return (select encode(sha256(convert_to(l.frozen_hash || E'\\n' || coalesce((select string_agg(r.code, E'\\n' order by r.position)
                from records_appraisalrow r where r.list_id = l.id and r.verdict = 'DESTROY' and r.left_out_at is null),
                ''), 'UTF8')), 'hex')
            from records_appraisallist l where l.id = p_list);
end
$$;

create function records_decision_hash(p_decision bigint) returns text {DEFINER} stable as $$
begin
    return (select encode(sha256(convert_to(concat_ws(E'\\x1f', d.item_id, d.from_period, d.to_period, d.reason, d.basis),
                'UTF8')), 'hex')
            from records_perioddecision d where d.id = p_decision);
end
$$;

-- How many different people have appraised the list as it stands.
create function records_appraisers(p_list bigint) returns int {DEFINER} stable as $$
begin
    return (select count(distinct a.person_id) from records_disposalact a
            where a.list_id = p_list and a.act = 'APPRAISED' and a.what = records_appraisal_hash(p_list));
end
$$;
"""

LISTS = f"""
create function records_appraisallist_born() returns trigger language plpgsql as $$
begin
    if new.state <> 'DRAFT' or new.frozen_hash <> '' or new.approved_at is not null or new.executed_at is not null
       or new.made_person_id is distinct from chancery_person() then
        raise exception 'an appraisal list begins as a draft of whoever draws it up' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_appraisallist_born before insert on records_appraisallist
    for each row execute function records_appraisallist_born();

create function records_appraisallist_ends() returns trigger language plpgsql as $$
begin
    if new.state = 'EXECUTED' and old.state <> 'EXECUTED' and current_user = 'chancery_web' then
        raise exception 'list % is carried out by its own procedure only', old.code using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_appraisallist_ends before update on records_appraisallist
    for each row execute function records_appraisallist_ends();

create function records_appraisallist_kept() returns trigger {DEFINER} as $$
begin
    if new.state = old.state then
        if old.state not in ('DRAFT', 'APPRAISAL') and new.version <> old.version then
            raise exception 'list % is not changed any more', old.code using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if (old.state, new.state) not in (
        ('DRAFT', 'APPRAISAL'), ('APPRAISAL', 'SUBMITTED'), ('SUBMITTED', 'APPRAISAL'), ('SUBMITTED', 'APPROVED'),
        ('APPROVED', 'EXECUTED'), ('DRAFT', 'WITHDRAWN'), ('APPRAISAL', 'WITHDRAWN'), ('SUBMITTED', 'WITHDRAWN'),
        ('APPROVED', 'WITHDRAWN')) then
        raise exception 'list % does not go from % to %', old.code, old.state, new.state
            using errcode = 'check_violation';
    end if;
    if new.state = 'SUBMITTED' and records_appraisers(old.id) < 2 then
        raise exception 'list % needs two different appraisers', old.code using errcode = 'check_violation';
    end if;
    if new.state = 'APPROVED' then
        if new.approved_at is null or not exists (
            select 1 from records_disposalact a
            where a.list_id = old.id and a.act = 'APPROVED' and a.what = records_appraisal_hash(old.id)) then
            raise exception 'list % was not approved as it stands', old.code using errcode = 'check_violation';
        end if;
        new.frozen_hash := records_appraisal_hash(old.id);
    end if;
    return new;
end
$$;
create trigger records_appraisallist_kept before update on records_appraisallist
    for each row execute function records_appraisallist_kept();

create function records_appraisalrow_kept() returns trigger {DEFINER} as $$
declare
    v_state text;
begin
    select state into v_state from records_appraisallist where id = new.list_id for no key update;
    if tg_op = 'INSERT' then
        if v_state <> 'DRAFT' or new.verdict <> '' or new.left_out_at is not null or new.done_at is not null then
            raise exception 'items come onto a list while it is drawn up' using errcode = 'check_violation';
        end if;
        if not exists (select 1 from records_archivalitem i where i.id = new.item_id
                       and (i.code, i.title, i.class_code, i.year, i.period, i.retain_until)
                         = (new.code, new.title, new.class_code, new.year, new.period, new.retain_until)) then
            raise exception 'row % does not say what the catalogue says', new.code using errcode = 'check_violation';
        end if;
        if exists (select 1 from records_appraisalrow r join records_appraisallist l on l.id = r.list_id
                   where r.item_id = new.item_id and r.list_id <> new.list_id and r.left_out_at is null
                     and r.done_at is null and l.state in ('DRAFT', 'APPRAISAL', 'SUBMITTED', 'APPROVED')) then
            raise exception 'item % is on another list', new.code using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if (new.verdict, new.new_period, new.reason, new.appraised_at, new.appraised_person_id)
            is distinct from (old.verdict, old.new_period, old.reason, old.appraised_at, old.appraised_person_id)
            and v_state not in ('DRAFT', 'APPRAISAL') then
        raise exception 'the list is decided on as it stands' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_appraisalrow_kept before insert or update on records_appraisalrow
    for each row execute function records_appraisalrow_kept();

create function records_certificate_filed() returns trigger language plpgsql as $$
begin
    if old.file_id is not null then
        raise exception 'certificate % stands', old.code using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_certificate_filed before update of file_id on records_destructioncertificate
    for each row execute function records_certificate_filed();

-- No destruction without its paper: the transaction that destroys lays the certificate down, or nothing happened.
create function records_certificate_has_paper() returns trigger {DEFINER} as $$
begin
    if exists (select 1 from records_destructioncertificate c where c.id = new.id and c.file_id is null) then
        raise exception 'certificate % has no paper', new.code using errcode = 'check_violation';
    end if;
    return null;
end
$$;
create constraint trigger records_certificate_has_paper after insert on records_destructioncertificate
    deferrable initially deferred for each row execute function records_certificate_has_paper();

create function records_perioddecision_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'ASKED' or new.asked_person_id is distinct from chancery_person() then
            raise exception 'a shorter period is first asked for' using errcode = 'check_violation';
        end if;
    elsif old.state <> 'ASKED' or (new.state = 'APPROVED' and current_user = 'chancery_web') then
        raise exception 'a shorter period is decided once, by its own procedure' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_perioddecision_kept before insert or update on records_perioddecision
    for each row execute function records_perioddecision_kept();
"""

ACTS = f"""
-- A name is one's own, put by a post that has the role, at its turn, on what stands there now; and apart from the others.
create function records_disposalact_lawful() returns trigger {DEFINER} as $$
declare
    v_list records_appraisallist;
    v_decision records_perioddecision;
    v_keeper bigint;
    v_others bigint[];
begin
    if chancery_kind() <> 'PERSON' or chancery_person() is null or chancery_post() is null then
        raise exception 'an act of disposal has a person''s name' using errcode = 'check_violation';
    end if;
    new.person_id := chancery_person();
    new.post_id := chancery_post();
    if new.decision_id is not null then
        select * into strict v_decision from records_perioddecision where id = new.decision_id for update;
        select f.keeper_unit_id into strict v_keeper from records_archivalitem i join records_fonds f on f.id = i.fonds_id
            where i.id = v_decision.item_id;
        new.what := records_decision_hash(new.decision_id);
        v_others := array_append(array(select a.person_id from records_disposalact a
                                       where a.decision_id = new.decision_id), v_decision.asked_person_id);
        if v_decision.state <> 'ASKED' or new.act not in ('AGREED', 'APPROVED') or new.person_id = any (v_others)
           or (new.act = 'AGREED' and not access_holds('archive_head', v_keeper))
           or (new.act = 'APPROVED' and (not access_holds('leader', v_keeper) or not exists (
                select 1 from records_disposalact a where a.decision_id = new.decision_id and a.act = 'AGREED'
                  and a.what = new.what))) then
            raise exception 'this name cannot be put to the shorter period' using errcode = 'check_violation';
        end if;
        return new;
    end if;
    select * into strict v_list from records_appraisallist where id = new.list_id for update;
    select keeper_unit_id into strict v_keeper from records_fonds where id = v_list.fonds_id;
    new.what := records_appraisal_hash(new.list_id);
    case new.act
    when 'APPRAISED' then
        if v_list.state <> 'APPRAISAL' or not access_holds('appraiser', null) or exists (
                select 1 from records_appraisalrow r where r.list_id = new.list_id and r.verdict = '') then
            raise exception 'list % cannot be signed by this appraiser now', v_list.code using errcode = 'check_violation';
        end if;
    when 'AGREED', 'APPROVED' then
        v_others := array_append(array(
            select a.person_id from records_disposalact a where a.list_id = new.list_id
              and a.act in ('APPRAISED', case when new.act = 'APPROVED' then 'AGREED' else 'APPRAISED' end)),
            v_list.made_person_id);
        if v_list.state <> 'SUBMITTED' or new.person_id = any (v_others) or records_appraisers(new.list_id) < 2
           or not access_holds(case new.act when 'AGREED' then 'archive_head' else 'leader' end, v_keeper)
           or (new.act = 'APPROVED' and not exists (
                select 1 from records_disposalact a where a.list_id = new.list_id and a.act = 'AGREED'
                  and a.what = new.what)) then
            raise exception 'this name cannot be put to list %', v_list.code using errcode = 'check_violation';
        end if;
    when 'DESTROYER', 'SUPERVISOR' then
        if v_list.state <> 'APPROVED' or new.what <> v_list.frozen_hash
           or not access_holds(case new.act when 'DESTROYER' then 'archivist' else 'disposal_supervisor' end, v_keeper)
           or exists (select 1 from records_disposalact a where a.list_id = new.list_id
                      and a.act in ('AGREED', 'APPROVED') and a.person_id = new.person_id) then
            raise exception 'this person does not destroy by list %', v_list.code using errcode = 'check_violation';
        end if;
        new.what := records_destruction_hash(new.list_id);
        if exists (select 1 from records_disposalact a where a.list_id = new.list_id and a.person_id = new.person_id
                   and a.act in ('DESTROYER', 'SUPERVISOR') and a.act <> new.act and a.what = new.what) then
            raise exception 'nobody destroys alone: list % needs a second person', v_list.code
                using errcode = 'check_violation';
        end if;
    else
        raise exception 'no such act' using errcode = 'check_violation';
    end case;
    return new;
end
$$;
create trigger records_disposalact_lawful before insert on records_disposalact
    for each row execute function records_disposalact_lawful();
"""

CARRIED_OUT = f"""
-- The day, as the site reckons it, and never later than the server's: a clock set forward expires nothing.
create function records_disposal_day() returns date language sql stable as
$$ select least(chancery_today(), (now() at time zone 'UTC')::date + 1) $$;

create function records_list_finished(p_list bigint, p_at timestamptz) returns void {DEFINER} as $$
begin
    update records_appraisallist l set state = 'EXECUTED', executed_at = p_at
    where l.id = p_list and l.state = 'APPROVED' and not exists (
        select 1 from records_appraisalrow r where r.list_id = l.id and r.verdict <> 'TRANSFER'
          and r.done_at is null and r.left_out_at is null);
end
$$;

create function records_demand_archivist(p_fonds bigint) returns void {DEFINER} as $$
begin
    if chancery_kind() <> 'PERSON' or not exists (
            select 1 from records_fonds f where f.id = p_fonds
              and (access_holds('archivist', f.keeper_unit_id) or access_holds('archive_head', f.keeper_unit_id))) then
        raise exception 'this is for the archivists of the fonds' using errcode = 'insufficient_privilege';
    end if;
end
$$;

-- What may not be destroyed today although it was approved: held, or no longer run out. It waits for another list.
create function records_leave_out(p_list bigint, p_at timestamptz) returns int {DEFINER} as $$
declare
    v_list records_appraisallist;
    v_many int;
begin
    select * into strict v_list from records_appraisallist where id = p_list for update;
    perform records_demand_archivist(v_list.fonds_id);
    if v_list.state <> 'APPROVED' then
        raise exception 'list % is not approved', v_list.code using errcode = 'check_violation';
    end if;
    update records_appraisalrow r set left_out_at = p_at
    from records_archivalitem i
    where r.list_id = p_list and r.verdict = 'DESTROY' and r.left_out_at is null and r.done_at is null
      and i.id = r.item_id
      and (i.state <> 'HELD' or i.retain_until is null or i.retain_until >= records_disposal_day()
           or i.id in (select records_held(array(select s.item_id from records_appraisalrow s where s.list_id = p_list))));
    get diagnostics v_many = row_count;
    perform records_list_finished(p_list, p_at);
    return v_many;
end
$$;

-- The longer periods that were decided.
create function records_set_periods(p_list bigint, p_at timestamptz) returns int {DEFINER} as $$
declare
    v_list records_appraisallist;
    v_many int;
begin
    select * into strict v_list from records_appraisallist where id = p_list for update;
    perform records_demand_archivist(v_list.fonds_id);
    if v_list.state <> 'APPROVED' or records_appraisal_hash(p_list) <> v_list.frozen_hash then
        raise exception 'list % is not approved as it stands', v_list.code using errcode = 'check_violation';
    end if;
    update records_archivalitem i
    set period = p.code, retain_until = records_period_end(p.plan_id, p.code, i.retain_from), version = i.version + 1
    from records_appraisalrow r, records_planclass c, records_retentionperiod p
    where r.list_id = p_list and r.verdict in ('KEEP', 'EXTEND') and r.done_at is null and r.item_id = i.id
      and c.id = i.plan_class_id and p.plan_id = c.plan_id
      and case r.verdict when 'KEEP' then p.years is null else p.code = r.new_period end
      and i.state = 'HELD' and i.retain_until is not null;
    update records_appraisalrow r set done_at = p_at
    from records_archivalitem i
    where r.list_id = p_list and r.verdict in ('KEEP', 'EXTEND') and r.done_at is null and i.id = r.item_id
      and (i.retain_until is null or i.retain_until > r.retain_until);
    get diagnostics v_many = row_count;
    perform records_list_finished(p_list, p_at);
    return v_many;
end
$$;

create function records_lengthen_period(p_item bigint, p_period text) returns date {DEFINER} as $$
declare
    v_item records_archivalitem;
    v_plan bigint;
    v_until date;
begin
    select * into strict v_item from records_archivalitem where id = p_item for update;
    perform records_demand_archivist(v_item.fonds_id);
    select plan_id into strict v_plan from records_planclass where id = v_item.plan_class_id;
    v_until := records_period_end(v_plan, p_period, v_item.retain_from);
    if v_item.state not in ('FILED', 'OFFERED', 'HELD') or v_item.retain_until is null or v_until <= v_item.retain_until then
        raise exception 'the period of item % only grows', v_item.code using errcode = 'check_violation';
    end if;
    update records_archivalitem set period = p_period, retain_until = v_until, version = version + 1 where id = p_item;
    return v_until;
end
$$;

-- A shorter period, when the head of the archive and a leader put their names to it; never below what the schedule owes.
create function records_shorten_period(p_decision bigint, p_at timestamptz) returns date {DEFINER} as $$
declare
    v_decision records_perioddecision;
    v_item records_archivalitem;
    v_class records_planclass;
    v_until date;
    v_owed date;
    v_names int;
begin
    select * into strict v_decision from records_perioddecision where id = p_decision for update;
    select * into strict v_item from records_archivalitem where id = v_decision.item_id for update;
    select * into strict v_class from records_planclass where id = v_item.plan_class_id;
    select count(distinct a.person_id) into v_names from records_disposalact a
        where a.decision_id = p_decision and a.act in ('AGREED', 'APPROVED') and a.what = records_decision_hash(p_decision)
          and a.person_id is distinct from v_decision.asked_person_id
          and exists (select 1 from records_disposalact b where b.decision_id = p_decision and b.act = 'APPROVED'
                      and b.what = a.what and b.person_id = chancery_person());
    v_until := records_period_end(v_class.plan_id, v_decision.to_period, v_item.retain_from);
    v_owed := records_period_end(v_class.plan_id, v_class.period, v_item.retain_from);
    if v_decision.state <> 'ASKED' or v_names < 2 or v_item.period <> v_decision.from_period
       or v_item.state not in ('FILED', 'OFFERED', 'HELD')
       or v_until is null or (v_item.retain_until is not null and v_until >= v_item.retain_until) then
        raise exception 'the shorter period of item % is not approved', v_item.code using errcode = 'check_violation';
    end if;
    if v_owed is null or v_until < v_owed then
        raise exception 'the schedule owes item % the period %', v_item.code, v_class.period
            using errcode = 'check_violation';
    end if;
    perform set_config('chancery.period_decision', v_item.id::text, true);
    update records_archivalitem set period = v_decision.to_period, retain_until = v_until, version = version + 1
        where id = v_item.id;
    perform set_config('chancery.period_decision', '', true);
    update records_perioddecision set state = 'APPROVED', decided_at = p_at where id = p_decision;
    return v_until;
end
$$;
"""

DESTROY = f"""
create function records_destroy(p_list bigint, p_number bigint, p_at timestamptz, p_titles boolean) returns bigint
{DEFINER} as $$
declare
    v_list records_appraisallist;
    v_what text := records_destruction_hash(p_list);
    v_destroyer bigint;
    v_supervisor bigint;
    v_items bigint[];
    v_code text;
    v_number text;
    v_files int;
    v_totals jsonb;
    v_hash text;
    v_certificate bigint;
begin
    -- No hold comes into being while we look: whoever is placing one is waited for, whoever comes later waits for us.
    lock table records_hold, records_holdcover in share row exclusive mode;
    select * into strict v_list from records_appraisallist where id = p_list for update;
    if v_list.state <> 'APPROVED' or records_appraisal_hash(p_list) <> v_list.frozen_hash then
        raise exception 'list % is not approved as it stands', v_list.code using errcode = 'check_violation';
    end if;
    select max(person_id) filter (where act = 'DESTROYER'), max(person_id) filter (where act = 'SUPERVISOR')
        into v_destroyer, v_supervisor
        from (select distinct on (a.act) a.act, a.person_id from records_disposalact a
              where a.list_id = p_list and a.act in ('DESTROYER', 'SUPERVISOR') and a.what = v_what
              order by a.act, a.id desc) last;
    if v_destroyer is null or v_supervisor is null or v_destroyer = v_supervisor
       or chancery_person() is distinct from v_destroyer and chancery_person() is distinct from v_supervisor
       or exists (select 1 from records_disposalact a where a.list_id = p_list and a.act in ('AGREED', 'APPROVED')
                  and a.person_id in (v_destroyer, v_supervisor)) then
        raise exception 'nobody destroys alone: list % needs its destroyer and its supervisor', v_list.code
            using errcode = 'check_violation';
    end if;
    v_items := array(select r.item_id from records_appraisalrow r
                     where r.list_id = p_list and r.verdict = 'DESTROY' and r.left_out_at is null order by r.item_id);
    if cardinality(v_items) = 0 then
        raise exception 'list % has nothing to destroy', v_list.code using errcode = 'check_violation';
    end if;
    perform 1 from records_archivalitem i where i.id = any (v_items) order by i.id for update;
    select i.code into v_code from records_archivalitem i where i.id = any (v_items)
        and (i.state <> 'HELD' or i.fonds_id <> v_list.fonds_id or i.retain_until is null
             or i.retain_until >= records_disposal_day()) order by i.code limit 1;
    if found then
        raise exception 'item % has not run out, or is not in the archive', v_code using errcode = 'check_violation';
    end if;
    select i.code into v_code from records_archivalitem i where i.id in (select records_held(v_items)) order by i.code limit 1;
    if found then
        raise exception 'item % is held', v_code using errcode = 'check_violation';
    end if;
    select n.text into v_number from records_issuednumber n where n.id = p_number
        and n.series = 'destruction_certificate' and n.state = 'ISSUED';
    if not found then
        raise exception 'a certificate needs its number' using errcode = 'check_violation';
    end if;
    select encode(sha256(convert_to(string_agg(one.line, E'\\n' order by one.code), 'UTF8')), 'hex') into v_hash
        from (select i.code, concat_ws(' ', i.code, (select string_agg(f.sha256, ' ' order by p.position)
                    from records_itempart p join records_storedfile f on f.id = p.file_id where p.item_id = i.id)) as line
              from records_archivalitem i where i.id = any (v_items)) one;
    select sum(t.files), jsonb_agg(jsonb_build_object('class_code', t.class_code, 'year', t.year, 'items', t.items,
                                                      'files', t.files) order by t.class_code, t.year)
        into v_files, v_totals
        from (select i.class_code, i.year, count(distinct i.id) as items, count(p.id) as files
              from records_archivalitem i left join records_itempart p on p.item_id = i.id
              where i.id = any (v_items) group by i.class_code, i.year) t;
    update records_archivalitem i
    set state = 'DESTROYED', ended_at = p_at, version = i.version + 1, note = '',
        title = case when p_titles then i.title else i.class_code end,
        author = case when p_titles then i.author else '' end,
        document_number = case when p_titles then i.document_number else '' end,
        matter_number = case when p_titles then i.matter_number else '' end
    where i.id = any (v_items);
    -- A file that another living item has as well stays with that one.
    update records_storedfile f set destroyed_at = p_at, text = ''
    where f.destroyed_at is null
      and f.id in (select p.file_id from records_itempart p where p.item_id = any (v_items))
      and not exists (select 1 from records_itempart q join records_archivalitem j on j.id = q.item_id
                      where q.file_id = f.id and j.state in ('FILED', 'OFFERED', 'HELD'));
    delete from records_searchentry s using records_archivalitem i
    where i.id = any (v_items) and s.subject in (i.subject, 'records.archivalitem:' || i.id) and s.subject <> '';
    insert into records_destructioncertificate (list_id, number_id, code, destroyed_at, destroyer_id, supervisor_id,
        item_count, file_count, totals, list_hash, items_hash)
    values (p_list, p_number, v_number, p_at, v_destroyer, v_supervisor, cardinality(v_items), v_files, v_totals,
            v_list.frozen_hash, v_hash)
    returning id into v_certificate;
    insert into records_destroyeditem (item_id, certificate_id) select unnest(v_items), v_certificate;
    update records_appraisalrow r set done_at = p_at where r.list_id = p_list and r.item_id = any (v_items);
    perform records_list_finished(p_list, p_at);
    return v_certificate;
end
$$;
"""

CALLED = (
    "records_appraisal_hash(bigint)",
    "records_destruction_hash(bigint)",
    "records_appraisers(bigint)",
    "records_leave_out(bigint, timestamptz)",
    "records_set_periods(bigint, timestamptz)",
    "records_lengthen_period(bigint, text)",
    "records_shorten_period(bigint, timestamptz)",
    "records_destroy(bigint, bigint, timestamptz, boolean)",
    "records_disposal_day()",
)
INNER = (
    "records_decision_hash(bigint)",
    "records_list_finished(bigint, timestamptz)",
    "records_demand_archivist(bigint)",
)
TRIGGERS = {
    "records_hold": ("records_hold_born", "records_hold_lifted"),
    "records_appraisallist": (
        "records_appraisallist_born",
        "records_appraisallist_ends",
        "records_appraisallist_kept",
    ),
    "records_appraisalrow": ("records_appraisalrow_kept",),
    "records_destructioncertificate": ("records_certificate_filed", "records_certificate_has_paper"),
    "records_perioddecision": ("records_perioddecision_kept",),
    "records_disposalact": ("records_disposalact_lawful",),
}

EXECUTE = f"""
revoke all on function {", ".join((*CALLED, *INNER))} from public;
grant execute on function {", ".join(CALLED)} to chancery_web;
"""

DOWN = (
    "".join(
        f"drop trigger {name} on {table}; drop function {name}();\n" for table, all_ in TRIGGERS.items() for name in all_
    )
    + "".join(f"drop function {name};\n" for name in (*CALLED, *INNER))
    + "".join(
        f"drop policy {table}_seen on {table}; alter table {table} disable row level security;\n"
        for table in reversed(POLICIES)
    )
)


class Migration(migrations.Migration):
    """Row security, rights, triggers, and the functions that alone end an item or set its period."""

    dependencies = [("records", "0014_fixity_packages"), ("records", "0013_disposal"), ("records", "0009_archive_law"), ("access", "0002_row_security")]
    operations = [
        migrations.RunSQL(
            ROW_SECURITY + RIGHTS + HOLDS + HASHES + LISTS + ACTS + CARRIED_OUT + DESTROY + EXECUTE, DOWN
        )
    ]
