"""Who may edit an outgoing document, and when one is complete."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chancery.departments.general_office.outgoing_documents import queries
from chancery.departments.general_office.outgoing_documents.models import OutgoingDocument
from chancery.departments.general_office.outgoing_documents.terms import (
    Direction,
    Label,
    RelationKind,
    State,
    Step,
)
from chancery.foundations import clock, manuscript
from chancery.foundations.actor import SYSTEM, Actor
from chancery.foundations.postgres.row_security import acting_as
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.kernel.directory import queries as directory
from chancery.kernel.directory.models import Unit
from chancery.kernel.records.papertypes import queries as paper_types
from chancery.kernel.records.papertypes import rules as type_rules

EDITING_STEPS = frozenset({Step.DRAFT, Step.UNIT_CHECK, Step.OFFICE_REVIEW, Step.SIGN, Step.RECHECK})
BASIS_NUMBER = "GB/T 9704-2012, 7.2.5"
BASIS_SIGNER = "《党政机关公文处理工作条例》(2012) 第二十二条"
EARLIER_THAN_ANY = 1949  # no official paper of the house is older


class NotEditable(Refused):
    """The text stands: nobody may edit it now, or this actor may not."""


def may_edit(by: Actor, document: OutgoingDocument, held_step: str | None, *, is_asked_along: bool = False) -> Verdict:
    """The drafter and whoever was asked along while it is a draft; afterwards who has it in hand at a step that edits.

    `held_step`: the step of an open task that `by` may do. After numbering the text never changes.
    """
    if by.is_system:
        return yes()
    if document.state == State.DRAFT:
        if by.post_id == document.drafter_post_id or by.person_id == document.drafter_person_id or is_asked_along:
            return yes()
        return no(
            gettext_lazy("Only the drafter, and whoever was asked to draft along, edits a draft."), refusal=NotEditable
        )
    if document.state == State.UNDER_WAY:
        if held_step in EDITING_STEPS:
            return yes()
        return no(
            gettext_lazy("It is not in your hands: only who has it at this step may edit it."), refusal=NotEditable
        )
    if document.state == State.SIGNED and held_step == Step.RECHECK:
        return yes()
    if document.state == State.SIGNED:
        return no(
            gettext_lazy("The text is signed. Only the rechecker may change it, and then it is signed again."),
            refusal=NotEditable,
        )
    return no(
        gettext_lazy("The text stands as it was signed. If it is wrong, cancel it and begin a new draft from it."),
        refusal=NotEditable,
    )


#: What other functions find wrong in papers they began: f(document, facts) → verdicts. Filled at start.
FURTHER_LOOKS: list[Callable[[OutgoingDocument, Mapping[str, Any]], Iterator[Verdict]]] = []


def may_discard(document: OutgoingDocument) -> Verdict:
    """Only a draft can be thrown away."""
    if document.state == State.DRAFT:
        return yes()
    return no(_("Only a draft can be discarded. What was submitted stays on the record."))


# --- Completeness -----------------------------------------------------------------------------------------------------
def is_complete(document: OutgoingDocument) -> Verdict:
    """Everything the paper needs before it leaves the drafter; the first refusal, at its field, with its basis."""
    found = faults(document)
    return found[0] if found else yes()


def faults(document: OutgoingDocument) -> list[Verdict]:
    """Every reason why it may not leave the drafter."""
    return faults_in(document, queries.facts_of(document), annexes=document.annexes.count())


def faults_in(document: OutgoingDocument, facts: Mapping[str, Any], *, annexes: int) -> list[Verdict]:
    """The same of facts that are not kept yet."""
    return list(_faults(document, facts, annexes))


def _faults(document: OutgoingDocument, facts: Mapping[str, Any], annexes: int) -> Iterator[Verdict]:
    today = clock.today()
    of = paper_types.paper_type(facts["paper_type"], on=today, profile=document.profile)
    exists = type_rules.may_exist(of, facts["paper_type"])
    if not exists:
        yield exists
    if not facts["title"].strip():
        yield no(_("A paper has a title."), field="title")
    if manuscript.is_empty(facts["body"]):
        yield no(_("Write the text."), field="body")
    yield from _bodies(document, facts)
    if of is not None:
        yield from type_rules.findings(of, queries.ruled(facts, annexes=annexes))
    yield from reachable(facts["outside"])
    for field in ("title", "note"):
        yield from _wrong_number(facts[field], field)
    yield from _relations(document, facts["relations"])
    yield from _signer(document, facts["signer_post"])
    for look in FURTHER_LOOKS:
        yield from look(document, facts)
    if facts["direction"] == Direction.PUBLIC and facts["label"] > Label.INTERNAL:
        yield no(_("A paper to the public bears no house label above “internal”."), field="label")


def _bodies(document: OutgoingDocument, facts: Mapping[str, Any]) -> Iterator[Verdict]:
    """Issuers, addressees and countersigning units stand today, and none is named twice."""
    today = clock.today()
    asked = queries.units_in(facts)
    standing = set(
        Unit.objects.filter(pk__in=asked, during__contains=today, is_void=False).values_list("id", flat=True)
    )
    gone = queries.unit_names(asked - standing, on=today, language="")
    if not facts["issuer"]:
        yield no(_("Say which body issues it."), field="issuer")
    fields = {
        "issuer": [facts["issuer"]],
        **{name: facts[name] for name in ("joint_issuers", "main", "copy_to", "countersign_units")},
    }
    for field, ids in fields.items():
        for one in ids:
            if one and one not in standing:
                yield no(_("%(unit)s no longer exists.") % {"unit": gone.get(one, "")}, field=field)
    if facts["issuer"] in facts["joint_issuers"]:
        yield no(_("The lead issuer is named again among the others."), field="joint_issuers")
    if set(facts["main"]) & set(facts["copy_to"]):
        yield no(_("The same body is a main addressee and gets a copy."), field="copy_to")
    if document.unit_id in facts["countersign_units"]:
        yield no(_("The unit that drafts does not countersign its own paper."), field="countersign_units")


def reachable(outside: Sequence[Mapping[str, str]]) -> Iterator[Verdict]:
    """Whoever is outside the directory has a name and an address."""
    for one in outside:
        if not one["name"].strip():
            yield no(_("An addressee outside the directory needs a name."), field="outside")
        elif not (one["email"].strip() or one["postal"].strip()):
            yield no(
                _("“%(name)s” is not in the directory: give an e-mail or postal address.") % {"name": one["name"]},
                field="outside",
            )


def _signer(document: OutgoingDocument, post_id: int | None) -> Iterator[Verdict]:
    if not post_id:
        return
    with acting_as(SYSTEM):
        holders = {row["person_id"] for row in directory.holders_of(post_id, clock.today())}
    if not holders:
        yield no(_("Nobody holds the signer's post today: choose another."), field="signer_post")
    elif holders == {document.drafter_person_id}:
        yield no(
            _("Whoever drafts a paper does not sign it: choose another signer."),
            field="signer_post",
            basis=BASIS_SIGNER,
        )


def _relations(document: OutgoingDocument, relations: Sequence[Mapping[str, Any]]) -> Iterator[Verdict]:
    ids = [one["earlier_id"] for one in relations if one.get("earlier_id")]
    states = dict(OutgoingDocument.objects.filter(pk__in=ids).values_list("id", "state"))
    issued = {State.RELEASED, State.WITHDRAWN}
    for one in relations:
        earlier = one.get("earlier_id")
        number = str(one.get("earlier_number") or "")
        if not earlier and not number.strip():
            yield no(_("Name the earlier document, or its number."), field="relations")
        if earlier == document.pk:
            yield no(_("A document cannot supersede itself."), field="relations")
        elif earlier and states.get(earlier) not in issued and one["kind"] != RelationKind.ANSWERS:
            yield no(_("Only an issued document can be superseded, abolished or corrected."), field="relations")
        if number.strip():
            verdict = number_form(number, profile=document.profile)
            if not verdict:
                yield verdict


# --- Numbers as typed -------------------------------------------------------------------------------------------------
_OPEN, _CLOSE = "〔\\[［(（【<《{", "〕\\]］)）】>》}"
_TYPED = re.compile(
    rf"(?P<open>[{_OPEN}])\s*(?P<year>\d{{2,4}})\s*(?P<nian>年)?\s*(?P<close>[{_CLOSE}])\s*(?P<di>第)?\s*(?P<n>\d+)\s*号"
)
_WHOLE = re.compile(r"[^\s〔〕\[\]［］()（）【】]{1,24}〔\d{4}〕[1-9]\d{0,5}号")


def number_form(number: str, *, profile: str, field: str = "relations") -> Verdict:
    """发文字号 as it is written: code〔2026〕8号. Hexagonal brackets, four digits, no 第, no padding."""
    if profile != "cn":
        return yes()
    text = number.strip()
    if fault := next(_form_faults(text), None):
        return no(fault, field=field, basis=BASIS_NUMBER)
    if _WHOLE.fullmatch(text):
        return yes()
    return no(
        _("A number reads code〔year〕number号, for example 科协办发〔2026〕8号; “%(number)s” does not.")
        % {"number": number},
        field=field,
        basis=BASIS_NUMBER,
    )


def wrong_numbers(text: str) -> list[str]:
    """What is wrong with the numbers of papers cited in a text."""
    return list(_form_faults(text))


def _form_faults(text: str) -> Iterator[str]:
    latest = clock.today().year
    for found in _TYPED.finditer(text):
        told = {"number": found.group(0)}
        if (found["open"], found["close"]) != ("〔", "〕"):
            yield _("“%(number)s”: the year of a number stands in hexagonal brackets 〔 〕.") % told
        if found["di"]:
            yield _("“%(number)s”: no 第 before the number.") % told
        if found["n"].startswith("0"):
            yield _("“%(number)s”: no zeros before the number.") % told
        if found["nian"] or len(found["year"]) != 4:
            yield _("“%(number)s”: the year has four digits and no 年.") % told
        elif not EARLIER_THAN_ANY <= int(found["year"]) <= latest:
            yield _("“%(number)s”: there is no paper of that year.") % told


def _wrong_number(text: str, field: str) -> Iterator[Verdict]:
    for fault in _form_faults(text):
        yield no(fault, field=field, basis=BASIS_NUMBER)


def fields_of(verdicts: Collection[Verdict]) -> dict[str, list[Verdict]]:
    """Findings by field."""
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.field or "", []).append(verdict)
    return found
