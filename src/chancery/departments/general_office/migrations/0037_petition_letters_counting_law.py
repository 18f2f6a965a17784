"""Who sees letters, figures, recommendations, warnings; bars reach letters; what destruction takes of a petition."""

from django.db import migrations

SYSTEM = "(select chancery_is_system())"
STAFF = """(select access_my_roles() && array['petition_registrar', 'petition_officer', 'petition_head'])"""

POLICIES = f"""
alter table general_office_petitionletter enable row level security;
create policy petitionletter_seen on general_office_petitionletter to chancery_web
    using ({SYSTEM} or exists (select 1 from general_office_petition p where p.id = petition_id));
revoke update, delete, truncate on general_office_petitionletter from chancery_web;
grant update (document_id, ended_at) on general_office_petitionletter to chancery_web;

-- Everybody may know what was released; the staff release it, once.
alter table general_office_petitionrelease enable row level security;
create policy petitionrelease_seen on general_office_petitionrelease for select to chancery_web using (true);
create policy petitionrelease_made on general_office_petitionrelease for insert to chancery_web
    with check ({SYSTEM} or {STAFF});
create policy petitionrelease_noticed on general_office_petitionrelease for update to chancery_web
    using ({SYSTEM} or {STAFF});
revoke update, delete, truncate on general_office_petitionrelease from chancery_web;
grant update (notice_id) on general_office_petitionrelease to chancery_web;

alter table general_office_petitionrecommendation enable row level security;
create policy petitionrecommendation_seen on general_office_petitionrecommendation to chancery_web
    using ({SYSTEM} or exists (select 1 from access_guard g where g.id = guard_id));
revoke update, delete, truncate on general_office_petitionrecommendation from chancery_web;
grant update (state, answer, answered_at, answered_person_id) on general_office_petitionrecommendation to chancery_web;

-- A unit does not learn from here that it is complained of.
alter table general_office_petitionwarning enable row level security;
create policy petitionwarning_seen on general_office_petitionwarning to chancery_web
    using ({SYSTEM} or ({STAFF} and (unit_id is null or not unit_id = any ((select access_my_units_above())::bigint[]))));
revoke update, delete, truncate on general_office_petitionwarning from chancery_web;
grant update (seen_at, seen_person_id, seen_note) on general_office_petitionwarning to chancery_web;
"""

# Whoever is kept from a petition is kept from its letters: from the moment they begin, and ever after.
BARS = """
create function general_office_petition_bar_letters(p_guards bigint[]) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    with wanted as (
        select distinct d.guard_id, b.person_id, b.unit_id
        from general_office_petition p
        join general_office_petitionletter l on l.petition_id = p.id
        join general_office_outgoingdocument d on d.id = l.document_id
        join access_guardbar b on b.guard_id = p.guard_id and b.ended_at is null
        where p.guard_id = any (p_guards)
    )
    insert into access_guardbar (guard_id, person_id, unit_id, how, since)
    select w.guard_id, w.person_id, w.unit_id, 'letter', now() from wanted w
    where not exists (
        select 1 from access_guardbar h where h.guard_id = w.guard_id and h.ended_at is null
            and h.person_id is not distinct from w.person_id and h.unit_id is not distinct from w.unit_id);
    update access_guardbar h set ended_at = greatest(now(), h.since)
    from general_office_petition p
    join general_office_petitionletter l on l.petition_id = p.id
    join general_office_outgoingdocument d on d.id = l.document_id
    where p.guard_id = any (p_guards) and h.guard_id = d.guard_id and h.how = 'letter' and h.ended_at is null
      and not exists (
        select 1 from access_guardbar b where b.guard_id = p.guard_id and b.ended_at is null
            and b.person_id is not distinct from h.person_id and b.unit_id is not distinct from h.unit_id);
end
$$;
create function general_office_petition_letter_bars() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_guards bigint[];
begin
    select array_agg(distinct p.guard_id) into v_guards
    from changed c join general_office_petition p on p.guard_id = c.guard_id
    where exists (select 1 from general_office_petitionletter l where l.petition_id = p.id);
    if v_guards is not null then
        perform general_office_petition_bar_letters(v_guards);
    end if;
    return null;
end
$$;
create function general_office_petition_letter_begun() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform general_office_petition_bar_letters(array(
        select p.guard_id from general_office_petition p where p.id = new.petition_id));
    return null;
end
$$;
revoke all on function general_office_petition_bar_letters, general_office_petition_letter_bars,
    general_office_petition_letter_begun from public;
create trigger general_office_petition_letter_bars_new after insert on access_guardbar
    referencing new table as changed for each statement execute function general_office_petition_letter_bars();
create trigger general_office_petition_letter_bars_ended after update on access_guardbar
    referencing new table as changed for each statement execute function general_office_petition_letter_bars();
create trigger general_office_petition_letter_begun after insert on general_office_petitionletter
    for each row execute function general_office_petition_letter_begun();
"""

# What was asked of a custodian stays, but for the owner's own function while it blanks.
ASIDE = "when (current_user = 'chancery_web' or coalesce(current_setting('chancery.purging', true), '') <> 'yes')"


def _opening_kept(when: str) -> str:
    return f"""
drop trigger general_office_opening_kept on general_office_identityopening;
create trigger general_office_opening_kept before insert or update on general_office_identityopening
    for each row {when} execute function general_office_opening_kept();
"""


PURGE = """
create function general_office_purge_petition(p_item bigint) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_subject text := records_ended_subject(p_item);
    v_petition bigint;
    v_title text;
    v_document record;
    v_matters bigint[];
begin
    select coalesce(nullif(i.title, ''), '-') into strict v_title from records_archivalitem i where i.id = p_item;
    select p.id into v_petition from general_office_petition p where 'general_office.petition:' || p.id = v_subject;
    if not found then
        raise exception 'item % was no petition', p_item using errcode = 'check_violation';
    end if;
    if not exists (select 1 from general_office_petition p where p.id = v_petition
                   and p.state in ('NOT_ACCEPTED', 'CLOSED', 'FINAL', 'WITHDRAWN')) then
        raise exception 'petition % is open: it stays', v_petition using errcode = 'check_violation';
    end if;
    perform set_config('chancery.purging', 'yes', true);
    -- Each sealed content has a data key of its own, wrapped in its row: with the row's bytes the key is gone.
    delete from general_office_petitionidentity where petition_id = v_petition;
    delete from general_office_petitionoriginal where petition_id = v_petition;
    delete from general_office_petitionlikeness where petition_id = v_petition;
    update general_office_petitiontext set masked = '' where petition_id = v_petition;
    update general_office_petitionfile set wrapped = '' where petition_id = v_petition;
    update general_office_identityopening set reason = '-', note = '' where petition_id = v_petition;
    update general_office_petitiontie set reason = '-', end_reason = case when end_reason = '' then '' else '-' end
    where v_petition in (petition_id, other_id);
    update general_office_petition set title = v_title, subject_person_id = null, region = '' where id = v_petition;
    -- The letters were filed with it.
    for v_document in select d.id, d.matter_id, d.record_id, d.sealed_file_id, d.set_file_id
                      from general_office_petitionletter l join general_office_outgoingdocument d on d.id = l.document_id
                      where l.petition_id = v_petition loop
        update general_office_outgoingdocument set title = v_title, body = '{}', note = '', keywords = ''
        where id = v_document.id;
        update general_office_annex set name = '-' where document_id = v_document.id;
        delete from general_office_comment where document_id = v_document.id and thread_id is not null;
        delete from general_office_comment where document_id = v_document.id;
        delete from general_office_draftversion where document_id = v_document.id;
        delete from general_office_unsavedwork where document_id = v_document.id;
        update records_storedfile f set text = '', destroyed_at = coalesce(f.destroyed_at, i.ended_at)
        from records_archivalitem i
        where i.id = p_item
          and (f.id in (v_document.sealed_file_id, v_document.set_file_id)
               or f.owner = 'general_office.OutgoingDocument:' || v_document.id)
          and not exists (
            select 1 from records_itempart q join records_archivalitem j on j.id = q.item_id
            where q.file_id = f.id and j.state in ('FILED', 'OFFERED', 'HELD'));
        delete from records_searchentry where subject = 'general_office.OutgoingDocument:' || v_document.id;
        if v_document.record_id is not null then
            perform general_office_purge_record(p_item, v_document.record_id);
        end if;
    end loop;
    v_matters := array(
        select d.matter_id from general_office_petitionletter l
        join general_office_outgoingdocument d on d.id = l.document_id
        where l.petition_id = v_petition and d.matter_id is not null
        union
        select x.matter_id from general_office_petitionextension x
        join general_office_petitionstage s on s.id = x.stage_id
        where s.petition_id = v_petition and x.matter_id is not null
        union
        select s.matter_id from general_office_petitionstage s
        where s.petition_id = v_petition and s.matter_id is not null);
    update procedures_opinion set text = '' where matter_id = any (v_matters);
    update procedures_urge set note = '' where matter_id = any (v_matters);
    update procedures_notice set note = '' where matter_id = any (v_matters);
    update procedures_matter set title = v_title where id = any (v_matters);
    perform set_config('chancery.purging', '', true);
end
$$;
revoke all on function general_office_purge_petition(bigint) from public;
grant execute on function general_office_purge_petition(bigint) to chancery_web;
"""

DOWN = (
    """
drop function general_office_purge_petition(bigint);
drop trigger general_office_petition_letter_begun on general_office_petitionletter;
drop trigger general_office_petition_letter_bars_ended on access_guardbar;
drop trigger general_office_petition_letter_bars_new on access_guardbar;
drop function general_office_petition_letter_begun, general_office_petition_letter_bars,
    general_office_petition_bar_letters;
drop policy petitionwarning_seen on general_office_petitionwarning;
drop policy petitionrecommendation_seen on general_office_petitionrecommendation;
drop policy petitionrelease_noticed on general_office_petitionrelease;
drop policy petitionrelease_made on general_office_petitionrelease;
drop policy petitionrelease_seen on general_office_petitionrelease;
drop policy petitionletter_seen on general_office_petitionletter;
"""
    + _opening_kept("")
)


class Migration(migrations.Migration):
    """Policies, rights, triggers, one function."""

    dependencies = [("general_office", "0036_petition_letters_counting")]
    operations = [migrations.RunSQL(POLICIES + BARS + _opening_kept(ASIDE) + PURGE, DOWN)]
