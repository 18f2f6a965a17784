"""Storage checks, what they find, how each content stands; packages taken in."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"
KEEPERS = f"({SYSTEM} or (select access_holds('archivist', null) or access_holds('archive_head', null)))"

LAW = f"""
-- Reports are for those who keep the archive; how a file stands for whoever may see the file.
alter table records_fixityrun enable row level security;
create policy records_fixityrun_seen on records_fixityrun to chancery_web using {KEEPERS};
alter table records_fixityfinding enable row level security;
create policy records_fixityfinding_seen on records_fixityfinding to chancery_web using {KEEPERS};
alter table records_contentcheck enable row level security;
create policy records_contentcheck_seen on records_contentcheck to chancery_web
    using ({SYSTEM} or exists (select 1 from records_storedfile f where f.sha256 = records_contentcheck.sha256));
alter table records_takenpackage enable row level security;
create policy records_takenpackage_seen on records_takenpackage to chancery_web using ({SYSTEM} or {SEEN});
revoke delete, truncate on records_fixityrun, records_fixityfinding, records_contentcheck from chancery_web;
revoke update, delete, truncate on records_takenpackage from chancery_web;

-- A report says what was found: what a run counted once is not counted away, and a finding stays.
create function records_fixityrun_kept() returns trigger language plpgsql as $$
begin
    if old.state <> 'RUNNING' and (new.state, new.started_at, new.ended_at, new.cursor, new.checked, new.sound,
            new.damaged, new.missing) is distinct from (old.state, old.started_at, old.ended_at, old.cursor,
            old.checked, old.sound, old.damaged, old.missing) then
        raise exception 'storage check % is over and its report stays', old.id using errcode = 'check_violation';
    end if;
    if new.checked < old.checked or new.damaged < old.damaged or new.missing < old.missing
            or new.restored < old.restored then
        raise exception 'storage check % only counts on', old.id using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_fixityrun_kept before update on records_fixityrun
    for each row execute function records_fixityrun_kept();

create function records_fixityfinding_kept() returns trigger language plpgsql as $$
begin
    if (new.run_id, new.sha256, new.size, new.place, new.found_at)
            is distinct from (old.run_id, old.sha256, old.size, old.place, old.found_at)
            or (old.outcome <> 'OPEN' and (new.outcome, new.settled_at) is distinct from (old.outcome, old.settled_at))
    then
        raise exception 'a finding of the storage check stays as it was found' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger records_fixityfinding_kept before update on records_fixityfinding
    for each row execute function records_fixityfinding_kept();

-- What rests on broken content: the codes of items, and how many files there are, for those who keep the archive; they
-- may not be able to read the items themselves. Only of content that a check has found broken.
create function records_resting_on(p_hashes text[])
returns table (sha256 text, item_id bigint, code text, files bigint)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
    if not (chancery_is_system() or access_holds('archivist', null) or access_holds('archive_head', null)) then
        return;
    end if;
    return query
    with asked as (
        select distinct h.sha256 from unnest(p_hashes) h (sha256)
        where exists (select 1 from records_fixityfinding d where d.sha256 = h.sha256)
    )
    select distinct a.sha256, i.id, i.code::text, null::bigint
    from asked a join records_storedfile f on f.sha256 = a.sha256
    join records_itempart p on p.file_id = f.id join records_archivalitem i on i.id = p.item_id
    union all
    select a.sha256, null, null, count(f.id) from asked a
    left join records_storedfile f on f.sha256 = a.sha256 and f.destroyed_at is null group by a.sha256
    order by 1, 3;
end
$$;

-- The codes that items of another archive bring with them, entered as numbers given out, so that none is given twice. Only
-- for a fonds that a package brought: what the house itself files gets its numbers from the counters.
create function records_take_numbers(
    p_fonds bigint, p_years int[], p_values int[], p_texts text[], p_subjects text[], p_guards bigint[], p_at timestamptz
) returns table (id bigint, number_text text)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
    if not (chancery_is_system() or access_holds('archivist', (select keeper_unit_id from records_fonds f where f.id = p_fonds))) then
        raise exception 'only archivists take in what others numbered' using errcode = 'insufficient_privilege';
    end if;
    if not exists (select 1 from records_takenpackage t where t.fonds_id = p_fonds) then
        raise exception 'fonds % is the house''s own: its numbers come from the counters', p_fonds
            using errcode = 'check_violation';
    end if;
    return query
    insert into records_issuednumber as n (
        series, year, value, text, state, subject, guard_id, issued_at, issued_person_id, issued_post_id, void_reason)
    select 'received.' || p_fonds || '.' || left(md5(regexp_replace(u.text, '[0-9]+$', '')), 12), u.year, u.value, u.text,
           'ISSUED', u.subject, u.guard_id, p_at, chancery_person(), chancery_post(), ''
    from unnest(p_years, p_values, p_texts, p_subjects, p_guards) u (year, value, text, subject, guard_id)
    returning n.id, n.text::text;
end
$$;
revoke all on function records_resting_on(text[]),
    records_take_numbers(bigint, int[], int[], text[], text[], bigint[], timestamptz) from public;
grant execute on function records_resting_on(text[]),
    records_take_numbers(bigint, int[], int[], text[], text[], bigint[], timestamptz) to chancery_web;
"""

DOWN = """
drop function records_take_numbers(bigint, int[], int[], text[], text[], bigint[], timestamptz);
drop function records_resting_on(text[]);
drop trigger records_fixityfinding_kept on records_fixityfinding;
drop function records_fixityfinding_kept();
drop trigger records_fixityrun_kept on records_fixityrun;
drop function records_fixityrun_kept();
""" + "".join(
    f"drop policy {table}_seen on {table}; alter table {table} disable row level security;\n"
    for table in ("records_takenpackage", "records_contentcheck", "records_fixityfinding", "records_fixityrun")
)


class Migration(migrations.Migration):
    """Storage checks and packages taken in, with their law."""

    dependencies = [
        ('access', '0005_readings_law'),
        ('directory', '0007_picking'),
        ('records', '0013_disposal'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContentCheck',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('checked_at', models.DateTimeField()),
                ('sound_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('SOUND', 'Sound'), ('DAMAGED', 'Damaged'), ('MISSING', 'Missing')], max_length=8)),
                ('copy_state', models.CharField(blank=True, choices=[('SOUND', 'Sound'), ('DAMAGED', 'Damaged'), ('MISSING', 'Missing')], default='', max_length=8)),
                ('copy_sound_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'db_table': 'records_contentcheck',
            },
        ),
        migrations.CreateModel(
            name='FixityRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('CLOCK', 'By the clock'), ('ASKED', 'Asked for')], max_length=6)),
                ('state', models.CharField(choices=[('RUNNING', 'Running'), ('DONE', 'Finished'), ('STOPPED', 'Stopped')], default='RUNNING', max_length=8)),
                ('started_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('cursor', models.CharField(blank=True, default='', max_length=64)),
                ('total', models.PositiveBigIntegerField(default=0)),
                ('total_bytes', models.PositiveBigIntegerField(default=0)),
                ('checked', models.PositiveBigIntegerField(default=0)),
                ('checked_bytes', models.PositiveBigIntegerField(default=0)),
                ('sound', models.PositiveBigIntegerField(default=0)),
                ('damaged', models.PositiveBigIntegerField(default=0)),
                ('missing', models.PositiveBigIntegerField(default=0)),
                ('restored', models.PositiveBigIntegerField(default=0)),
                ('copied', models.PositiveBigIntegerField(default=0)),
                ('busy_ms', models.PositiveBigIntegerField(default=0)),
                ('has_copy', models.BooleanField(default=False)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('started_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'db_table': 'records_fixityrun',
            },
        ),
        migrations.CreateModel(
            name='FixityFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('kind', models.CharField(choices=[('SOUND', 'Sound'), ('DAMAGED', 'Damaged'), ('MISSING', 'Missing')], max_length=8)),
                ('place', models.CharField(choices=[('STORE', 'File store'), ('COPY', 'Second copy')], max_length=6)),
                ('found_at', models.DateTimeField()),
                ('outcome', models.CharField(choices=[('OPEN', 'Open'), ('RESTORED', 'Restored'), ('SOUND_AGAIN', 'Found sound again'), ('GONE', 'No longer kept')], default='OPEN', max_length=12)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('trouble', models.CharField(blank=True, default='', max_length=300)),
                ('last_run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.fixityrun')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='records.fixityrun')),
            ],
            options={
                'db_table': 'records_fixityfinding',
            },
        ),
        migrations.CreateModel(
            name='TakenPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('manifest', models.CharField(max_length=64, unique=True)),
                ('size', models.PositiveBigIntegerField()),
                ('organization', models.CharField(blank=True, default='', max_length=200)),
                ('reference', models.CharField(blank=True, default='', max_length=120)),
                ('items', models.PositiveIntegerField()),
                ('files', models.PositiveIntegerField()),
                ('first_code', models.CharField(max_length=120)),
                ('last_code', models.CharField(max_length=120)),
                ('taken_at', models.DateTimeField()),
                ('fonds', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.fonds')),
                ('guard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.guard')),
                ('taken_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'db_table': 'records_takenpackage',
            },
        ),
        migrations.AddIndex(
            model_name='fixityrun',
            index=models.Index(fields=['-started_at'], name='records_fixityrun_latest'),
        ),
        migrations.AddConstraint(
            model_name='fixityrun',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'RUNNING')), fields=('state',), name='records_fixityrun_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='fixityrun',
            constraint=models.CheckConstraint(condition=models.Q(('checked', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('sound'), '+', models.F('damaged')), '+', models.F('missing')))), name='records_fixityrun_adds_up'),
        ),
        migrations.AddIndex(
            model_name='fixityfinding',
            index=models.Index(fields=['run', 'id'], name='records_finding_run'),
        ),
        migrations.AddIndex(
            model_name='fixityfinding',
            index=models.Index(fields=['sha256'], name='records_finding_sha256'),
        ),
        migrations.AddConstraint(
            model_name='fixityfinding',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', 'OPEN')), fields=('sha256', 'place'), name='records_finding_open_once'),
        ),
        migrations.AddConstraint(
            model_name='fixityfinding',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'SOUND'), _negated=True), name='records_finding_is_of_harm'),
        ),
        migrations.AddConstraint(
            model_name='fixityfinding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'OPEN'), ('settled_at', None)), models.Q(models.Q(('outcome', 'OPEN'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='records_finding_settled_has_time'),
        ),
        migrations.AddIndex(
            model_name='takenpackage',
            index=models.Index(fields=['-taken_at'], name='records_takenpackage_latest'),
        ),
        migrations.RunSQL(LAW, DOWN),
    ]
