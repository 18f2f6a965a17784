"""Verbs of drafting: begin, save, submit, discard; versions; annexes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from chancery.departments.general_office.outgoing_documents import queries, rules
from chancery.departments.general_office.outgoing_documents.drafting import queries as drafting
from chancery.departments.general_office.outgoing_documents.drafting.models import DraftVersion, UnsavedWork
from chancery.departments.general_office.outgoing_documents.drafting.terms import DRAFTING_ALONG, VersionKind
from chancery.departments.general_office.outgoing_documents.models import (
    Addressee,
    CountersignUnit,
    JointIssuer,
    OutgoingDocument,
    Relation,
)
from chancery.departments.general_office.outgoing_documents.queries import PLAIN, Facts
from chancery.departments.general_office.outgoing_documents.terms import (
    PROCEDURE,
    AddresseePart,
    CountersignMode,
    Label,
    Outcome,
    State,
    Step,
)
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.journal import services as journal
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused, Stale
from chancery.foundations.words import words
from chancery.kernel.access import services as access
from chancery.kernel.procedures import services as procedures
from chancery.kernel.records import services as records
from chancery.kernel.records.papertypes import queries as paper_types


class NotThere(Refused):
    """No such document for this actor."""


class BeingEdited(Refused):
    """Somebody else has the editor open; nothing was saved."""


class Incomplete(Refused):
    """It cannot leave the drafter yet. `faults`: every reason, each at its field."""

    def __init__(self, faults: Sequence[Any]) -> None:
        first = faults[0]
        super().__init__(first.reason, field=first.field, basis=first.basis)
        self.faults = list(faults)


def locked(document_id: int) -> OutgoingDocument:
    """The document, held for this transaction."""
    found = OutgoingDocument.objects.select_for_update(of=("self",)).filter(pk=document_id).first()
    if found is None:
        raise NotThere(_("There is no such document."))
    return found


def demand_free(document: OutgoingDocument, actor: Actor, moment: dt.datetime) -> None:
    """Nobody else is editing it."""
    other = drafting.lock_in_the_way(document.pk, actor, moment)
    if other is not None:
        raise BeingEdited(
            _("%(name)s is editing this document. Take it over if you must; nothing of theirs is lost.")
            % {"name": words(other.person)}
        )


def demand_fresh(document: OutgoingDocument, seen_version: int | None) -> None:
    """Nobody changed it since it was looked at."""
    if seen_version is not None and seen_version != document.version:
        raise Stale(
            _("Someone changed this document while you were typing. Compare what you typed with what stands now.")
        )


@service
def open_draft(
    *,
    paper_type: str,
    profile: str | None = None,
    template_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    act_token: uuid.UUID | None = None,
    is_narrow: bool = False,
    by: Actor,
    at: dt.datetime,
) -> OutgoingDocument:
    """Begin a draft of a type for the actor's unit, from a template if one is named.

    The type must hold today. The same token gives the same draft. `facts` overrides what the template says.
    `is_narrow`: those who oversee the unit do not see it, only who has it in hand.
    """
    drafting.may_draft(by).demand()
    if act_token is not None:
        begun = OutgoingDocument.objects.filter(act_token=act_token).first()
        if begun is not None:
            return begun
    profile = profile or settings.PROFILE
    of = paper_types.demanded(paper_type, on=clock.date_of(at), profile=profile)
    template = drafting.template(template_id) if template_id else None
    if template_id and (template is None or template.profile != profile):
        raise NotThere(_("There is no such template."), field="template")
    unit_id = by.body_id or 0
    formats, ways = of.says("formats") or [""], of.says("directions") or [""]
    language = template.language if template else "zh" if profile == "cn" else "en"
    guard = access.open_guard(unit_id=unit_id, label=Label.INTERNAL, scope=PROCEDURE, is_narrow=is_narrow, by=by, at=at)
    document = OutgoingDocument(
        guard_id=guard.pk,
        unit_id=unit_id,
        issuer_id=unit_id,
        profile=profile,
        paper_type=of.code,
        format=formats[0],
        direction=(template.direction if template else "") or ways[0],
        language=language,
        title=template.title if template else "",
        body=template.body if template and template.body else manuscript.EMPTY,
        note=template.note if template else "",
        drafter_person_id=by.person_id,
        drafter_post_id=by.post_id,
        act_token=act_token,
        opened_at=at,
        changed_at=at,
    )
    refuse_marked(facts=facts or {}, by=by, at=at)
    document.save(force_insert=True)
    if facts:
        _apply(document, {**queries.facts_of(document), **facts}, by, at)
        document.save()
    journal.write(by=by, at=at, act="outgoing.opened", on=document, data={"type": of.code})
    kept(document, VersionKind.OPENED, "", author=by, moment=at)
    return document


@service
def refuse_marked(*, facts: Mapping[str, Any], by: Actor, at: dt.datetime) -> None:
    """A state-secret marking in any typed text is refused before anything is kept."""
    texts = {name: str(facts[name]) for name in ("title", "note", "keywords") if facts.get(name)}
    if facts.get("body"):
        texts["body"] = manuscript.plain(manuscript.check(facts["body"]))
    for number, one in enumerate(facts.get("outside") or ()):
        texts["outside" if number == 0 else f"outside_{number}"] = " ".join(map(str, one.values()))
    for one in facts.get("relations") or ():
        said = " ".join(str(one.get(name) or "") for name in ("earlier_number", "earlier_title", "note"))
        texts["relations"] = f"{texts.get('relations', '')} {said}"
    if texts:
        records.demand_unmarked(texts=texts, where="outgoing", by=by, at=at)


@service
def save_draft(
    *,
    document_id: int,
    facts: Mapping[str, Any],
    seen_version: int | None = None,
    note: str = "",
    kind: str = VersionKind.SAVED,
    by: Actor,
    at: dt.datetime,
) -> OutgoingDocument:
    """Keep what is typed as a new version. `facts` names what changes; what it leaves out stays.

    The drafter's, or whoever's hands it is in at a step that edits. A change of a signed text takes the signature back:
    the matter then returns to the signer.
    """
    refuse_marked(facts=facts, by=by, at=at)
    document = locked(document_id)
    drafting.may_edit(document, by).demand()
    demand_free(document, by, at)
    demand_fresh(document, seen_version)
    before = queries.facts_of(document)
    wanted = _clean({**before, **facts})
    if wanted["paper_type"] != before["paper_type"]:
        paper_types.demanded(wanted["paper_type"], on=clock.date_of(at), profile=document.profile)
    changed = sorted(name for name in wanted if wanted[name] != before[name])
    UnsavedWork.objects.filter(document=document, person_id=by.person_id or 0).delete()
    if not changed:
        return document
    take_signature_back(document)
    _apply(document, wanted, by, at)
    touch(document, at)
    journal.write(
        by=by, at=at, act="outgoing.edited", on=document, data={"changed": changed, "version": document.version}
    )
    kept(document, kind, note, author=by, moment=at)
    return document


def take_signature_back(document: OutgoingDocument) -> None:
    """The law keeps a signed text; whoever may change it first gives up the signature."""
    if not document.signed_hash:
        return
    document.signed_hash, document.signed_at, document.dated_on = "", None, None
    document.signed_person = document.signed_post = None
    document.state = State.UNDER_WAY
    document.save(update_fields=["signed_hash", "signed_at", "dated_on", "signed_person", "signed_post", "state"])


def _clean(facts: Facts) -> Facts:
    """Facts as they are kept: trimmed, the manuscript checked, lists without doubles."""
    found = dict(facts)
    for name in ("title", "note", "keywords"):
        found[name] = " ".join(str(found[name] or "").split())
    found["body"] = manuscript.check(found["body"] or manuscript.EMPTY)
    for name in ("joint_issuers", "main", "copy_to", "countersign_units"):
        found[name] = list(dict.fromkeys(int(one) for one in found[name] or ()))
    found["label"] = int(found["label"] or Label.INTERNAL)
    found["issuer"] = int(found["issuer"] or 0)
    found["countersign_mode"] = found["countersign_mode"] or CountersignMode.PARALLEL
    names = ("part", "name", "email", "postal")
    found["outside"] = [
        {name: str(one.get(name) or "").strip() for name in names}
        for one in found["outside"] or ()
        if any(str(one.get(name) or "").strip() for name in names[1:])
    ]
    found["relations"] = [
        {
            "kind": one["kind"],
            "earlier_id": one.get("earlier_id") or None,
            **{name: str(one.get(name) or "").strip() for name in ("earlier_number", "earlier_title", "note")},
        }
        for one in found["relations"] or ()
    ]
    return found


def _apply(document: OutgoingDocument, facts: Facts, by: Actor, at: dt.datetime) -> None:
    """Put clean facts on the document and its lists; lists that stay the same are left alone."""
    facts = _clean(facts)
    demanded = next(rules.reachable(facts["outside"]), None)
    if demanded is not None:
        demanded.demand()
    _relabel(document, facts["label"], by, at)
    for name in PLAIN:
        setattr(document, name, facts[name])
    document.body = facts["body"]
    if not facts["issuer"]:
        raise Refused(_("Say which body issues it."), field="issuer")
    document.issuer_id = facts["issuer"]
    document.signer_post_id = facts["signer_post"]
    document.countersign_mode = facts["countersign_mode"]
    before = queries.facts_of(document)
    for name, model in (("joint_issuers", JointIssuer), ("countersign_units", CountersignUnit)):
        if before[name] != facts[name]:
            rows: Any = cast(Any, model).objects
            rows.filter(document=document).delete()
            rows.bulk_create(
                model(document=document, unit_id=unit, position=place) for place, unit in enumerate(facts[name])
            )
    if any(before[name] != facts[name] for name in ("main", "copy_to", "outside")):
        _put_addressees(document, facts)
    if before["relations"] != facts["relations"]:
        Relation.objects.filter(document=document).delete()
        Relation.objects.bulk_create(Relation(document=document, **one) for one in facts["relations"])
        for one in facts["relations"]:
            journal.write(by=by, at=at, act="outgoing.related", on=document, data=one)


def _relabel(document: OutgoingDocument, label: int, by: Actor, at: dt.datetime) -> None:
    """The guard follows the paper's label, whoever of those who may edit it changes it."""
    if label == document.label:
        return
    if label > by.clearance:
        raise Refused(_("You may not see papers of that label, so you cannot give it."), field="label")
    access.relabel(guard_id=document.guard_id, label=label, by=SYSTEM, at=at)


def _put_addressees(document: OutgoingDocument, facts: Facts) -> None:
    main, copy = AddresseePart.MAIN.value, AddresseePart.COPY.value
    doubled = set(facts["main"]) & set(facts["copy_to"])
    if doubled:
        raise Refused(_("The same body is a main addressee and gets a copy."), field="copy_to")
    lines: list[dict[str, Any]] = [
        *({"part": main, "unit_id": unit} for unit in facts["main"]),
        *({"part": copy, "unit_id": unit} for unit in facts["copy_to"]),
        *facts["outside"],
    ]
    Addressee.objects.filter(document=document).delete()
    Addressee.objects.bulk_create(
        Addressee(document=document, position=place, **line) for place, line in enumerate(lines)
    )


def touch(document: OutgoingDocument, at: dt.datetime) -> None:
    """The document is another one from now on."""
    document.version += 1
    document.changed_at = at
    document.save()


def kept(document: OutgoingDocument, kind: str, note: str, *, author: Actor, moment: dt.datetime) -> DraftVersion:
    """What stands now, written down as the next version; inside the caller's service."""
    parts = queries.parts_of(document)
    last = DraftVersion.objects.filter(document=document).aggregate(last=Max("number"))["last"] or 0
    return DraftVersion.objects.create(
        document=document,
        number=max(document.version, last + 1),
        kind=kind,
        note=note[:300],
        parts=parts,
        facts=queries.facts_of(document),
        text_hash=manuscript.digest(parts),
        characters=manuscript.characters(document.body),
        person_id=author.person_id,
        post_id=author.post_id,
        at=moment,
    )


@service
def keep_version(*, document_id: int, kind: str, note: str = "", by: Actor, at: dt.datetime) -> DraftVersion:
    """Keep what stands as a version of its own, for example what was signed."""
    document = locked(document_id)
    version = kept(document, kind, note, author=by, moment=at)
    if version.number != document.version:
        OutgoingDocument.objects.filter(pk=document.pk).update(version=version.number)
    journal.write(
        by=by, at=at, act="outgoing.version_kept", on=document, data={"version": version.number, "kind": kind}
    )
    return version


@service
def submit_draft(
    *, document_id: int, seen_version: int | None = None, note: str = "", by: Actor, at: dt.datetime
) -> OutgoingDocument:
    """Hand the draft on, once it is complete: it gets its matter, or goes on where it was sent back from."""
    document = locked(document_id)
    task = next((one for one in drafting.held_tasks(document, by) if one["step"] == Step.DRAFT), None)
    if document.state != State.DRAFT and task is None:
        raise Refused(_("This document was submitted already."))
    drafting.may_edit(document, by).demand()
    demand_free(document, by, at)
    demand_fresh(document, seen_version)
    faults = rules.faults(document)
    if faults:
        raise Incomplete(faults)
    version = keep_version(document_id=document.pk, kind=VersionKind.SUBMITTED, note=note, by=by, at=at)
    document.version = version.number
    journal.write(by=by, at=at, act="outgoing.submitted", on=document, data={"version": version.number})
    drafting.lock_rows(document.pk).delete()
    if task is None:
        # Inside: the bindings' own services keep versions with this module.
        from chancery.departments.general_office.outgoing_documents.procedures import bindings

        bindings.open_procedure(document=document, by=by, at=at)
    else:
        procedures.complete(task_id=task["id"], outcome=Outcome.SUBMIT, opinion=note, by=by, at=at)
    document.refresh_from_db()
    return document


@service
def discard_draft(*, document_id: int, by: Actor, at: dt.datetime) -> None:
    """Throw a draft away: it was never submitted."""
    document = locked(document_id)
    rules.may_discard(document).demand()
    drafting.may_edit(document, by).demand()
    demand_free(document, by, at)
    journal.write(by=by, at=at, act="outgoing.discarded", on=document, data={"title": document.title})
    document.delete()


@service
def new_from(*, document_id: int, act_token: uuid.UUID | None = None, by: Actor, at: dt.datetime) -> OutgoingDocument:
    """A new draft that says what an existing document says, without its annexes, relations, signature and number."""
    source = queries.document(document_id)
    if source is None:
        raise NotThere(_("There is no such document."))
    facts = queries.facts_of(source)
    facts["relations"] = []
    facts["countersign_units"] = [one for one in facts["countersign_units"] if one != by.body_id]
    return open_draft(
        paper_type=source.paper_type, profile=source.profile, facts=facts, act_token=act_token, by=by, at=at
    )


@service
def ask_along(*, document_id: int, post_ids: Sequence[int], by: Actor, at: dt.datetime) -> None:
    """Let other posts see the draft, comment on it and edit it."""
    document = locked(document_id)
    drafting.may_edit(document, by).demand()
    access.add_readers(
        guard_id=document.guard_id, readers=[(post, None, None) for post in post_ids], how=DRAFTING_ALONG, by=by, at=at
    )
    journal.write(by=by, at=at, act="outgoing.asked_along", on=document, data={"posts": list(post_ids)})
