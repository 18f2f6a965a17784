"""Petitions: what is petitioned, its texts and files, its stages; identity and originals; openings."""

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0006_bars'),
        ('directory', '0007_picking'),
        ('general_office', '0025_confidential_law'),
        ('procedures', '0006_search_due'),
        ('records', '0019_document_period'),
    ]

    operations = [
        migrations.CreateModel(
            name='PetitionCampaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('guard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.guard')),
                ('opened_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
        ),
        migrations.CreateModel(
            name='Petition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, default='', max_length=60, verbose_name='number')),
                ('title', models.CharField(blank=True, default='', max_length=120, verbose_name='title')),
                ('kind', models.CharField(choices=[('SUGGESTION', 'Suggestion'), ('ACCUSATION', 'Accusation'), ('APPEAL', 'Appeal')], max_length=10, verbose_name='kind')),
                ('channel', models.CharField(choices=[('WEB', 'Web'), ('LETTER', 'Letter'), ('PHONE', 'Telephone'), ('FAX', 'Fax'), ('EMAIL', 'E-mail'), ('VISIT', 'Visit')], max_length=6, verbose_name='channel')),
                ('language', models.CharField(default='zh-hans', max_length=10, verbose_name='language')),
                ('field', models.CharField(blank=True, default='', max_length=40, verbose_name='subject field')),
                ('region', models.CharField(blank=True, default='', max_length=80, verbose_name='region')),
                ('received_at', models.DateTimeField()),
                ('received_on', models.DateField()),
                ('registered_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('RECEIVED', 'Received'), ('REGISTERED', 'Registered'), ('ACCEPTED', 'Accepted'), ('NOT_ACCEPTED', 'Not accepted'), ('TRANSFERRED', 'Transferred'), ('UNDER_WAY', 'Under way'), ('ANSWERED', 'Answered'), ('CLOSED', 'Closed'), ('FINAL', 'Finally closed'), ('WITHDRAWN', 'Withdrawn by its sender')], default='RECEIVED', max_length=12)),
                ('state_at', models.DateTimeField()),
                ('stage', models.CharField(choices=[('FIRST', 'First handling'), ('REVIEW', 'Review'), ('RE_REVIEW', 'Re-review')], default='FIRST', max_length=9)),
                ('due_on', models.DateField(blank=True, null=True)),
                ('is_provisional', models.BooleanField(default=False)),
                ('group_size', models.PositiveIntegerField(default=1, verbose_name='how many people')),
                ('is_anonymous', models.BooleanField(default=False)),
                ('is_repeat', models.BooleanField(default=False)),
                ('outcome', models.CharField(blank=True, choices=[('SUPPORTED', 'Supported'), ('PARTLY', 'Supported in part'), ('NOT_SUPPORTED', 'Not supported'), ('SETTLED', 'Settled by mediation'), ('ADOPTED', 'Adopted'), ('EXPLAINED', 'Explained'), ('REFERRED', 'Referred to another body'), ('NOT_ACCEPTED', 'Not accepted'), ('WITHDRAWN', 'Withdrawn by its sender'), ('MERGED', 'Handled with another petition')], default='', max_length=14)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('reopened_count', models.PositiveSmallIntegerField(default=0)),
                ('rating', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('rated_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('guard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.guard')),
                ('handling_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.unit')),
                ('matter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.matter')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='general_office.petition')),
                ('registered_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('subject_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('subject_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.unit')),
                ('campaign', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='petitions', to='general_office.petitioncampaign')),
            ],
        ),
        migrations.CreateModel(
            name='PetitionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=60)),
                ('side', models.CharField(choices=[('PETITIONER', 'Sender'), ('OFFICE', 'Office')], max_length=10)),
                ('media_type', models.CharField(max_length=120)),
                ('size', models.PositiveBigIntegerField()),
                ('pages', models.PositiveIntegerField(blank=True, null=True)),
                ('wrapped', models.BinaryField()),
                ('clearance', models.CharField(choices=[('WITHHELD', 'Withheld'), ('CLEARED', 'Cleared'), ('REPLACED', 'Replaced by a redacted copy')], default='WITHHELD', max_length=8)),
                ('scan', models.CharField(choices=[('IDENTITY', 'Identity found'), ('CLEAN', 'Nothing found'), ('NO_TEXT', 'No text to search: look at it')], max_length=8)),
                ('at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='general_office.petition')),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='general_office.petitionfile')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile')),
            ],
        ),
        migrations.CreateModel(
            name='PetitionIdentity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('sealed', models.BinaryField()),
                ('name_index', models.BinaryField(blank=True, null=True)),
                ('contact_index', django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(), default=list, size=None)),
                ('needles', models.JSONField(default=list)),
                ('sealed_at', models.DateTimeField()),
                ('petition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='general_office.petition')),
            ],
        ),
        migrations.CreateModel(
            name='PetitionOriginal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(unique=True)),
                ('sealed', models.BinaryField()),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='general_office.petition')),
            ],
        ),
        migrations.CreateModel(
            name='PetitionStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[('FIRST', 'First handling'), ('REVIEW', 'Review'), ('RE_REVIEW', 'Re-review')], max_length=9)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('opened_on', models.DateField()),
                ('due_on', models.DateField()),
                ('is_provisional', models.BooleanField(default=False)),
                ('extended_days', models.PositiveSmallIntegerField(default=0)),
                ('extended_at', models.DateTimeField(blank=True, null=True)),
                ('reason_told_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('SUPPORTED', 'Supported'), ('PARTLY', 'Supported in part'), ('NOT_SUPPORTED', 'Not supported'), ('SETTLED', 'Settled by mediation'), ('ADOPTED', 'Adopted'), ('EXPLAINED', 'Explained'), ('REFERRED', 'Referred to another body'), ('NOT_ACCEPTED', 'Not accepted'), ('WITHDRAWN', 'Withdrawn by its sender'), ('MERGED', 'Handled with another petition')], default='', max_length=14)),
                ('matter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.matter')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='general_office.petition')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.unit')),
            ],
        ),
        migrations.CreateModel(
            name='PetitionPause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('HEARING', 'Hearing'), ('ASKED', 'Sender asked')], max_length=10)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(blank=True, null=True)),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='general_office.petitionstage')),
            ],
        ),
        migrations.CreateModel(
            name='PetitionHand',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('why_ended', models.CharField(blank=True, default='', max_length=10)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.post')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.unit')),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hands', to='general_office.petitionstage')),
            ],
        ),
        migrations.CreateModel(
            name='PetitionText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('stage', models.CharField(choices=[('FIRST', 'First handling'), ('REVIEW', 'Review'), ('RE_REVIEW', 'Re-review')], default='FIRST', max_length=9)),
                ('part', models.CharField(choices=[('REQUEST', 'Request'), ('FACTS', 'Facts'), ('REASONS', 'Reasons'), ('ADDITION', 'Facts added'), ('REPLY', 'Reply'), ('QUESTION', 'Question to the sender'), ('ANSWER', 'Answer of the sender'), ('REVIEW_REQUEST', 'Request for review'), ('RATING_NOTE', 'Note on the handling'), ('NOTE', 'Note of the office'), ('OPINION_REQUEST', 'Opinion: what was asked'), ('OPINION_FACTS', 'Opinion: facts found'), ('OPINION_VIEW', 'Opinion: view'), ('OPINION_BASIS', 'Opinion: basis'), ('OPINION_REMEDY', 'Opinion: remedy')], max_length=16)),
                ('side', models.CharField(choices=[('PETITIONER', 'Sender'), ('OFFICE', 'Office')], max_length=10)),
                ('masked', models.BinaryField()),
                ('blacked', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='general_office.petition')),
                ('post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.post')),
            ],
        ),
        migrations.CreateModel(
            name='IdentityOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('REACH', 'To reach you about your petition'), ('DELIVER', 'To deliver a letter to you'), ('VERIFY', 'To make sure who you are'), ('HEARING', 'To invite you to a hearing or mediation'), ('REPEAT', 'To tell whether petitions come from the same person'), ('LAW', 'Because a law requires it'), ('SAFETY', 'To protect somebody from harm')], max_length=8)),
                ('reason', models.CharField(max_length=500)),
                ('state', models.CharField(choices=[('ASKED', 'Asked'), ('OPEN', 'Open'), ('REFUSED', 'Refused'), ('ENDED', 'Ended')], default='ASKED', max_length=8)),
                ('requested_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('first_read_at', models.DateTimeField(blank=True, null=True)),
                ('readings', models.PositiveIntegerField(default=0)),
                ('custodian_person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('custodian_post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.post')),
                ('requested_person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('requested_post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.post')),
                ('petition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='general_office.petition')),
            ],
            options={
                'indexes': [models.Index(fields=['petition', '-requested_at'], name='petition_openings'), models.Index(condition=models.Q(('state', 'OPEN')), fields=['expires_at'], name='petition_openings_end')],
                'constraints': [models.CheckConstraint(condition=models.Q(('custodian_person', None), models.Q(('custodian_person', models.F('requested_person')), _negated=True), _connector='OR'), name='petition_opened_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('custodian_person', None), ('state', 'ASKED')), models.Q(('custodian_person__isnull', False), ('decided_at__isnull', False), ('state', 'REFUSED')), models.Q(('custodian_person__isnull', False), ('decided_at__isnull', False), ('expires_at__isnull', False), ('state__in', ['OPEN', 'ENDED'])), _connector='OR'), name='petition_opening_decided_whole'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='petition_opening_reasoned')],
            },
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['-received_on', '-id'], name='petition_latest'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['guard'], name='petition_guard'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['state', 'due_on'], name='petition_state_due'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['subject_unit', '-received_on'], name='petition_of_unit'),
        ),
        migrations.AddIndex(
            model_name='petition',
            index=models.Index(fields=['handling_unit', 'state'], name='petition_handled_by'),
        ),
        migrations.AddConstraint(
            model_name='petition',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('number',), name='petition_number_once'),
        ),
        migrations.AddConstraint(
            model_name='petition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', ''), ('registered_at', None)), models.Q(models.Q(('number', ''), _negated=True), models.Q(('title', ''), _negated=True), ('registered_at__isnull', False)), _connector='OR'), name='petition_registered_whole'),
        ),
        migrations.AddConstraint(
            model_name='petition',
            constraint=models.CheckConstraint(condition=models.Q(('group_size__gte', 1)), name='petition_somebody'),
        ),
        migrations.AddConstraint(
            model_name='petition',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='petition_not_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='petition',
            constraint=models.CheckConstraint(condition=models.Q(('rating', None), models.Q(('rating__gte', 1), ('rating__lte', 5)), _connector='OR'), name='petition_rating_of_five'),
        ),
        migrations.AddConstraint(
            model_name='petitionfile',
            constraint=models.UniqueConstraint(fields=('petition', 'number'), name='petition_file_number_once'),
        ),
        migrations.AddConstraint(
            model_name='petitionfile',
            constraint=models.CheckConstraint(condition=models.Q(('clearance', 'WITHHELD'), ('decided_at__isnull', False), _connector='OR'), name='petition_file_cleared_by_someone'),
        ),
        migrations.AddIndex(
            model_name='petitionidentity',
            index=models.Index(fields=['name_index'], name='petition_same_name'),
        ),
        migrations.AddIndex(
            model_name='petitionstage',
            index=models.Index(condition=models.Q(('answered_at', None)), fields=['due_on'], name='petition_stage_due'),
        ),
        migrations.AddConstraint(
            model_name='petitionstage',
            constraint=models.UniqueConstraint(fields=('petition', 'stage', 'round'), name='petition_stage_once'),
        ),
        migrations.AddConstraint(
            model_name='petitionpause',
            constraint=models.UniqueConstraint(condition=models.Q(('until_on', None)), fields=('stage',), name='petition_one_open_pause'),
        ),
        migrations.AddConstraint(
            model_name='petitionpause',
            constraint=models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='petition_pause_forward'),
        ),
        migrations.AddConstraint(
            model_name='petitionhand',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('stage', 'person'), name='petition_hand_once'),
        ),
        migrations.AddIndex(
            model_name='petitiontext',
            index=models.Index(fields=['petition', 'at'], name='petition_texts'),
        ),
    ]
