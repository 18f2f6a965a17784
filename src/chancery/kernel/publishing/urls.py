"""Addresses."""

from __future__ import annotations

from django.urls import path

from chancery.kernel.publishing.feeds import views as feeds
from chancery.kernel.publishing.notices import views as notices
from chancery.kernel.publishing.status import views as status
from chancery.kernel.publishing.verification import views as verification

app_name = "publishing"
urlpatterns = [
    path("verify/", verification.verify, name="verify"),
    path("verify/file/", verification.verify_file, name="verify_file"),
    path("verify/<str:code>/", verification.verify_code, name="verify_code"),
    path("public-notices/", notices.public_notices, name="public_notices"),
    path("public-notices/feed/<slug:language>/", feeds.notices, name="notices_feed"),
    path("public-notices/<int:notice_id>/", notices.public_notice, name="public_notice"),
    path("public-notices/<int:notice_id>/files/<int:file_id>/", notices.public_file, name="public_file"),
    path("publishing/notices/", notices.notices, name="notices"),
    path("publishing/notices/new/", notices.write, name="notice_new"),
    path("publishing/notices/<int:notice_id>/", notices.notice, name="notice"),
    path("publishing/notices/<int:notice_id>/change/", notices.change, name="notice_change"),
    path("publishing/notices/<int:notice_id>/files/", notices.attach, name="notice_attach"),
    path("publishing/notices/<int:notice_id>/files/<int:file_id>/remove/", notices.detach, name="notice_detach"),
    path("publishing/notices/<int:notice_id>/submit/", notices.submit, name="notice_submit"),
    path("publishing/notices/<int:notice_id>/withdraw/", notices.withdraw, name="notice_withdraw"),
    path("status/", status.status, name="status"),
    path("status/announce/", status.announce, name="status_announce"),
    path("status/<int:interruption_id>/call-off/", status.call_off, name="status_call_off"),
]
