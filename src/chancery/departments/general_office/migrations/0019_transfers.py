"""Transfer lists, their rows and packages, and what the database keeps of them whoever asks."""

import django.db.models.deletion
from django.db import migrations, models

SEEN = "exists (select 1 from access_guard g where g.id = guard_id)"
SYSTEM = "(select chancery_is_system())"
OF_LIST = "exists (select 1 from general_office_transferlist l where l.id = list_id)"
DEFINER = "language plpgsql security definer set search_path = pg_catalog, public, pg_temp"

ROW_SECURITY = f"""
alter table general_office_transferlist enable row level security;
create policy transferlist_seen on general_office_transferlist to chancery_web using ({SYSTEM} or {SEEN});
revoke delete, truncate on general_office_transferlist from chancery_web;
""" + "".join(
    f"""
alter table {table} enable row level security;
create policy {table}_seen on {table} to chancery_web using ({SYSTEM} or {OF_LIST});
revoke update, delete, truncate on {table} from chancery_web;
"""
    for table in ("general_office_transferrow", "general_office_transferpackage")
) + """
grant update (taken_off_at, taken_off_reason) on general_office_transferrow to chancery_web;
"""

LAW = f"""
-- A list begins as a draft of whoever draws it up.
create function general_office_transferlist_born() returns trigger language plpgsql as $$
begin
    if new.state <> 'DRAFT' or new.approved_person_id is not null or new.completed_at is not null
            or new.drawn_person_id is distinct from chancery_person() then
        raise exception 'a transfer list begins as a draft of whoever draws it up' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_transferlist_born before insert on general_office_transferlist
    for each row execute function general_office_transferlist_born();

-- It is approved by the head of the archive, who is somebody else; it is completed by the function below alone.
create function general_office_transferlist_kept() returns trigger language plpgsql as $$
begin
    if (new.fonds_id, new.number, new.guard_id, new.drawn_at, new.drawn_person_id)
            is distinct from (old.fonds_id, old.number, old.guard_id, old.drawn_at, old.drawn_person_id) then
        raise exception 'what transfer list % is stays', old.number using errcode = 'check_violation';
    end if;
    if old.state in ('COMPLETED', 'WITHDRAWN') and new.state <> old.state then
        raise exception 'transfer list % has ended', old.number using errcode = 'check_violation';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (('DRAFT', 'SUBMITTED'), ('SUBMITTED', 'DRAFT'),
            ('SUBMITTED', 'APPROVED'), ('APPROVED', 'COMPLETED'), ('DRAFT', 'WITHDRAWN'), ('SUBMITTED', 'WITHDRAWN'),
            ('APPROVED', 'WITHDRAWN')) then
        raise exception 'transfer list % does not go from % to %', old.number, old.state, new.state
            using errcode = 'check_violation';
    end if;
    if new.state = 'APPROVED' and old.state = 'SUBMITTED' then
        if new.approved_person_id is null or new.approved_person_id is distinct from chancery_person()
                or new.approved_person_id is not distinct from new.drawn_person_id
                or not access_holds('archive_head', (select f.keeper_unit_id from records_fonds f where f.id = new.fonds_id))
        then
            raise exception 'transfer list % is approved by the head of the archive, who did not draw it up', old.number
                using errcode = 'check_violation';
        end if;
    elsif new.approved_person_id is distinct from old.approved_person_id then
        raise exception 'the approval of transfer list % stays as it was given', old.number
            using errcode = 'check_violation';
    end if;
    if current_user = 'chancery_web' and (new.state = 'COMPLETED' and old.state <> 'COMPLETED'
            or (new.receipt_number, new.receipt_on, new.receipt_sha256, new.completed_at, new.completed_person_id,
                new.copies_until, new.released_at)
               is distinct from (old.receipt_number, old.receipt_on, old.receipt_sha256, old.completed_at,
                old.completed_person_id, old.copies_until, old.released_at)) then
        raise exception 'transfer list % is completed by its own procedure only', old.number
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_transferlist_kept before update on general_office_transferlist
    for each row execute function general_office_transferlist_kept();

-- Rows come onto a draft, and leave a draft or a list that is given up.
create function general_office_transferrow_kept() returns trigger {DEFINER} as $$
declare
    v_state text;
begin
    select l.state into v_state from general_office_transferlist l where l.id = new.list_id;
    if tg_op = 'INSERT' and v_state <> 'DRAFT' then
        raise exception 'a list that was submitted takes no further item' using errcode = 'check_violation';
    end if;
    if tg_op = 'UPDATE' and (old.taken_off_at is not null or (new.taken_off_at is not null and v_state = 'COMPLETED')) then
        raise exception 'what was transferred stays on its list' using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger general_office_transferrow_kept before insert or update on general_office_transferrow
    for each row execute function general_office_transferrow_kept();

-- The end of a transfer. Everything is asked again; nothing that Python said is believed.
create function general_office_transfer(
    p_list bigint, p_number text, p_on date, p_sha256 text, p_until date, p_at timestamptz
) returns int {DEFINER} as $$
declare
    v_list general_office_transferlist;
    v_items bigint[];
    v_code text;
begin
    -- No hold comes into being while we look.
    lock table records_hold, records_holdcover in share row exclusive mode;
    select * into strict v_list from general_office_transferlist where id = p_list for update;
    if not access_holds('archivist', (select f.keeper_unit_id from records_fonds f where f.id = v_list.fonds_id)) then
        raise exception 'only archivists enter a receipt' using errcode = 'insufficient_privilege';
    end if;
    if v_list.state <> 'APPROVED' or v_list.approved_person_id is null
            or v_list.approved_person_id is not distinct from v_list.drawn_person_id then
        raise exception 'transfer list % is not approved by a second person', v_list.number
            using errcode = 'check_violation';
    end if;
    if trim(p_number) = '' or p_on is null or p_on > chancery_today() or p_until is null or p_until < chancery_today()
            or not exists (select 1 from general_office_transferpackage k where k.list_id = p_list and k.sha256 = p_sha256)
    then
        raise exception 'the receipt names no package that was made of transfer list %', v_list.number
            using errcode = 'check_violation';
    end if;
    v_items := array(select r.item_id from general_office_transferrow r
                     where r.list_id = p_list and r.taken_off_at is null order by r.item_id);
    if cardinality(v_items) = 0 then
        raise exception 'transfer list % is empty', v_list.number using errcode = 'check_violation';
    end if;
    perform 1 from records_archivalitem i where i.id = any (v_items) order by i.id for update;
    select i.code into v_code from records_archivalitem i where i.id = any (v_items)
        and (i.state <> 'HELD' or i.fonds_id <> v_list.fonds_id) order by i.code limit 1;
    if found then
        raise exception 'item % is not in the archive', v_code using errcode = 'check_violation';
    end if;
    select i.code into v_code from records_archivalitem i where i.id in (select records_held(v_items))
        order by i.code limit 1;
    if found then
        raise exception 'item % is held', v_code using errcode = 'check_violation';
    end if;
    update general_office_transferrow r
    set stub = coalesce((select jsonb_agg(jsonb_build_object('role', p.role, 'name', f.name, 'size', f.size,
                                                             'sha256', f.sha256) order by p.position)
                         from records_itempart p join records_storedfile f on f.id = p.file_id
                         where p.item_id = r.item_id), '[]')
    where r.list_id = p_list and r.taken_off_at is null;
    update records_archivalitem i set state = 'TRANSFERRED', ended_at = p_at, version = i.version + 1
    where i.id = any (v_items);
    update general_office_transferlist
    set state = 'COMPLETED', receipt_number = p_number, receipt_on = p_on, receipt_sha256 = p_sha256,
        completed_at = p_at, completed_person_id = chancery_person(), copies_until = p_until, version = version + 1
    where id = p_list;
    return cardinality(v_items);
end
$$;

-- The copies of what was transferred, when their time is over. A file that another item has as well stays.
create function general_office_release_copies(p_list bigint, p_at timestamptz) returns int {DEFINER} as $$
declare
    v_list general_office_transferlist;
    v_items bigint[];
    v_code text;
    v_files int;
begin
    lock table records_hold, records_holdcover in share row exclusive mode;
    select * into strict v_list from general_office_transferlist where id = p_list for update;
    if not access_holds('archivist', (select f.keeper_unit_id from records_fonds f where f.id = v_list.fonds_id)) then
        raise exception 'only archivists remove copies' using errcode = 'insufficient_privilege';
    end if;
    if v_list.state <> 'COMPLETED' or v_list.released_at is not null or v_list.copies_until >= chancery_today() then
        raise exception 'the copies of transfer list % are kept', v_list.number using errcode = 'check_violation';
    end if;
    v_items := array(select r.item_id from general_office_transferrow r
                     where r.list_id = p_list and r.taken_off_at is null order by r.item_id);
    select i.code into v_code from records_archivalitem i where i.id in (select records_held(v_items))
        order by i.code limit 1;
    if found then
        raise exception 'item % is held', v_code using errcode = 'check_violation';
    end if;
    update records_storedfile f set destroyed_at = p_at, text = ''
    where f.destroyed_at is null
      and f.id in (select p.file_id from records_itempart p where p.item_id = any (v_items))
      and not exists (select 1 from records_itempart q join records_archivalitem j on j.id = q.item_id
                      where q.file_id = f.id and j.state <> 'DESTROYED' and j.id <> all (v_items));
    get diagnostics v_files = row_count;
    update general_office_transferlist set released_at = p_at, version = version + 1 where id = p_list;
    return v_files;
end
$$;
revoke all on function general_office_transfer(bigint, text, date, text, date, timestamptz),
    general_office_release_copies(bigint, timestamptz), general_office_transferrow_kept from public;
grant execute on function general_office_transfer(bigint, text, date, text, date, timestamptz),
    general_office_release_copies(bigint, timestamptz) to chancery_web;
"""

DOWN = """
drop function general_office_release_copies(bigint, timestamptz);
drop function general_office_transfer(bigint, text, date, text, date, timestamptz);
drop trigger general_office_transferrow_kept on general_office_transferrow;
drop function general_office_transferrow_kept();
drop trigger general_office_transferlist_kept on general_office_transferlist;
drop function general_office_transferlist_kept();
drop trigger general_office_transferlist_born on general_office_transferlist;
drop function general_office_transferlist_born();
"""


class Migration(migrations.Migration):
    """Tables and law of transfers."""

    dependencies = [
        ('access', '0005_readings_law'),
        ('directory', '0007_picking'),
        ('general_office', '0018_carriers_law'),
        ('records', '0014_fixity_packages'),
    ]

    operations = [
        migrations.CreateModel(
            name='TransferList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=80, unique=True)),
                ('state', models.CharField(choices=[('DRAFT', 'Being drawn up'), ('SUBMITTED', 'With the head of the archive'), ('APPROVED', 'Approved'), ('COMPLETED', 'Transferred'), ('WITHDRAWN', 'Withdrawn')], default='DRAFT', max_length=10)),
                ('authority', models.CharField(max_length=200)),
                ('note', models.TextField(blank=True, default='')),
                ('drawn_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('receipt_number', models.CharField(blank=True, default='', max_length=120)),
                ('receipt_on', models.DateField(blank=True, null=True)),
                ('receipt_sha256', models.CharField(blank=True, default='', max_length=64)),
                ('completed_at', models.DateTimeField(blank=True, null=True)),
                ('copies_until', models.DateField(blank=True, null=True)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('approved_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('completed_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('drawn_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('fonds', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.fonds')),
                ('guard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.guard')),
            ],
            options={
                'db_table': 'general_office_transferlist',
            },
        ),
        migrations.CreateModel(
            name='TransferPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('items', models.PositiveIntegerField()),
                ('files', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='general_office.transferlist')),
                ('made_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'db_table': 'general_office_transferpackage',
            },
        ),
        migrations.CreateModel(
            name='TransferRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_off_at', models.DateTimeField(blank=True, null=True)),
                ('taken_off_reason', models.CharField(blank=True, default='', max_length=300)),
                ('stub', models.JSONField(blank=True, default=list)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.archivalitem')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='general_office.transferlist')),
            ],
            options={
                'db_table': 'general_office_transferrow',
            },
        ),
        migrations.AddIndex(
            model_name='transferlist',
            index=models.Index(fields=['-drawn_at'], name='general_office_transfer_latest'),
        ),
        migrations.AddConstraint(
            model_name='transferlist',
            constraint=models.CheckConstraint(condition=models.Q(('approved_person', None), models.Q(('approved_person', models.F('drawn_person')), _negated=True), _connector='OR'), name='general_office_transfer_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='transferlist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'COMPLETED'), _negated=True), models.Q(models.Q(('receipt_number', ''), _negated=True), models.Q(('receipt_sha256', ''), _negated=True), ('approved_person__isnull', False), ('completed_at__isnull', False), ('receipt_on__isnull', False), ('copies_until__isnull', False)), _connector='OR'), name='general_office_transfer_completed_whole'),
        ),
        migrations.AddConstraint(
            model_name='transferpackage',
            constraint=models.UniqueConstraint(fields=('list', 'sha256'), name='general_office_transferpackage_once'),
        ),
        migrations.AddIndex(
            model_name='transferrow',
            index=models.Index(fields=['list'], name='general_office_transferrow_lis'),
        ),
        migrations.AddConstraint(
            model_name='transferrow',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_off_at', None)), fields=('item',), name='general_office_transferrow_once'),
        ),
        migrations.RunSQL(ROW_SECURITY, migrations.RunSQL.noop),
        migrations.RunSQL(LAW, DOWN),
    ]
