"""Openings of archives: lists, decisions, what is open; the law over them."""

import django.db.models.deletion
from django.db import migrations, models

LAW = """
alter table general_office_opening enable row level security;
create policy general_office_opening_seen on general_office_opening to chancery_web
    using ((select chancery_is_system()) or exists (select 1 from access_guard g where g.id = guard_id));
alter table general_office_openingrow enable row level security;
create policy general_office_openingrow_seen on general_office_openingrow to chancery_web
    using ((select chancery_is_system()) or exists (select 1 from general_office_opening o where o.id = opening_id));
revoke update, delete, truncate on general_office_opening from chancery_web;
grant update (note, version) on general_office_opening to chancery_web;
revoke update, delete, truncate on general_office_openingrow from chancery_web;
grant update (head_verdict, head_reason, head_person_id, head_at, officer_verdict, officer_reason, officer_person_id,
              officer_at) on general_office_openingrow to chancery_web;
-- What is open is for everybody to read and for nobody to write.
revoke insert, update, delete, truncate on general_office_openrecord from chancery_web;

create function general_office_openingrow_born() returns trigger language plpgsql as $$
begin
    if new.state <> 'PROPOSED' or new.head_verdict <> '' or new.officer_verdict <> '' then
        raise exception 'an opening is proposed before it is decided' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_openingrow_born before insert on general_office_openingrow
    for each row execute function general_office_openingrow_born();

-- Each decision is its giver's own, stands once given, and comes from who holds that office; nobody gives both, nobody
-- decides on his own proposal. The second one draws the consequence.
create function general_office_openingrow_decided() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_proposer bigint;
    v_keeper bigint;
begin
    select o.made_person_id, f.keeper_unit_id into strict v_proposer, v_keeper
    from general_office_opening o join records_fonds f on f.id = o.fonds_id where o.id = old.opening_id;
    if old.state <> 'PROPOSED'
        or (old.head_verdict <> '' and (new.head_verdict, new.head_person_id) is distinct from
            (old.head_verdict, old.head_person_id))
        or (old.officer_verdict <> '' and (new.officer_verdict, new.officer_person_id) is distinct from
            (old.officer_verdict, old.officer_person_id)) then
        raise exception 'a decision on an opening stands' using errcode = 'check_violation';
    end if;
    if new.head_verdict <> old.head_verdict and not (new.head_person_id = chancery_person()
            and new.head_person_id <> v_proposer and access_holds('archive_head', v_keeper)) then
        raise exception 'the head of the archive decides, not on what he proposed' using errcode = 'check_violation';
    end if;
    if new.officer_verdict <> old.officer_verdict and not (new.officer_person_id = chancery_person()
            and new.officer_person_id <> v_proposer and access_holds('confidential_officer', v_keeper)) then
        raise exception 'the confidential officer decides, not on what he proposed' using errcode = 'check_violation';
    end if;
    if new.head_person_id = new.officer_person_id then
        raise exception 'two persons decide on an opening' using errcode = 'check_violation';
    end if;
    if new.head_verdict <> '' and new.officer_verdict <> '' then
        new.state := case when new.head_verdict = 'OPEN' and new.officer_verdict = 'OPEN' then 'OPENED' else 'KEPT' end;
    end if;
    return new;
end
$$;
create trigger general_office_openingrow_decided before update on general_office_openingrow
    for each row execute function general_office_openingrow_decided();

create function general_office_openingrow_opened() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_at timestamptz := date_trunc('second', greatest(new.head_at, new.officer_at));
    v_item records_archivalitem;
    v_years int;
begin
    select o.years into strict v_years from general_office_opening o where o.id = new.opening_id;
    select * into strict v_item from records_archivalitem where id = new.item_id for update;
    if v_item.state <> 'HELD' or v_item.label > 10 or v_item.dated_on + make_interval(years => v_years) > v_at then
        raise exception 'item % cannot be opened', v_item.code using errcode = 'check_violation';
    end if;
    insert into general_office_openrecord as r (item_id, fonds_code, code, title, author, document_number, dated_on,
        class_code, page_count, is_open, opened_at, datestamp)
    select v_item.id, f.code, v_item.code, v_item.title, v_item.author, v_item.document_number, v_item.dated_on,
        v_item.class_code, v_item.page_count, true, v_at, v_at
    from records_fonds f where f.id = v_item.fonds_id
    on conflict (item_id) do update set code = excluded.code, title = excluded.title, author = excluded.author,
        document_number = excluded.document_number, dated_on = excluded.dated_on, class_code = excluded.class_code,
        page_count = excluded.page_count, is_open = true, opened_at = excluded.opened_at,
        datestamp = greatest(excluded.datestamp, r.datestamp + interval '1 second');
    update records_archivalitem set opens_on = v_at::date where id = v_item.id;
    return null;
end
$$;
create trigger general_office_openingrow_opened after update on general_office_openingrow
    for each row when (old.state = 'PROPOSED' and new.state = 'OPENED')
    execute function general_office_openingrow_opened();

create function general_office_shut(p_item bigint, p_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    update general_office_openrecord set is_open = false, code = '', title = '', author = '', document_number = '',
        dated_on = null, class_code = '', page_count = null,
        datestamp = greatest(date_trunc('second', p_at), datestamp + interval '1 second')
    where item_id = p_item and is_open;
end
$$;
create function general_office_close_record(p_item bigint, p_at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    v_keeper bigint;
begin
    select f.keeper_unit_id into strict v_keeper
    from records_archivalitem i join records_fonds f on f.id = i.fonds_id where i.id = p_item;
    if not (chancery_is_system() or access_holds('archive_head', v_keeper)
            or access_holds('confidential_officer', v_keeper)) then
        raise exception 'the head of the archive and the confidential officer close again what was opened'
            using errcode = 'insufficient_privilege';
    end if;
    perform general_office_shut(p_item, p_at);
    update records_archivalitem set opens_on = null where id = p_item;
end
$$;

-- What becomes restricted is shut at once, whoever relabels it.
create function general_office_openrecord_follow() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
    perform general_office_shut(new.id, now());
    return null;
end
$$;
create trigger general_office_openrecord_follow after update of label on records_archivalitem
    for each row when (new.label > 10 and new.opens_on is not null) execute function general_office_openrecord_follow();

revoke all on function general_office_openingrow_decided, general_office_openingrow_opened, general_office_shut,
    general_office_close_record, general_office_openrecord_follow from public;
grant execute on function general_office_close_record to chancery_web;
"""

DOWN = """
drop trigger general_office_openrecord_follow on records_archivalitem;
drop trigger general_office_openingrow_opened on general_office_openingrow;
drop trigger general_office_openingrow_decided on general_office_openingrow;
drop trigger general_office_openingrow_born on general_office_openingrow;
drop function general_office_openrecord_follow, general_office_close_record, general_office_shut,
    general_office_openingrow_opened, general_office_openingrow_decided, general_office_openingrow_born;
drop policy general_office_openingrow_seen on general_office_openingrow;
drop policy general_office_opening_seen on general_office_opening;
"""


class Migration(migrations.Migration):
    """Three tables, six functions."""

    dependencies = [
        ("access", "0005_readings_law"),
        ("directory", "0007_picking"),
        ("general_office", "0021_search_due"),
        ("records", "0019_document_period"),
    ]

    operations = [
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.CharField(blank=True, default="", max_length=300, verbose_name="note")),
                ("years", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "fonds",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.fonds"
                    ),
                ),
                (
                    "guard",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.guard"),
                ),
                (
                    "made_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="directory.person"
                    ),
                ),
            ],
            options={
                "db_table": "general_office_opening",
            },
        ),
        migrations.CreateModel(
            name="OpeningRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("PROPOSED", "Proposed"), ("OPENED", "Opened"), ("KEPT", "Kept closed")],
                        default="PROPOSED",
                        max_length=8,
                    ),
                ),
                (
                    "head_verdict",
                    models.CharField(
                        blank=True, choices=[("OPEN", "Open"), ("KEEP", "Keep closed")], default="", max_length=4
                    ),
                ),
                ("head_reason", models.CharField(blank=True, default="", max_length=300)),
                ("head_at", models.DateTimeField(blank=True, null=True)),
                (
                    "officer_verdict",
                    models.CharField(
                        blank=True, choices=[("OPEN", "Open"), ("KEEP", "Keep closed")], default="", max_length=4
                    ),
                ),
                ("officer_reason", models.CharField(blank=True, default="", max_length=300)),
                ("officer_at", models.DateTimeField(blank=True, null=True)),
                (
                    "head_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.person",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.archivalitem"
                    ),
                ),
                (
                    "officer_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.person",
                    ),
                ),
                (
                    "opening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="general_office.opening"
                    ),
                ),
            ],
            options={
                "db_table": "general_office_openingrow",
            },
        ),
        migrations.CreateModel(
            name="OpenRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fonds_code", models.CharField(max_length=20)),
                ("code", models.CharField(blank=True, default="", max_length=120)),
                ("title", models.CharField(blank=True, default="", max_length=300)),
                ("author", models.CharField(blank=True, default="", max_length=200)),
                ("document_number", models.CharField(blank=True, default="", max_length=120)),
                ("dated_on", models.DateField(blank=True, null=True)),
                ("class_code", models.CharField(blank=True, default="", max_length=40)),
                ("page_count", models.PositiveIntegerField(blank=True, null=True)),
                ("is_open", models.BooleanField(default=True)),
                ("opened_at", models.DateTimeField()),
                ("datestamp", models.DateTimeField()),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.archivalitem"
                    ),
                ),
            ],
            options={
                "db_table": "general_office_openrecord",
            },
        ),
        migrations.AddIndex(
            model_name="opening",
            index=models.Index(fields=["guard"], name="opening_guard"),
        ),
        migrations.AddConstraint(
            model_name="openingrow",
            constraint=models.UniqueConstraint(fields=("opening", "item"), name="openingrow_once"),
        ),
        migrations.AddConstraint(
            model_name="openingrow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "PROPOSED")), fields=("item",), name="openingrow_one_proposal"
            ),
        ),
        migrations.AddIndex(
            model_name="openrecord",
            index=models.Index(fields=["datestamp", "id"], name="openrecord_harvest"),
        ),
        migrations.AddIndex(
            model_name="openrecord",
            index=models.Index(condition=models.Q(("is_open", True)), fields=["-opened_at"], name="openrecord_latest"),
        ),
        migrations.RunSQL(LAW, DOWN),
    ]
