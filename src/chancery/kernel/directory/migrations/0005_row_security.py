"""Who sees and who writes, decided in the database.

The public sees units, public posts, their holders and public contacts; staff see the rest, but a person whose name
is protected shows only from its label upward (and to the person). Writing needs the system, or a person in a post:
which post, the rule `may_edit` decides on top.
"""

from django.db import migrations

TABLES = ("unit", "unitterm", "post", "postterm", "person", "holding", "contact", "formerversion")

FUNCTIONS = """
create function directory_is_staff() returns boolean language sql stable parallel safe as
$$ select chancery_clearance() >= 10 $$;
create function directory_may_write() returns boolean language sql stable parallel safe as
$$ select chancery_is_system()
     or (chancery_kind() = 'PERSON' and chancery_clearance() >= 10 and chancery_post() is not null) $$;
"""

ENABLE = "\n".join(f"alter table directory_{table} enable row level security;" for table in TABLES)

POLICIES = """
create policy seen on directory_unit for select to chancery_web using (true);
create policy seen on directory_unitterm for select to chancery_web using (true);

create policy seen on directory_post for select to chancery_web
  using (is_public or (select directory_is_staff()));
create policy seen on directory_postterm for select to chancery_web
  using ((select directory_is_staff()) or exists (select 1 from directory_post p where p.id = post_id));
create policy seen on directory_person for select to chancery_web
  using (is_public or label <= (select chancery_clearance()) or id = (select chancery_person()));
create policy seen on directory_holding for select to chancery_web
  using (exists (select 1 from directory_person q where q.id = person_id)
     and ((select directory_is_staff()) or exists (select 1 from directory_post p where p.id = post_id)));
create policy seen on directory_contact for select to chancery_web
  using (case when (select directory_is_staff())
           then person_id is null or exists (select 1 from directory_person q where q.id = person_id)
         else is_public and (unit_id is not null
           or exists (select 1 from directory_post p where p.id = post_id)
           or exists (select 1 from directory_person q where q.id = person_id)) end);
create policy seen on directory_formerversion for select to chancery_web
  using ((select directory_is_staff()) and case row_table
    when 'directory_person' then exists (select 1 from directory_person q where q.id = row_id)
    when 'directory_holding' then exists (select 1 from directory_holding h where h.id = row_id)
      and exists (select 1 from directory_person q where q.id = (facts ->> 'person_id')::bigint)
    when 'directory_contact' then exists (select 1 from directory_contact c where c.id = row_id)
    else true end);
"""

WRITTEN = "\n".join(
    f"create policy added on directory_{table} for insert to chancery_web with check ((select directory_may_write()));\n"
    f"create policy changed on directory_{table} for update to chancery_web "
    f"using ((select directory_may_write())) with check ((select directory_may_write()));"
    for table in TABLES
    if table not in {"person", "formerversion"}
)

PERSON = """
create policy added on directory_person for insert to chancery_web
  with check ((select directory_may_write()) and not is_public);
create policy changed on directory_person for update to chancery_web
  using ((select directory_may_write())) with check ((select directory_may_write()));
alter table directory_person add constraint directory_person_label check (label in (10, 20, 30));
"""

VIEW = """
create view directory_publiccontact with (security_invoker = true) as
  select id, unit_id, post_id, person_id, kind, value, value_zh, position, during
  from directory_contact where is_public and not isempty(during);
revoke insert, update, delete on directory_publiccontact from chancery_web;
"""

DOWN = (
    "drop view directory_publiccontact;"
    "alter table directory_person drop constraint directory_person_label;"
    + "".join(f"drop policy if exists {p} on directory_{t};" for t in TABLES for p in ("seen", "added", "changed"))
    + "".join(f"alter table directory_{t} disable row level security;" for t in TABLES)
    + "drop function directory_may_write(); drop function directory_is_staff();"
)


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_today_repeated")]

    operations = [migrations.RunSQL(FUNCTIONS + ENABLE + POLICIES + WRITTEN + PERSON + VIEW, DOWN)]
