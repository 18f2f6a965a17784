"""Addresses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from chancery.kernel.procedures.definitions import views as definitions
from chancery.kernel.procedures.filing import views as filing
from chancery.kernel.procedures.inbox import views as inbox
from chancery.kernel.procedures.matterpage import views as matters
from chancery.kernel.procedures.notices import views as notices

app_name = "procedures"
urlpatterns: list[URLPattern | URLResolver] = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/nobody/", inbox.unanswered, name="unanswered"),
    path("inbox/act/<slug:act>/", inbox.act_on_many, name="act_on_many"),
    path("inbox/<slug:tab>/", inbox.inbox, name="inbox_tab"),
    path("matters/<int:matter_id>/", matters.matter, name="matter"),
    path("matters/<int:matter_id>/to-the-archive/", filing.file_matter, name="file_matter"),
    path("matters/<int:matter_id>/<slug:verb>/", matters.matter_verb, name="matter_verb"),
    path("tasks/<int:task_id>/complete/", matters.complete, name="complete"),
    path("tasks/<int:task_id>/<slug:verb>/", matters.task_verb, name="task_verb"),
    path("extensions/<int:request_id>/", matters.decide, name="decide"),
    path("notices/", notices.notices, name="notices"),
    path("notices/seen/", notices.seen, name="notices_seen"),
    path("outbox/", notices.outbox, name="outbox"),
    path("procedures/", definitions.procedures, name="procedures"),
    path("procedures/<slug:code>/", definitions.procedure, name="procedure"),
    path("procedures/<slug:code>/<slug:digest>.bpmn", definitions.bpmn, name="bpmn"),
]
