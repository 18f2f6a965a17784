"""Walking every address as every member: how its arguments are filled, how what it answers is read."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tests.access.addresses import Address, every_address
from tests.access.kept import ASKED, Guarded
from tests.access.world import World

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as

# Addresses of other people's code whose pages are not ours to enter with made-up arguments.
FOREIGN_ARGUMENTS = {"uidb36", "key", "provider_id", "secret"}
# What an address without arguments is asked besides nothing: whatever could hold an answer wider than its page.
QUESTIONS: tuple[dict[str, str], ...] = ({}, {"q": ASKED}, {"export": "csv"})
QUESTIONS_OF: dict[str, tuple[dict[str, str], ...]] = {
    "general_office:oai": (
        {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
        {"verb": "ListRecords", "metadataPrefix": "oai_ead"},
        {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"},
        {"verb": "ListSets"},
    ),
    "records:search": ({"q": ASKED, "sort": "date"}, {"q": f'title:"{ASKED}"'}, {"q": ASKED, "label": "20"}),
}
# An argument of the same name means other things elsewhere: the first piece of the route that fits says which.
_KINDS = (
    ("search/people", "found person"),
    ("search/units", "found unit"),
    ("search/paper-types", "found paper type"),
    ("search/provisions", "found provision"),
    ("/petitions/custody/", "petition"),
    ("/petitions/letters/", "letter"),
    ("/petitions/desk/", "desk"),
    ("/petitions/counting/", "counting"),
    ("/petitions/figures/", "counting"),
    ("/petitions/write/", "door"),
    ("people", "person"),
    ("person", "person"),
    ("/outgoing/", "outgoing"),
    ("outgoing-documents", "outgoing"),
    ("incoming", "incoming"),
    ("/archives/appraisal/", "appraisal"),
    ("/archives/handover/", "handover"),
    ("/archives/transfers/", "transfer"),
    ("/archives/readings/", "reading"),
)


def kind_of(address: Address) -> str:
    """What the arguments of an address are arguments of."""
    return next((kind for piece, kind in _KINDS if piece in address.route), address.name.partition(":")[0])


def ours() -> list[Address]:
    """Every address that is ours to enter."""
    return [
        address for address in every_address() if not FOREIGN_ARGUMENTS & set(address.arguments) or ":" in address.name
    ]


def questions(address: Address) -> tuple[dict[str, str], ...]:
    """What to ask at an address."""
    if address.arguments:
        return QUESTIONS[:1]
    return QUESTIONS + QUESTIONS_OF.get(address.name, ())


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Whatever a request leaves behind is taken back. Rolling back alone would leave the savepoint open: some thousands
    inside one another make every statement slow, and end in no memory for their locks."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)
        transaction.savepoint_commit(mark)


class Walker(Client):
    """A client that enters and reads, and keeps no templates' contexts: copying them would take most of the time."""

    def request(self, **request: Any) -> Any:
        """Answer, with the cookies kept."""
        response = self.handler(self._base_environ(**request))  # type: ignore[attr-defined]  # the stubs leave it out
        if response.cookies:
            self.cookies.update(response.cookies)
        return response


def rows(sql: str, *values: Any) -> list[Any]:
    """The first column of an answer."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def samples_of(world: World, things: tuple[Guarded, ...]) -> dict[str, list[Any]]:
    """Values for each argument: those that lead to the things, and open ones for the rest."""
    guards = [thing.guard_id for thing in things]
    matters = [thing.matter_id for thing in things if thing.matter_id]
    made: dict[str, list[Any]] = {}
    for thing in things:
        for name, values in thing.leads.items():
            made.setdefault(name, []).extend(values)
    drafts = made.get("outgoing document_id", [])
    with acting_as(SYSTEM):
        return {
            **made,
            "annex_id": rows("select id from general_office_annex where document_id = any(%s)", drafts),
            "comment_id": rows("select id from general_office_comment where document_id = any(%s)", drafts),
            "matter_id": matters,
            "task_id": rows("select id from procedures_task where matter_id = any(%s)", matters),
            "file_id": rows("select id from records_storedfile where guard_id = any(%s)", guards),
            "number_id": rows("select id from records_issuednumber where guard_id = any(%s)", guards),
            "entry_id": rows("select id from journal_entry where guard_id = any(%s)", guards),
            "handover row_id": rows(
                "select id from general_office_handoverrow where list_id = any(%s)", made.get("handover list_id", [])
            ),
            "transfer row_id": rows(
                "select id from general_office_transferrow where list_id = any(%s)", made.get("transfer list_id", [])
            ),
            "petition file_id": made.get("petition file_id", []),
            "petition opening_id": made.get("petition opening_id", []),
            "tab": ["read", "done", "started", "watched", "overdue"],
            "number": [1],
            "code": ["PF"],
            "procedures code": ["incoming_document"],
            "person code": rows("select code from directory_person order by id limit 1"),
            "digest": rows("select hash from procedures_definition where code = 'incoming_document'"),
            "post_id": rows("select id from directory_post order by id limit 1"),
            "person_id": rows("select id from directory_person order by id limit 1"),
            "holding_id": rows("select id from directory_holding order by id limit 1"),
            "account_id": rows("select id from access_account order by id limit 1"),
            "grant_id": rows("select id from access_rolegrant order by id limit 1"),
            "fonds_id": rows("select id from records_fonds order by id limit 1"),
            "plan_id": rows("select id from records_fileplan order by id limit 1"),
            "profile": ["cn"],
            "key": rows("select key from rulebook_provision where profile = 'cn' order by key limit 1"),
            "found person key": rows("select id from directory_person order by id limit 1"),
            "found unit key": rows("select id from directory_unit order by id limit 1"),
            "found paper type key": rows("select id from records_papertype order by id limit 1"),
            "found provision key": rows("select id from rulebook_provision order by id limit 1"),
            "letter kind": ["ACCEPTANCE", "OPINION"],
            "counting kind": ["pdf", "xlsx"],
            "door kind": ["appeal", "suggestion"],
            "channel": ["letter", "phone"],
            "language": ["en", "zh-hans"],
            "warning_id": rows("select id from general_office_petitionwarning order by id limit 1"),
            "form": ["csv", "jsonld", "vcf"],
            "year": [2026],
            "day": ["2026-11-23"],
            "page": [1],
            "series": ["incoming"],
            "procedure": ["incoming_document"],
            "suffix": ["csv", "xlsx"],
            "nothing": [2**31],
        }


def values_of(kind: str, argument: str, samples: dict[str, list[Any]]) -> list[Any]:
    """The samples of an argument of such a kind of address; of its own where there are any known."""
    own = f"{kind} {argument}"
    return samples[own] if own in samples else samples.get(argument, [])


def leads_of(address: Address, thing: Guarded, samples: dict[str, list[Any]]) -> bool:
    """Whether an argument of the address leads to the thing: itself, its matter, its files, its numbers."""
    kind, own = kind_of(address), {"matter_id", "task_id", "file_id", "number_id", "annex_id", "comment_id"}
    return any(
        argument in thing.leads
        or f"{kind} {argument}" in thing.leads
        or (argument in own and values_of(kind, argument, samples))
        for argument in address.arguments
    )


def paths(address: Address, samples: dict[str, list[Any]]) -> Iterator[str]:
    """Each way to fill the address's arguments. An argument without a sample gets a number that exists nowhere."""
    if not address.arguments:
        yield reverse(address.name)
        return
    choices: list[dict[str, Any]] = [{}]
    kind = kind_of(address)
    for argument in address.arguments:
        values = values_of(kind, argument, samples) or samples["nothing"]
        choices = [{**choice, argument: value} for choice in choices for value in values]
    unknown = [one for one in address.arguments if choices[0][one] == samples["nothing"][0]]
    for choice in choices:
        ways = (choice, *({**choice, **dict.fromkeys(unknown, text)} for text in ("nothing-here", "csv", "spine")))
        for way in ways:
            with contextlib.suppress(NoReverseMatch):
                yield reverse(address.name, kwargs=way)
                break


def text_of(response: Any) -> str:
    """All that an answer says: headers, body, and what lies inside a packed sheet or document."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    parts = [" ".join(f"{name}: {value}" for name, value in response.items()), body.decode("utf-8", "replace")]
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            parts += [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
    if "json" in response.get("Content-Type", "") and b"\\u" in body:
        parts.append(body.decode("unicode_escape", "replace"))
    return "\n".join(parts)
