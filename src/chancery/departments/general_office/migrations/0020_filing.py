"""Periods come from the file plan; what the registers keep of a destroyed item is blanked, by the owner's functions."""

from django.db import migrations, models

# The triggers that keep texts as they were signed or said stand aside for the owner's own functions while these blank;
# nothing the web role does passes by them.
ASIDE = "current_user = 'chancery_web' or coalesce(current_setting('chancery.purging', true), '') <> 'yes'"
KEPT = (
    (
        "general_office_outgoing_kept",
        "update or delete",
        "general_office_outgoingdocument",
        "general_office_outgoing_kept",
    ),
    ("general_office_version_kept", "update or delete", "general_office_draftversion", "general_office_version_kept"),
    ("general_office_comment_kept", "update or delete", "general_office_comment", "general_office_comment_kept"),
    (
        "general_office_annex_kept",
        "insert or update or delete",
        "general_office_annex",
        "general_office_outgoing_part_kept",
    ),
)


def _triggers(when: str) -> str:
    return "".join(
        f"drop trigger {name} on {table};\n"
        f"create trigger {name} before {what} on {table} for each row {when} execute function {function}();\n"
        for name, what, table, function in KEPT
    )


PURGE = """
create function general_office_purge_incoming(p_item bigint) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_subject text := records_ended_subject(p_item);
    v_document bigint;
    v_item records_archivalitem;
begin
    select * into strict v_item from records_archivalitem where id = p_item;
    select d.id into v_document from general_office_incomingdocument d
    where 'general_office.IncomingDocument:' || d.id = v_subject;
    if not found then
        raise exception 'item % was no incoming document', p_item using errcode = 'check_violation';
    end if;
    update general_office_incomingdocument
    set title = v_item.title, summary = '', addressees = '', result = '', reply_text = '', return_reason = ''
    where id = v_document;
    update general_office_incomingfile set name = '-' where document_id = v_document;
    perform general_office_purge_record(
        p_item, (select record_id from general_office_incomingdocument where id = v_document));
end
$$;

create function general_office_purge_outgoing(p_item bigint) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_subject text := records_ended_subject(p_item);
    v_document bigint;
    v_item records_archivalitem;
begin
    select * into strict v_item from records_archivalitem where id = p_item;
    select d.id into v_document from general_office_outgoingdocument d
    where 'general_office.OutgoingDocument:' || d.id = v_subject;
    if not found then
        raise exception 'item % was no outgoing document', p_item using errcode = 'check_violation';
    end if;
    perform set_config('chancery.purging', 'yes', true);
    update general_office_outgoingdocument set title = v_item.title, body = '{}', note = '', keywords = ''
    where id = v_document;
    update general_office_annex set name = '-' where document_id = v_document;
    delete from general_office_comment where document_id = v_document and thread_id is not null;
    delete from general_office_comment where document_id = v_document;
    delete from general_office_draftversion where document_id = v_document;
    delete from general_office_unsavedwork where document_id = v_document;
    perform set_config('chancery.purging', '', true);
    perform general_office_purge_record(
        p_item, (select record_id from general_office_outgoingdocument where id = v_document));
end
$$;

create function general_office_purge_record(p_item bigint, p_record bigint) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update records_document d set title = i.title, note = '', addressees = ''
    from records_archivalitem i where i.id = p_item and d.id = p_record;
    update records_storedfile f set text = '', destroyed_at = coalesce(f.destroyed_at, i.ended_at)
    from records_archivalitem i
    where i.id = p_item and f.owner = 'records.document:' || p_record and not exists (
        select 1 from records_itempart q join records_archivalitem j on j.id = q.item_id
        where q.file_id = f.id and j.state in ('FILED', 'OFFERED', 'HELD'));
    delete from records_searchentry where subject = 'records.document:' || p_record;
end
$$;
revoke all on function general_office_purge_incoming(bigint), general_office_purge_outgoing(bigint),
    general_office_purge_record(bigint, bigint) from public;
grant execute on function general_office_purge_incoming(bigint), general_office_purge_outgoing(bigint) to chancery_web;
"""

DOWN = """
drop function general_office_purge_incoming(bigint);
drop function general_office_purge_outgoing(bigint);
drop function general_office_purge_record(bigint, bigint);
"""


class Migration(migrations.Migration):
    """One column, four triggers, three functions."""

    dependencies = [("general_office", "0019_transfers"), ("procedures", "0005_purge"), ("records", "0013_disposal")]
    operations = [
        migrations.AlterField(
            model_name="incomingdocument",
            name="retention",
            field=models.CharField(blank=True, max_length=8, verbose_name="retention"),
        ),
        migrations.RunSQL(_triggers(f"when ({ASIDE})") + PURGE, DOWN + _triggers("")),
    ]
