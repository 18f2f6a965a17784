"""Who sees requests to read and loans; a request is decided once and by another; what must stay is not lent."""

from django.db import migrations

SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"

POLICIES = f"""
alter table general_office_readingrequest enable row level security;
create policy readingrequest_seen on general_office_readingrequest to chancery_web using ({SYSTEM} or {SEEN});
alter table general_office_readingcopy enable row level security;
create policy readingcopy_seen on general_office_readingcopy to chancery_web
    using ({SYSTEM} or exists (select 1 from general_office_readingrequest r where r.id = request_id));
alter table general_office_loan enable row level security;
create policy loan_seen on general_office_loan to chancery_web using ({SYSTEM} or {SEEN});
"""  # noqa: S608 - our own names

LAW = """
revoke delete, truncate on general_office_readingrequest, general_office_loan from chancery_web;
revoke update, delete, truncate on general_office_readingcopy from chancery_web;

create function general_office_reading_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'ASKED' and not chancery_is_system() then
            raise exception 'a request to read begins as asked' using errcode = 'check_violation';
        end if;
        return new;
    end if;
    if (new.guard_id, new.item_id, new.person_id, new.post_id, new.purpose, new.wanted_until, new.asked_at)
            is distinct from (old.guard_id, old.item_id, old.person_id, old.post_id, old.purpose, old.wanted_until,
            old.asked_at) then
        raise exception 'what was asked stays' using errcode = 'check_violation';
    end if;
    if old.state <> new.state and not ((old.state = 'ASKED' and new.state in ('GRANTED', 'REFUSED'))
                                       or (old.state = 'GRANTED' and new.state = 'ENDED')) then
        raise exception 'a request to read is decided once' using errcode = 'check_violation';
    end if;
    if old.state <> 'ASKED' and (new.decided_person_id, new.ends_on, new.may_copy)
            is distinct from (old.decided_person_id, old.ends_on, old.may_copy) then
        raise exception 'a decision stays' using errcode = 'check_violation';
    end if;
    if new.state in ('GRANTED', 'REFUSED') and old.state = 'ASKED' and not chancery_is_system()
            and new.decided_person_id::text is distinct from current_setting('app.person', true) then
        raise exception 'one decides in one''s own name' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_reading_kept before insert or update on general_office_readingrequest
    for each row execute function general_office_reading_kept();

-- Whoever lends: not what was destroyed, transferred, is being handed over, is held or is out already.
create function general_office_loan_lawful() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        if (new.guard_id, new.fonds_id, new.item_id, new.box_id, new.code, new.borrower_id, new.borrower_post_id,
            new.lent_at, new.lent_person_id) is distinct from (old.guard_id, old.fonds_id, old.item_id, old.box_id,
            old.code, old.borrower_id, old.borrower_post_id, old.lent_at, old.lent_person_id)
           or (old.returned_at is not null and (new.returned_at, new.condition, new.due_on)
               is distinct from (old.returned_at, old.condition, old.due_on)) then
            raise exception 'a loan stays as it was noted' using errcode = 'check_violation';
        end if;
        return new;
    end if;
    perform 1 from records_archivalitem i where i.id = new.item_id or i.box_id = new.box_id for update;
    if exists (select 1 from records_archivalitem i
               where (i.id = new.item_id or i.box_id = new.box_id) and i.state not in ('FILED', 'HELD')) then
        raise exception 'what was handed over, transferred or destroyed is not lent' using errcode = 'check_violation';
    end if;
    if exists (select 1 from records_held(array(select i.id from records_archivalitem i
                                                where i.id = new.item_id or i.box_id = new.box_id))) then
        raise exception 'what is held is not lent' using errcode = 'check_violation';
    end if;
    if exists (select 1 from general_office_loan l join records_archivalitem i on i.id = l.item_id
               where l.returned_at is null and i.box_id = new.box_id)
       or exists (select 1 from general_office_loan l join records_archivalitem i on i.box_id = l.box_id
                  where l.returned_at is null and i.id = new.item_id) then
        raise exception 'it is out already, in its box or from it' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
revoke all on function general_office_loan_lawful() from public;
create trigger general_office_loan_lawful before insert or update on general_office_loan
    for each row execute function general_office_loan_lawful();
"""

DOWN = """
drop trigger general_office_loan_lawful on general_office_loan;
drop function general_office_loan_lawful();
drop trigger general_office_reading_kept on general_office_readingrequest;
drop function general_office_reading_kept();
drop policy loan_seen on general_office_loan;
drop policy readingcopy_seen on general_office_readingcopy;
drop policy readingrequest_seen on general_office_readingrequest;
"""


class Migration(migrations.Migration):
    """Row security, rights, triggers."""

    dependencies = [
        ("general_office", "0023_reading_loans"),
        ("records", "0015_disposal_law"),
        ("access", "0002_row_security"),
    ]
    operations = [migrations.RunSQL(POLICIES + LAW, DOWN)]
