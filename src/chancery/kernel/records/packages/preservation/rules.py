"""Facts to PREMIS 3 and back. What is read follows `preservation.xsd`, our own narrow form of PREMIS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from chancery.kernel.records.packages.bags.rules import PackageRefused
from chancery.kernel.records.packages.finding_aid.rules import clean
from chancery.kernel.records.packages.terms import PRESERVATION, Contents, EventFact, ItemFact, PartFact

NAMESPACE = "http://www.loc.gov/premis/v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_N, _TYPE = f"{{{NAMESPACE}}}", f"{{{XSI}}}type"
CODE, PATH, EVENT, AGENT, RIGHTS = "archival code", "path in package", "event", "agent", "rights"
PROGRAM = "Chancery"


def _put(parent: Any, name: str, text: str | None = None) -> Any:
    made = etree.SubElement(parent, _N + name)
    if text is not None:
        made.text = clean(text)
    return made


def _named(parent: Any, name: str, kind: str, value: str, role: str = "") -> Any:
    holder = _put(parent, name)
    _put(holder, f"{name}Type", kind)
    _put(holder, f"{name}Value", value)
    if role:
        _put(holder, role[: role.index("=")], role[role.index("=") + 1 :])
    return holder


# --- Writing ----------------------------------------------------------------------------------------------------------
def written(contents: Contents) -> bytes:
    """The description. One intellectual entity an item, one file object a part."""
    root = etree.Element(_N + "premis", nsmap={None: NAMESPACE, "xsi": XSI}, attrib={"version": "3.0"})
    for place, item in enumerate(contents.items, 1):
        _entity(root, item, place)
        for part in item.parts:
            _file(root, item, part)
    agents: dict[str, str] = {PROGRAM: "agent-1"}
    events = [*contents.events, *_checks(contents)]
    for event in events:
        agents.setdefault(event.agent or PROGRAM, f"agent-{len(agents) + 1}")
    for place, event in enumerate(events, 1):
        _event(root, event, place, agents)
    for name, identifier in agents.items():
        node = _put(root, "agent")
        _named(node, "agentIdentifier", AGENT, identifier)
        _put(node, "agentName", name)
        _put(node, "agentType", "software" if name == PROGRAM else "person")
    for place, item in enumerate(contents.items, 1):
        _rights(root, item, place)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _entity(root: Any, item: ItemFact, place: int) -> None:
    node = _put(root, "object")
    node.set(_TYPE, "intellectualEntity")
    _named(node, "objectIdentifier", CODE, item.code)
    _put(node, "originalName", item.title)
    _named(node, "linkingRightsStatementIdentifier", RIGHTS, f"rights-{place}")


def _file(root: Any, item: ItemFact, part: PartFact) -> None:
    node = _put(root, "object")
    node.set(_TYPE, "file")
    _named(node, "objectIdentifier", PATH, part.path)
    known = _put(node, "objectCharacteristics")
    _put(known, "compositionLevel", "0")
    fixity = _put(known, "fixity")
    _put(fixity, "messageDigestAlgorithm", "SHA-256")
    _put(fixity, "messageDigest", part.sha256)
    _put(fixity, "messageDigestOriginator", PROGRAM)
    _put(known, "size", str(part.size))
    _put(_put(_put(known, "format"), "formatDesignation"), "formatName", part.media_type)
    _put(node, "originalName", part.name)
    relation = _put(node, "relationship")
    _put(relation, "relationshipType", "structural")
    _put(relation, "relationshipSubType", "is Part Of")
    _named(relation, "relatedObjectIdentifier", CODE, item.code)


def _checks(contents: Contents) -> list[EventFact]:
    """The last fixity check of each part."""
    return [
        EventFact("fixity check", part.sound_at, part.path, detail="SHA-256", agent=PROGRAM, outcome="success")
        for item in contents.items
        for part in item.parts
        if part.sound_at is not None
    ]


def _event(root: Any, event: EventFact, place: int, agents: Mapping[str, str]) -> None:
    node = _put(root, "event")
    _named(node, "eventIdentifier", EVENT, f"event-{place}")
    _put(node, "eventType", event.kind)
    _put(node, "eventDateTime", event.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    if event.detail:
        _put(_put(node, "eventDetailInformation"), "eventDetail", event.detail)
    if event.outcome:
        _put(_put(node, "eventOutcomeInformation"), "eventOutcome", event.outcome)
    _named(node, "linkingAgentIdentifier", AGENT, agents[event.agent or PROGRAM])
    _named(node, "linkingObjectIdentifier", PATH if event.about.startswith("data/") else CODE, event.about)


def _rights(root: Any, item: ItemFact, place: int) -> None:
    """Who may be shown it: the label until the day it opens."""
    statement = _put(_put(root, "rights"), "rightsStatement")
    _named(statement, "rightsStatementIdentifier", RIGHTS, f"rights-{place}")
    _put(statement, "rightsBasis", "other")
    _put(_put(statement, "otherRightsInformation"), "otherRightsBasis", "institutional policy")
    granted = _put(statement, "rightsGranted")
    _put(granted, "act", "disseminate")
    _put(granted, "restriction", item.label)
    if item.opens_on:
        term = _put(granted, "termOfRestriction")
        _put(term, "startDate", item.dated_on.isoformat())
        _put(term, "endDate", item.opens_on.isoformat())
    _named(statement, "linkingObjectIdentifier", CODE, item.code)


# --- Reading ----------------------------------------------------------------------------------------------------------
@cache
def schema() -> etree.XMLSchema:
    """What the events, rights and objects have to follow before they are read."""
    return etree.XMLSchema(etree.parse(str(Path(__file__).parent / "preservation.xsd")))


def read(root: Any) -> tuple[dict[str, PartFact], dict[str, str], list[EventFact]]:
    """(parts by path: hash, size, format, name; path → code of its item; events)."""
    parts: dict[str, PartFact] = {}
    belongs: dict[str, str] = {}
    for node in root.findall(f"{_N}object"):
        if node.get(_TYPE, "").rpartition(":")[2] != "file":
            continue
        path = _value(node, "objectIdentifier")
        if path in parts:
            raise PackageRefused(
                _("Two entries of the package have the same name: %(name)s.") % {"name": path}, part=path
            )
        known = node.find(f"{_N}objectCharacteristics")
        parts[path] = PartFact(
            path=path,
            role="",
            title="",
            name=_text(node, "originalName"),
            media_type=_text(known, f"format/{_N}formatDesignation/{_N}formatName"),
            size=int(_text(known, "size")),
            sha256=_text(known, f"fixity/{_N}messageDigest"),
        )
        belongs[path] = _value(node.find(f"{_N}relationship"), "relatedObjectIdentifier")
    return parts, belongs, _events(root)


def _events(root: Any) -> list[EventFact]:
    names = {_value(node, "agentIdentifier"): _text(node, "agentName") for node in root.findall(f"{_N}agent")}
    events = []
    for node in root.findall(f"{_N}event"):
        try:
            at = dt.datetime.fromisoformat(_text(node, "eventDateTime"))
        except ValueError:
            raise PackageRefused(
                _("%(what)s has a date that does not exist.") % {"what": "event"}, part=PRESERVATION
            ) from None
        events.append(
            EventFact(
                kind=_text(node, "eventType"),
                at=at,
                about=_value(node, "linkingObjectIdentifier"),
                detail=_text(node, f"eventDetailInformation/{_N}eventDetail"),
                agent=names.get(_value(node, "linkingAgentIdentifier"), ""),
                outcome=_text(node, f"eventOutcomeInformation/{_N}eventOutcome"),
            )
        )
    return events


def _text(node: Any, path: str) -> str:
    found = node.find(f"{_N}{path}")
    return (found.text or "").strip() if found is not None else ""


def _value(node: Any, name: str) -> str:
    return _text(node, f"{name}/{_N}{name}Value")
