"""Finding entries by who acted: an index of names, and a function that says which names hold a word."""

from django.db import migrations, models

# Under row security only leakproof comparisons may use an index: equality is one, a pattern is not. So the names that
# hold the word are looked up first, by the owner, in steps from one name to the next (as many as there are people who
# ever acted, not as many as there are entries); the entries of those names are then read under row security. A name
# found here whose entries are all hidden leads to no entry.
NAMES = """
create function journal_names_with(p_word text) returns setof text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as
$$
with recursive names (name) as (
    (select person_name from journal_entry where chancery_kind() in ('SYSTEM', 'PERSON') order by person_name limit 1)
    union all
    select (select e.person_name from journal_entry e where e.person_name > n.name order by e.person_name limit 1)
    from names n where n.name is not null
)
select name from names where name <> '' and strpos(lower(name), lower(p_word)) > 0
$$;
revoke all on function journal_names_with from public;
grant execute on function journal_names_with to chancery_web;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_chain")]
    operations = [
        migrations.AddIndex(
            model_name="entry", index=models.Index(fields=["person_name", "id"], name="journal_entry_by_name")
        ),
        migrations.RunSQL(NAMES, "drop function journal_names_with;"),
    ]
