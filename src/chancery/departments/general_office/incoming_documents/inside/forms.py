"""Forms of documents from inside the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.incoming_documents.forms import StepForm
from chancery.kernel.directory.picking.forms import PostPicker


class AssignForm(StepForm):
    """分办: who handles it; empty = whoever answers as handler for the unit."""

    handler_post = PostPicker(label=_("Handler"), required=False)
