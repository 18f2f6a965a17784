"""Narrow guards and bars."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0005_readings_law'),
        ('directory', '0007_picking'),
    ]

    operations = [
        migrations.AddField(
            model_name='guard',
            name='barred_people',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None),
        ),
        migrations.AddField(
            model_name='guard',
            name='barred_units',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None),
        ),
        migrations.AddField(
            model_name='guard',
            name='is_narrow',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='GuardBar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('how', models.CharField(max_length=40)),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('guard', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bars', to='access.guard')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('unit', None)), models.Q(('person', None), ('unit__isnull', False)), _connector='OR'), name='access_guardbar_person_or_unit'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('person__isnull', False)), fields=('guard', 'person', 'how'), name='access_guardbar_once'), models.UniqueConstraint(condition=models.Q(('ended_at', None), ('unit__isnull', False)), fields=('guard', 'unit', 'how'), name='access_guardbar_unit_once')],
            },
        ),
    ]
