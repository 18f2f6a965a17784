"""Blanking what was said in a matter whose archival item was destroyed: by one function, and for such an item only."""

from django.db import migrations

PURGE = """
-- The subject of an item that has ended; refused for one that lives. A transferred one is blanked by the system alone,
-- when the days for which copies stay are over.
create function records_ended_subject(p_item bigint) returns text
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_subject text;
begin
    select i.subject into v_subject from records_archivalitem i
    where i.id = p_item and i.subject <> ''
      and (i.state = 'DESTROYED' or (i.state = 'TRANSFERRED' and chancery_is_system()));
    if not found then
        raise exception 'item % was not destroyed: what is kept of it stays', p_item using errcode = 'check_violation';
    end if;
    return v_subject;
end
$$;

create function procedures_purge(p_item bigint) returns int
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_subject text := records_ended_subject(p_item);
    v_title text;
    v_matters bigint[];
begin
    select i.title into strict v_title from records_archivalitem i where i.id = p_item;
    v_matters := array(select m.id from procedures_matter m
                       where m.subject = v_subject or 'procedures.matter:' || m.id = v_subject);
    update procedures_opinion set text = '' where matter_id = any (v_matters);
    update procedures_urge set note = '' where matter_id = any (v_matters);
    update procedures_notice set note = '' where matter_id = any (v_matters);
    update procedures_matter set title = v_title where id = any (v_matters);
    delete from records_searchentry where subject in (select 'procedures.matter:' || m from unnest(v_matters) m);
    -- Files kept for the matter that no living item has.
    update records_storedfile f
    set text = '',
        destroyed_at = coalesce(f.destroyed_at, (select i.ended_at from records_archivalitem i where i.id = p_item))
    where f.owner = v_subject and not exists (
        select 1 from records_itempart q join records_archivalitem j on j.id = q.item_id
        where q.file_id = f.id and j.state in ('FILED', 'OFFERED', 'HELD'));
    return cardinality(v_matters);
end
$$;
revoke all on function records_ended_subject(bigint), procedures_purge(bigint) from public;
grant execute on function procedures_purge(bigint) to chancery_web;
"""


class Migration(migrations.Migration):
    """Two functions."""

    dependencies = [("procedures", "0004_mail_text"), ("records", "0015_disposal_law")]
    operations = [
        migrations.RunSQL(PURGE, "drop function procedures_purge(bigint); drop function records_ended_subject(bigint);")
    ]
