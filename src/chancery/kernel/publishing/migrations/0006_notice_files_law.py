"""Attachments of notices: seen with the notice, changed in a draft alone, cleared one by one by another person."""

from django.db import migrations

SYSTEM = "(select chancery_is_system())"

LAW = """
create or replace function publishing_notice_law() returns trigger language plpgsql
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
        or exists (
            select 1 from publishing_noticefile f where f.notice_id = new.id
            and (f.verdict <> 'CLEARED' or f.reviewed_person_id is null or f.reviewed_person_id = new.made_person_id)
        )
    ) then
        raise exception 'another person clears every item before a notice goes out' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
"""

FILES = f"""
alter table publishing_noticefile enable row level security;
create policy publishing_noticefile_seen on publishing_noticefile to chancery_web
    using ({SYSTEM} or exists (select 1 from publishing_publicnotice n where n.id = notice_id));
revoke update, truncate on publishing_noticefile from chancery_web;
grant update (verdict, reason, reviewed_person_id, reviewed_at) on publishing_noticefile to chancery_web;

create function publishing_noticefile_law() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
declare
    of_notice bigint := case when tg_op = 'DELETE' then old.notice_id else new.notice_id end;
    stands text;
begin
    select state into stands from publishing_publicnotice where id = of_notice;
    if tg_op = 'UPDATE' then
        if stands is distinct from 'REVIEW' then
            raise exception 'attachments are looked through while under review' using errcode = 'check_violation';
        end if;
    elsif stands is distinct from 'DRAFT' then
        raise exception 'only a draft is changed' using errcode = 'check_violation';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end
$$;
create trigger publishing_noticefile_law before insert or update or delete on publishing_noticefile
    for each row execute function publishing_noticefile_law();
"""

BEFORE = """
create or replace function publishing_notice_law() returns trigger language plpgsql
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
"""

DOWN = """
drop trigger publishing_noticefile_law on publishing_noticefile;
drop function publishing_noticefile_law();
drop policy publishing_noticefile_seen on publishing_noticefile;
alter table publishing_noticefile disable row level security;
"""


class Migration(migrations.Migration):
    """Row security, rights and the law of attachments."""

    dependencies = [("publishing", "0005_notice_files")]
    operations = [migrations.RunSQL(FILES + LAW, BEFORE + DOWN)]
