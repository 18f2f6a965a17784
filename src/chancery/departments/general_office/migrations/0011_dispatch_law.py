"""Who sees deliveries, arrivals, withdrawals and packages, and what of them the database keeps whoever asks."""

from django.db import migrations

SYSTEM = "(select chancery_is_system())"
SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
OF_OUTGOING = "exists (select 1 from general_office_outgoingdocument d where d.id = document_id)"
OF_INCOMING = "exists (select 1 from general_office_incomingdocument d where d.id = document_id)"
OF_RELATION = "exists (select 1 from general_office_relation r where r.id = relation_id)"
TABLES = (
    ("delivery", SEEN),
    ("withdrawal", OF_OUTGOING),
    ("relationeffect", OF_RELATION),
    ("arrival", OF_INCOMING),
    ("sendernote", OF_INCOMING),
    ("packagetaken", OF_INCOMING),
)

ROW_SECURITY = "".join(
    f"""
alter table general_office_{name} enable row level security;
create policy general_office_{name}_seen on general_office_{name} to chancery_web using ({SYSTEM} or {seen});
revoke delete, truncate on general_office_{name} from chancery_web;
"""
    for name, seen in TABLES
) + "".join(
    f"revoke update on general_office_{name} from chancery_web;\n"
    for name in ("relationeffect", "sendernote", "packagetaken")
)

LAW = """
-- An opening and a receipt stand; a recalled copy does not come back; whose copy it is never changes.
create function general_office_delivery_kept() returns trigger language plpgsql as $$
begin
    if (new.document_id, new.guard_id, new.unit_id, new.name, new.part)
        is distinct from (old.document_id, old.guard_id, old.unit_id, old.name, old.part) then
        raise exception 'delivery % is for the addressee it was made for', old.id using errcode = 'check_violation';
    end if;
    if old.state = 'RECALLED' then
        raise exception 'delivery % was recalled', old.id using errcode = 'check_violation';
    end if;
    if old.receipted_at is not null and (new.receipted_at, new.receipt_name, new.receipt_on)
        is distinct from (old.receipted_at, old.receipt_name, old.receipt_on) then
        raise exception 'the receipt of delivery % stands', old.id using errcode = 'check_violation';
    end if;
    if old.opened_at is not null and new.opened_at is distinct from old.opened_at then
        raise exception 'delivery % was opened', old.id using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_delivery_kept before update on general_office_delivery
    for each row execute function general_office_delivery_kept();

create function general_office_arrival_kept() returns trigger language plpgsql as $$
begin
    if (new.document_id, new.source, new.unit_id, new.sender_unit_id, new.parts, new.arrived_at)
        is distinct from (old.document_id, old.source, old.unit_id, old.sender_unit_id, old.parts, old.arrived_at)
        or (old.opened_at is not null and (new.opened_at, new.opened_person_id)
            is distinct from (old.opened_at, old.opened_person_id))
        or (old.signed_at is not null and (new.signed_at, new.signed_person_id)
            is distinct from (old.signed_at, old.signed_person_id))
        or (old.recalled_at is not null and new.recalled_at is distinct from old.recalled_at)
        or (old.declined_at is not null and new.declined_at is distinct from old.declined_at) then
        raise exception 'how document % arrived stands', old.document_id using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_arrival_kept before update on general_office_arrival
    for each row execute function general_office_arrival_kept();

-- A copy that was recalled or not accepted stays so.
create function general_office_copy_ended() returns trigger language plpgsql as $$
begin
    if old.state in ('RECALLED', 'DECLINED') and new.state <> old.state then
        raise exception 'document % was recalled or not accepted', old.id using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_copy_ended before update on general_office_incomingdocument
    for each row execute function general_office_copy_ended();

-- A withdrawal is decided once.
create function general_office_withdrawal_kept() returns trigger language plpgsql as $$
begin
    if old.state <> 'ASKED' or (new.document_id, new.reason, new.asked_at, new.asked_person_id)
        is distinct from (old.document_id, old.reason, old.asked_at, old.asked_person_id) then
        raise exception 'withdrawal % stands', old.id using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_withdrawal_kept before update on general_office_withdrawal
    for each row execute function general_office_withdrawal_kept();
"""

DOWN = (
    "".join(
        f"""
drop trigger general_office_{name}_kept on general_office_{name};
drop function general_office_{name}_kept();
"""
        for name in ("delivery", "arrival", "withdrawal")
    )
    + """
drop trigger general_office_copy_ended on general_office_incomingdocument;
drop function general_office_copy_ended();
"""
    + "".join(
        f"""
drop policy general_office_{name}_seen on general_office_{name};
alter table general_office_{name} disable row level security;
"""
        for name, _seen in TABLES
    )
)


class Migration(migrations.Migration):
    """Row security and the law of copies."""

    dependencies = [("general_office", "0010_dispatch"), ("access", "0002_row_security")]

    operations = [migrations.RunSQL(ROW_SECURITY + LAW, DOWN)]
