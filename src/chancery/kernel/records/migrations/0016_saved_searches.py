"""Saved searches, what is to be indexed anew, and the triggers that note it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FOLLOWED = (
    ("directory_unit", "directory.unit", "id"),
    ("directory_unitterm", "directory.unit", "unit_id"),
    ("directory_post", "directory.post", "id"),
    ("directory_postterm", "directory.post", "post_id"),
    ("directory_person", "directory.person", "id"),
    ("directory_holding", "directory.person", "person_id"),
    ("rulebook_provision", "rulebook.provision", "id"),
    ("records_seal", "records.seal", "id"),
    ("records_papertype", "records.papertype", "id"),
)

LAW = """
-- Whose it is, sees it; nobody else does, not even that it is there.
alter table records_savedsearch enable row level security;
create policy records_savedsearch_own on records_savedsearch to chancery_web
    using ((select chancery_is_system()) or person_id = (select chancery_person()));
revoke truncate on records_savedsearch from chancery_web;

alter table records_searchdue enable row level security;
create policy records_searchdue_system on records_searchdue to chancery_web using ((select chancery_is_system()));
alter table records_searchguard enable row level security;
create policy records_searchguard_system on records_searchguard to chancery_web using ((select chancery_is_system()));
revoke update, delete, truncate on records_searchguard from chancery_web;

-- Arguments: the source and the column of its key.
create function records_search_due() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    insert into records_searchdue (source, key)
    values (TG_ARGV[0], (to_jsonb(case when TG_OP = 'DELETE' then old else new end) ->> TG_ARGV[1])::bigint);
    return null;
end
$$;
revoke all on function records_search_due from public;
"""

TRIGGERS = "".join(
    f"create trigger records_search_due after insert or update or delete on {table}"
    f" for each row execute function records_search_due('{source}', '{column}');\n"
    for table, source, column in FOLLOWED
)

DOWN = (
    "".join(f"drop trigger records_search_due on {table};" for table, _source, _column in FOLLOWED)
    + """
drop function records_search_due;
drop policy records_savedsearch_own on records_savedsearch;
drop policy records_searchdue_system on records_searchdue;
drop policy records_searchguard_system on records_searchguard;
"""
)


class Migration(migrations.Migration):
    """Three tables, one function, a trigger on each followed table."""

    dependencies = [
        ("access", "0005_readings_law"),
        ("directory", "0007_picking"),
        ("records", "0015_disposal_law"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchDue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=60)),
                ("key", models.BigIntegerField()),
            ],
            options={
                "db_table": "records_searchdue",
            },
        ),
        migrations.CreateModel(
            name="SearchGuard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.PositiveSmallIntegerField(unique=True)),
                (
                    "guard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.guard"
                    ),
                ),
            ],
            options={
                "db_table": "records_searchguard",
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("question", models.CharField(max_length=200)),
                ("asked", models.JSONField(blank=True, default=dict)),
                (
                    "notify",
                    models.CharField(
                        choices=[("NEVER", "Never"), ("DAILY", "Once a day"), ("AT_ONCE", "At once")],
                        default="NEVER",
                        max_length=8,
                        verbose_name="notice",
                    ),
                ),
                (
                    "told",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                (
                    "fresh",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("ran_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
            ],
            options={
                "db_table": "records_savedsearch",
                "indexes": [
                    models.Index(
                        condition=models.Q(("notify", "NEVER"), _negated=True),
                        fields=["ran_at"],
                        name="records_savedsearch_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "name"),
                        name="records_savedsearch_named",
                        violation_error_message="You have a saved search of this name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("question", ""), _negated=True), models.Q(("name", ""), _negated=True)
                        ),
                        name="records_savedsearch_asks",
                    ),
                ],
            },
        ),
        migrations.RunSQL(LAW + TRIGGERS, DOWN),
    ]
