"""Questions about dispatch. Row security limits every one of them to what the stamped actor may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from chancery.departments.general_office.incoming_documents.inside.queries import desk_of
from chancery.departments.general_office.incoming_documents.inside.services import FACTS
from chancery.departments.general_office.incoming_documents.terms import Kind as IncomingKind
from chancery.departments.general_office.outgoing_documents import queries as documents
from chancery.departments.general_office.outgoing_documents.dispatch import rules
from chancery.departments.general_office.outgoing_documents.dispatch.models import Delivery
from chancery.departments.general_office.outgoing_documents.dispatch.terms import (
    SETTLED,
    TONES,
    TROUBLES,
    WAITING,
    Channel,
    DeliveryState,
    Trouble,
)
from chancery.departments.general_office.outgoing_documents.models import Addressee, OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import REGISTRAR, AddresseePart, State
from chancery.foundations import clock
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access import rules as access_rules
from chancery.kernel.access.roles.queries import answering_posts
from chancery.kernel.directory.models import Contact
from chancery.kernel.directory.terms import ContactKind
from chancery.kernel.procedures.notices.terms import NoticeKind
from chancery.kernel.records.models import StoredFile

ENDED = frozenset({DeliveryState.RECALLED, DeliveryState.EXPLAINED})
FAILURE_NOTICE = NoticeKind.RETURNED
INCOMING_URGENCY = {"NORMAL": "ROUTINE", "URGENT": "EXPEDITED", "EXTRA_URGENT": "URGENT"}


@dataclass(frozen=True, slots=True)
class Line:
    """How a copy for one addressee is thought to go. `channel` "" = somebody has to choose, for `trouble`."""

    addressee_id: int
    part: str
    position: int
    unit_id: int | None
    name: str
    email: str
    postal: str
    channel: str
    trouble: Trouble | None = None
    desk_clearance: int | None = None

    @property
    def trouble_words(self) -> Any:
        """Why it cannot go as thought."""
        return TROUBLES[self.trouble] if self.trouble else ""


def may_dispatch(by: Actor) -> Verdict:
    """Whether the actor sends documents: a registrar over the General Office."""
    return access_rules.holds_role(by, REGISTRAR, documents.office_id())


def registrar_posts(unit_id: int) -> list[int]:
    """Who answers as registrar for a unit today."""
    return answering_posts(REGISTRAR, unit_id)


def plan(document: OutgoingDocument) -> list[Line]:
    """How each addressee on the paper is reached, in order; with the trouble where no way is at hand."""
    rows = list(Addressee.objects.filter(document=document).order_by("part", "position", "id"))
    names = documents.unit_names(
        (row.unit_id for row in rows), on=document.dated_on or clock.today(), language=document.language
    )
    mails = _unit_mails([row.unit_id for row in rows if row.unit_id])
    return [_line(document.label, row, names, mails) for row in sorted(rows, key=lambda r: r.part != "MAIN")]


def _line(label: int, row: Addressee, names: Mapping[int, str], mails: Mapping[int, str]) -> Line:
    email = row.email or mails.get(row.unit_id or 0, "")
    name = row.name or names.get(row.unit_id or 0, "")
    line = Line(row.pk, row.part, row.position, row.unit_id, name, email, row.postal, Channel.INSIDE)
    if row.unit_id:
        desk = desk_of(row.unit_id)
        clearance = desk.clearance if desk else None
        trouble = rules.trouble_with(Channel.INSIDE, label=label, email=email, is_unit=True, desk_clearance=clearance)
        return replace(line, channel="" if trouble else Channel.INSIDE, trouble=trouble, desk_clearance=clearance)
    by_mail = bool(row.email) and bool(rules.may_mail(label))
    if not by_mail and not row.postal:
        return replace(line, channel="", trouble=Trouble.NOT_BY_EMAIL)
    return replace(line, channel=Channel.EMAIL if by_mail else Channel.BUNDLE)


def _unit_mails(unit_ids: Sequence[int]) -> dict[int, str]:
    rows = Contact.objects.filter(
        unit_id__in=unit_ids, kind=ContactKind.EMAIL, during__contains=clock.today(), is_void=False
    ).order_by("-position", "-id")
    return {row.unit_id: row.value for row in rows if row.unit_id}


def settled_plan(document: OutgoingDocument, choices: Mapping[int, tuple[str, str]]) -> list[Line]:
    """The plan with what was chosen put in: addressee → (channel, e-mail). A line keeps its trouble if it has one."""
    found = []
    for line in plan(document):
        channel, email = choices.get(line.addressee_id, (line.channel, line.email))
        email = email.strip() or line.email
        trouble = line.trouble
        if channel:
            trouble = rules.trouble_with(
                channel,
                label=document.label,
                email=email,
                is_unit=line.unit_id is not None,
                desk_clearance=line.desk_clearance,
            )
        found.append(replace(line, channel=channel, email=email, trouble=trouble))
    return found


# --- What goes --------------------------------------------------------------------------------------------------------
def issuer_names(document: OutgoingDocument) -> str:
    """Who sends it, as it stands on the paper."""
    ids = [document.issuer_id, *document.joint_issuers.order_by("position", "id").values_list("unit_id", flat=True)]
    names = documents.unit_names(ids, on=document.dated_on or clock.today(), language=document.language)
    return ("、" if document.language.startswith("zh") else ", ").join(names.get(one, "") for one in ids)


def parts(document: OutgoingDocument) -> list[dict[str, Any]]:
    """The sealed paper and its annexes, as `Arrival.parts` lists them."""
    sealed = StoredFile.objects.defer("text").get(pk=document.sealed_file_id or 0)
    paper = {
        "stored": sealed.pk,
        "name": f"{document.number} {document.title}"[:180].replace("/", "-") + ".pdf",
        "part": "MAIN",
        "size": sealed.size,
        "pages": sealed.pages,
        "sha256": sealed.sha256,
    }
    annexes = [
        {
            "stored": row["stored_id"],
            "name": row["name"],
            "part": "ANNEX",
            "size": row["size"],
            "pages": row["pages"],
            "sha256": row["sha256"],
        }
        for row in documents.annexes_of(document.pk)
    ]
    return [paper, *annexes]


def facts_inside(document: OutgoingDocument) -> dict[str, Any]:
    """What the receiving unit's register takes over; nothing is typed again."""
    kind = document.paper_type if document.paper_type in IncomingKind.values else IncomingKind.OTHER
    separator = "、" if document.language.startswith("zh") else "; "
    found = {
        "title": document.title,
        "sender": issuer_names(document),
        "sender_number": document.number,
        "dated_on": document.dated_on,
        "kind": kind,
        "urgency": INCOMING_URGENCY[document.urgency],
        "label": document.label,
        "pages": document.pages,
        "addressees": separator.join(line.name for line in plan_names(document) if line.part == AddresseePart.MAIN)[
            :300
        ],
        "summary": document.note,
    }
    return {name: found[name] for name in FACTS}


@dataclass(frozen=True, slots=True)
class Named:
    """An addressee's name and part."""

    part: str
    name: str


def plan_names(document: OutgoingDocument) -> list[Named]:
    """The addressees as printed."""
    rows = list(Addressee.objects.filter(document=document).order_by("part", "position", "id"))
    names = documents.unit_names(
        (row.unit_id for row in rows), on=document.dated_on or clock.today(), language=document.language
    )
    return [Named(row.part, row.name or names.get(row.unit_id or 0, "")) for row in rows]


# --- What became of it ------------------------------------------------------------------------------------------------
def deliveries(document_id: int) -> list[dict[str, Any]]:
    """The copies of a document in order, in words, with what may be done with each."""
    today = clock.today()
    rows = Delivery.objects.filter(document_id=document_id).order_by("part", "position", "id")
    found = []
    for row in sorted(rows, key=lambda one: one.part != AddresseePart.MAIN):
        state = DeliveryState(row.state)
        is_waiting = state in WAITING
        found.append(
            {
                "delivery": row,
                "state_words": state.label,
                "tone": TONES[state],
                "channel_words": Channel(row.channel).label,
                "is_late": is_waiting and row.due_on is not None and row.due_on < today,
                "may_recall": bool(rules.may_recall(row)),
                "may_pack": row.channel == Channel.BUNDLE and state not in ENDED,
                "has_acts": state not in SETTLED or (row.channel == Channel.BUNDLE and state not in ENDED),
                "may_urge": is_waiting and row.sent_at is not None,
                "may_receipt": is_waiting and row.channel != Channel.INSIDE and row.sent_at is not None,
                "may_explain": state not in SETTLED,
                "may_again": state == DeliveryState.FAILED,
                "may_leave": row.channel == Channel.BUNDLE and state == DeliveryState.TO_SEND,
                "needs_code": row.channel == Channel.EMAIL and is_waiting and not row.code_hash,
            }
        )
    return found


def delivery(delivery_id: int) -> Delivery | None:
    """One copy, or None when it does not exist for this actor."""
    return Delivery.objects.select_related("document").filter(pk=delivery_id).first()


def section(document: OutgoingDocument, by: Actor) -> dict[str, Any]:
    """What the document's page shows of its dispatch; {} before it is released."""
    if document.state not in {State.RELEASED, State.WITHDRAWN}:
        return {}
    rows = deliveries(document.pk)
    copies = [row["delivery"] for row in rows]
    return {
        "document": document,
        "copies": rows,
        "counts": {
            "all": len(copies),
            "in": sum(1 for copy in copies if copy.state == DeliveryState.RECEIPTED),
            "late": sum(1 for row in rows if row["is_late"]),
            "failed": sum(1 for copy in copies if copy.state == DeliveryState.FAILED),
        },
        "may_dispatch": bool(may_dispatch(by)),
        "may_send_also": bool(may_dispatch(by)) and document.state == State.RELEASED and bool(copies),
        "is_coded": rules.needs_code(document.label),
        "may_mail": bool(rules.may_mail(document.label)),
    }


# --- The steps of the procedure ---------------------------------------------------------------------------------------
def dispatch_step_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Mapping[str, Any]) -> Verdict:
    """Step `dispatch`: released, and every addressee has a way that can be gone."""
    document = documents.document_of(matter.pk)
    if document is None:
        return rules.may_dispatch("")
    verdict = rules.may_dispatch(document.state)
    return verdict and is_passable(settled_plan(document, data.get("choices") or {}))


def is_passable(lines: Sequence[Line]) -> Verdict:
    """Every addressee has a way; the first that has none is named."""
    for line in lines:
        if line.trouble is not None or not line.channel:
            reason = TROUBLES[line.trouble] if line.trouble else _("Choose how it goes.")
            return no(f"{line.name}: {reason}", field=f"channel_{line.addressee_id}")
    return yes()


def receipts_step_rule(*, by: Actor, matter: Any, task: Any, outcome: str, data: Mapping[str, Any]) -> Verdict:
    """Step `receipts`: every receipt is in or explained."""
    document = documents.document_of(matter.pk)
    copies = Delivery.objects.filter(document_id=document.pk if document else 0)
    return rules.are_receipts_in(copies)
