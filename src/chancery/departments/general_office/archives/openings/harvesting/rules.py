"""What a harvester asked, checked as the protocol says: each fault by its code, all that are found at once."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chancery.departments.general_office.archives.openings.harvesting.terms import PREFIX, VERBS

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


class Fault(Exception):
    """An error of the protocol. `code` is one of its eight."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@dataclass(frozen=True, slots=True)
class Page:
    """Where a list goes on: after this date stamp and row; how many were given before."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    set_spec: str = ""
    after: tuple[dt.datetime, int] | None = None
    given: int = 0


def asked(arguments: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The arguments of a request that is as it should be; `verb` among them."""
    verbs = arguments.get("verb", ())
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise Fault("badVerb", "The verb is missing, repeated or not one of the protocol's.")
    needed, allowed = VERBS[verbs[0]]
    names = set(arguments) - {"verb"}
    if any(len(values) != 1 for values in arguments.values()):
        raise Fault("badArgument", "An argument is repeated.")
    if names - needed - allowed:
        raise Fault("badArgument", "An argument is not one of this verb's.")
    if "resumptionToken" in names:
        if len(names) > 1:
            raise Fault("badArgument", "A resumption token stands alone.")
    elif needed - names:
        raise Fault("badArgument", "An argument that this verb needs is missing.")
    return {name: values[0] for name, values in arguments.items()}


def demand_format(prefix: str) -> None:
    """Only Dublin Core is given."""
    if prefix != PREFIX:
        raise Fault("cannotDisseminateFormat", "The records are given as oai_dc.")


def page_asked(arguments: Mapping[str, str]) -> Page:
    """What a list request narrows to, or where its token goes on."""
    if "resumptionToken" in arguments:
        return _resumed(arguments["resumptionToken"])
    demand_format(arguments["metadataPrefix"])
    since, until = arguments.get("from", ""), arguments.get("until", "")
    if since and until and len(since) != len(until):
        raise Fault("badArgument", "“from” and “until” have one granularity.")
    first, last = _moment(since, end=False), _moment(until, end=True)
    if first and last and first > last:
        raise Fault("badArgument", "“from” is later than “until”.")
    return Page(first, last, arguments.get("set", ""))


def _moment(text: str, *, end: bool) -> dt.datetime | None:
    if not text:
        return None
    try:
        if _SECOND.fullmatch(text):
            return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
        if _DAY.fullmatch(text):
            day = dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC)
            return day + dt.timedelta(days=1, seconds=-1) if end else day
    except (ValueError, OverflowError):
        pass
    raise Fault("badArgument", "A date is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")


def token(page: Page) -> str:
    """The page as a token: it says only what the harvester asked and was given."""
    said = [
        page.since and page.since.timestamp(),
        page.until and page.until.timestamp(),
        page.set_spec,
        page.after and [page.after[0].timestamp(), page.after[1]],
        page.given,
    ]
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def _resumed(text: str) -> Page:
    try:
        said: list[Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        since, until, set_spec, (stamp, row), given = said
        after = (dt.datetime.fromtimestamp(stamp, dt.UTC), int(row))
        return Page(_time(since), _time(until), str(set_spec), after, int(given))
    except (ValueError, TypeError, OverflowError, OSError, binascii.Error):
        raise Fault("badResumptionToken", "This token was not given out here.") from None


def _time(stamp: float | None) -> dt.datetime | None:
    return None if stamp is None else dt.datetime.fromtimestamp(stamp, dt.UTC)
