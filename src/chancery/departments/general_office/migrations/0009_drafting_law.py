"""Who sees drafts' versions, unsaved work, comments; what of them the database keeps; templates and address groups."""

from django.db import migrations

SYSTEM = "(select chancery_is_system())"
STAFF = "(select chancery_kind()) in ('PERSON', 'SYSTEM')"
OF_DOCUMENT = "exists (select 1 from general_office_outgoingdocument d where d.id = document_id)"
OF_DRAFT = (
    "exists (select 1 from general_office_outgoingdocument d where d.id = old.document_id and d.state <> 'DRAFT')"
)
PARTS = ("draftversion", "unsavedwork", "editlock", "comment")
HOUSE = ("drafttemplate", "addressgroup", "groupmember")

ROW_SECURITY = "".join(
    f"""
alter table general_office_{name} enable row level security;
create policy {name}_seen on general_office_{name} to chancery_web using ({SYSTEM} or {OF_DOCUMENT});
revoke truncate on general_office_{name} from chancery_web;
"""
    for name in PARTS
) + "".join(
    f"""
alter table general_office_{name} enable row level security;
create policy {name}_seen on general_office_{name} to chancery_web using ({STAFF});
revoke truncate on general_office_{name} from chancery_web;
"""
    for name in HOUSE
)

LAW = f"""
-- A version is written once. It goes only with a draft that is thrown away.
create function general_office_version_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' or {OF_DRAFT} then
        raise exception 'version % of outgoing document % stays', old.number, old.document_id
            using errcode = 'check_violation';
    end if;
    return old;
end
$$;
create trigger general_office_version_kept before update or delete on general_office_draftversion
    for each row execute function general_office_version_kept();

-- What was said stays as said; it may be resolved and opened again.
create function general_office_comment_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if {OF_DRAFT} then
            raise exception 'comment % stays', old.id using errcode = 'check_violation';
        end if;
        return old;
    end if;
    if (new.document_id, new.thread_id, new.version, new.exact, new.prefix, new.suffix, new.start, new.text,
            new.person_id, new.post_id, new.at)
        is distinct from
       (old.document_id, old.thread_id, old.version, old.exact, old.prefix, old.suffix, old.start, old.text,
            old.person_id, old.post_id, old.at) then
        raise exception 'comment % stays as it was said', old.id using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_comment_kept before update or delete on general_office_comment
    for each row execute function general_office_comment_kept();
revoke delete on general_office_drafttemplate, general_office_addressgroup from chancery_web;
"""


class Migration(migrations.Migration):
    """Row security and the law of drafts."""

    dependencies = [("general_office", "0008_drafting")]

    operations = [
        migrations.RunSQL(ROW_SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(LAW, migrations.RunSQL.noop),
    ]
