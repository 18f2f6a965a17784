"""The house of a day in the words of the W3C Organization Ontology and of schema.org."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from chancery.kernel.directory.contacts.rules import as_uri
from chancery.kernel.directory.interchange.terms import CONTEXT
from chancery.kernel.directory.publicpage.queries import House, PublicUnit
from chancery.kernel.directory.queries import Row

Node = dict[str, Any]


def _site(name: str, code: str, part: str) -> str:
    return f"{settings.SITE_URL.rstrip('/')}{reverse(name, args=[code])}#{quote(part)}"


def unit_iri(code: str) -> str:
    """The name of a unit on the web."""
    return _site("directory:unit", code, "unit")


def post_iri(unit: str, code: str) -> str:
    """The name of a post on the web."""
    return _site("directory:unit", unit, f"post-{code}")


def person_iri(code: str) -> str:
    """The name of a person on the web."""
    return _site("directory:person", code, "person")


def _said(row: Row, name: str) -> list[Node]:
    """A text in both languages, as far as it is there."""
    both = (("en", row.get(f"{name}_en")), ("zh-Hans", row.get(f"{name}_zh")))
    return [{"@language": language, "@value": value} for language, value in both if value]


def org_document(house: House) -> Node:
    """The house as JSON-LD in the Organization Ontology."""
    return {"@context": CONTEXT, "@graph": list(_org_nodes(house))}


def _org_nodes(house: House) -> Iterator[Node]:
    people: dict[str, Node] = {}
    for unit in house.walk():
        iri = unit_iri(unit.code)
        node: Node = {
            "@id": iri,
            "@type": "org:FormalOrganization" if unit is house.root else "org:OrganizationalUnit",
            "skos:prefLabel": _said(unit.facts, "name"),
            "org:identifier": unit.code,
            "org:purpose": _said(unit.facts, "functions"),
            "org:hasUnit": [{"@id": unit_iri(child.code)} for child in unit.units],
            "org:hasPost": [{"@id": post_iri(unit.code, post["code"])} for post in unit.posts],
        }
        if unit is not house.root:
            node["org:unitOf"] = {"@id": unit_iri(unit.above_code)}
        if unit.leader_code:
            # The ontology has no relation for one unit leading another; linkedTo is its general one.
            node["org:linkedTo"] = {"@id": unit_iri(unit.leader_code)}
        if unit.confirmed_on:
            node["dct:date"] = {"@type": "xsd:date", "@value": unit.confirmed_on.isoformat()}
        if site := _org_site(unit, iri):
            node["org:hasPrimarySite"] = site
        yield {key: value for key, value in node.items() if value}
        for post in unit.posts:
            yield from _org_post(unit, post, people)
    yield from people.values()


def _org_site(unit: PublicUnit, iri: str) -> Node | None:
    if not unit.contacts:
        return None
    address: Node = {"@id": f"{iri}-address", "@type": "vcard:VCard", "vcard:fn": _said(unit.facts, "name")}
    for contact in unit.contacts:
        match contact["kind"]:
            case "PHONE":
                telephone = {"@type": "vcard:Voice", "vcard:hasValue": {"@id": as_uri("PHONE", contact["value"])}}
                address.setdefault("vcard:hasTelephone", []).append(telephone)
            case "FAX":
                fax = {"@type": "vcard:Fax", "vcard:hasValue": {"@id": as_uri("FAX", contact["value"])}}
                address.setdefault("vcard:hasTelephone", []).append(fax)
            case "EMAIL":
                address.setdefault("vcard:hasEmail", []).append({"@id": as_uri("EMAIL", contact["value"])})
            case "ADDRESS":
                place = address.setdefault("vcard:hasAddress", {"@id": f"{iri}-place", "@type": "vcard:Work"})
                place["vcard:street-address"] = contact["value"]
            case "POSTCODE":
                place = address.setdefault("vcard:hasAddress", {"@id": f"{iri}-place", "@type": "vcard:Work"})
                place["vcard:postal-code"] = contact["value"]
            case "WEB":
                address.setdefault("vcard:hasURL", []).append({"@id": contact["value"]})
    return {"@id": f"{iri}-site", "@type": "org:Site", "org:siteAddress": address}


def _org_post(unit: PublicUnit, post: Row, people: dict[str, Node]) -> Iterator[Node]:
    iri = post_iri(unit.code, post["code"])
    holders = post["holders"]
    role = {"@id": f"{iri}-role", "@type": "org:Role", "skos:prefLabel": _said(post, "title")}
    node: Node = {
        "@id": iri,
        "@type": "org:Post",
        "org:postIn": {"@id": unit_iri(unit.code)},
        "org:role": role,
        "skos:prefLabel": _said(post, "title"),
    }
    # Vacant is said by saying nothing: an org:Post without org:heldBy.
    if holders:
        node["org:heldBy"] = [{"@id": person_iri(holder["person"])} for holder in holders]
    yield node
    for holder in holders:
        person = person_iri(holder["person"])
        people.setdefault(
            holder["person"],
            {"@id": person, "@type": "foaf:Person", "foaf:name": _said(holder, "name"), "org:holds": []},
        )["org:holds"].append({"@id": iri})
        membership = f"{iri}-holding-{holder['id']}"
        begins = {"@type": "time:Instant", "time:inXSDDate": {"@type": "xsd:date", "@value": holder["since"]}}
        yield {
            "@id": membership,
            "@type": "org:Membership",
            "org:member": {"@id": person},
            "org:organization": {"@id": unit_iri(unit.code)},
            "org:role": {"@id": f"{iri}-role"},
            "org:memberDuring": {"@type": "time:Interval", "time:hasBeginning": begins},
            "skos:note": holder["kind"].lower(),
        }
        if post["is_leading"] and post is unit.posts[0] and holder["kind"] != "ACTING":
            yield {"@id": person, "org:headOf": {"@id": unit_iri(unit.code)}}


def schema_document(house: House) -> Node:
    """The house as schema.org JSON-LD."""
    return {
        "@context": "https://schema.org",
        **(_schema_unit(house.root, house.root) if house.root else {"@graph": []}),
    }


def _schema_unit(unit: PublicUnit, root: PublicUnit | None) -> Node:
    node: Node = {
        "@type": "GovernmentOrganization" if unit is root else "Organization",
        "@id": unit_iri(unit.code),
        "identifier": unit.code,
        "name": [*_said(unit.facts, "name")],
        "description": [*_said(unit.facts, "functions")],
        "url": unit_iri(unit.code).partition("#")[0],
    }
    phones = [contact["value"] for contact in unit.contact_values("PHONE")]
    node |= {"telephone": phones, "faxNumber": [contact["value"] for contact in unit.contact_values("FAX")]}
    node["email"] = [contact["value"] for contact in unit.contact_values("EMAIL")]
    if unit.contact_values("ADDRESS"):
        node["address"] = {
            "@type": "PostalAddress",
            "streetAddress": unit.contact_values("ADDRESS")[0]["value"],
            "postalCode": [contact["value"] for contact in unit.contact_values("POSTCODE")],
        }
    node["employee"] = [
        {
            "@type": "EmployeeRole",
            "roleName": post["title_en"],
            "startDate": holder["since"],
            "employee": {"@type": "Person", "@id": person_iri(holder["person"]), "name": _said(holder, "name")},
        }
        for post in unit.posts
        for holder in post["holders"]
    ]
    node["department"] = [_schema_unit(child, root) for child in unit.units]
    return {key: value for key, value in node.items() if value}
