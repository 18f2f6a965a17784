"""Receipts are asked by hash and never read; a notice goes out when another person cleared every item of it."""

from django.db import migrations

SYSTEM = "(select chancery_is_system())"
SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
STAFF = "(select chancery_kind()) = 'PERSON' and (select chancery_clearance()) >= 10"

RECEIPTS = """
revoke select, update, delete, truncate on publishing_receipt from chancery_web;

create function publishing_receipt_subject(p_mac bytea) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.subject from publishing_receipt r where r.mac = p_mac
$$;
create function publishing_receipt_of_form(p_token bytea, p_since timestamptz) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select r.subject from publishing_receipt r where r.token_mac = p_token and r.issued_at >= p_since
$$;
revoke all on function publishing_receipt_subject(bytea), publishing_receipt_of_form(bytea, timestamptz) from public;
grant execute on function publishing_receipt_subject(bytea), publishing_receipt_of_form(bytea, timestamptz)
    to chancery_web;
revoke truncate on publishing_wrongtry from chancery_web;
"""

NOTICES = f"""
alter table publishing_publicnotice enable row level security;
create policy publishing_publicnotice_kept on publishing_publicnotice to chancery_web
    using ({SYSTEM} or {SEEN}) with check ({SYSTEM} or {SEEN});
create policy publishing_publicnotice_public on publishing_publicnotice for select to chancery_web
    using (state = 'PUBLISHED');
alter table publishing_noticeitem enable row level security;
create policy publishing_noticeitem_seen on publishing_noticeitem to chancery_web
    using ({SYSTEM} or exists (select 1 from publishing_publicnotice n where n.id = notice_id));
revoke delete, truncate on publishing_publicnotice from chancery_web;
revoke truncate on publishing_noticeitem from chancery_web;

create function publishing_notice_law() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if new.made_person_id <> old.made_person_id or new.guard_id <> old.guard_id then
        raise exception 'who made a notice does not change' using errcode = 'check_violation';
    end if;
    if old.state = new.state then
        if old.state <> 'DRAFT' and (old.title_en, old.title_zh) is distinct from (new.title_en, new.title_zh) then
            raise exception 'only a draft is changed' using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if (old.state, new.state) not in
        (('DRAFT', 'REVIEW'), ('REVIEW', 'DRAFT'), ('REVIEW', 'PUBLISHED'), ('PUBLISHED', 'WITHDRAWN')) then
        raise exception 'a notice does not go from % to %', old.state, new.state using errcode = 'check_violation';
    end if;
    if new.state = 'PUBLISHED' and (
        not exists (select 1 from publishing_noticeitem i where i.notice_id = new.id)
        or exists (
            select 1 from publishing_noticeitem i where i.notice_id = new.id
            and (i.verdict <> 'CLEARED' or i.reviewed_person_id is null or i.reviewed_person_id = new.made_person_id)
        )
    ) then
        raise exception 'another person clears every item before a notice goes out' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger publishing_notice_law before update on publishing_publicnotice
    for each row execute function publishing_notice_law();

create function publishing_noticeitem_law() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    of_notice bigint := case when tg_op = 'DELETE' then old.notice_id else new.notice_id end;
    stands text;
begin
    select state into stands from publishing_publicnotice where id = of_notice;
    if tg_op = 'UPDATE' and (old.text_en, old.text_zh, old.position) is not distinct from
        (new.text_en, new.text_zh, new.position) then
        if stands is distinct from 'REVIEW' then
            raise exception 'items are looked through while under review' using errcode = 'check_violation';
        end if;
    elsif stands is distinct from 'DRAFT' then
        raise exception 'only a draft is changed' using errcode = 'check_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end
$$;
create trigger publishing_noticeitem_law before insert or update or delete on publishing_noticeitem
    for each row execute function publishing_noticeitem_law();

-- What was taken back leaves its trace: that there was a notice, and when; never what it said.
create function publishing_withdrawn_notices() returns table (id bigint, published_on date, withdrawn_on date)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
    select n.id, n.published_at::date, n.withdrawn_at::date from publishing_publicnotice n where n.state = 'WITHDRAWN'
    order by n.withdrawn_at desc limit 100
$$;
revoke all on function publishing_withdrawn_notices() from public;
grant execute on function publishing_withdrawn_notices() to chancery_web;
"""

STATUS = f"""
alter table publishing_interruption enable row level security;
create policy publishing_interruption_told on publishing_interruption for select to chancery_web using (true);
create policy publishing_interruption_made on publishing_interruption for insert to chancery_web
    with check ({SYSTEM} or ({STAFF}));
create policy publishing_interruption_ended on publishing_interruption for update to chancery_web
    using ({SYSTEM} or ({STAFF}));
revoke update, delete, truncate on publishing_interruption from chancery_web;
grant update (called_off_at) on publishing_interruption to chancery_web;
"""

DOWN = """
drop policy publishing_interruption_ended on publishing_interruption;
drop policy publishing_interruption_made on publishing_interruption;
drop policy publishing_interruption_told on publishing_interruption;
alter table publishing_interruption disable row level security;
drop function publishing_withdrawn_notices();
drop trigger publishing_noticeitem_law on publishing_noticeitem;
drop function publishing_noticeitem_law();
drop trigger publishing_notice_law on publishing_publicnotice;
drop function publishing_notice_law();
drop policy publishing_noticeitem_seen on publishing_noticeitem;
alter table publishing_noticeitem disable row level security;
drop policy publishing_publicnotice_public on publishing_publicnotice;
drop policy publishing_publicnotice_kept on publishing_publicnotice;
alter table publishing_publicnotice disable row level security;
drop function publishing_receipt_of_form(bytea, timestamptz);
drop function publishing_receipt_subject(bytea);
"""


class Migration(migrations.Migration):
    """Rights, row security and the law of notices."""

    dependencies = [("publishing", "0003_receipts_notices_status"), ("access", "0002_row_security")]
    operations = [migrations.RunSQL(RECEIPTS + NOTICES + STATUS, DOWN)]
