"""Asking the daemon."""

from __future__ import annotations

import contextlib
from typing import IO, Any

import clamd
from django.conf import settings

from chancery.departments.general_office.archives.handover.scanner.terms import BadAddress, Scan, ScanState

PATIENCE = 30.0  # seconds for connecting and for each answer


def address() -> str:
    """Where the daemon listens, "host:port" or the path of its socket; "" when none is set up."""
    return str(settings.CLAMD).strip()


def daemon(where: str, *, patience: float = PATIENCE) -> Any:
    """The daemon at an address; `BadAddress` when it is none."""
    if where.startswith("/"):
        return clamd.ClamdUnixSocket(where, timeout=patience)
    host, colon, port = where.rpartition(":")
    if not colon or not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise BadAddress(where)
    return clamd.ClamdNetworkSocket(host.strip("[]"), int(port), timeout=patience)


def alive(where: str, *, patience: float = PATIENCE) -> bool:
    """Whether the daemon answers."""
    try:
        return bool(daemon(where, patience=patience).ping() == "PONG")
    except (clamd.ClamdError, OSError, ValueError):
        return False


def scan(content: IO[bytes], *, patience: float = PATIENCE) -> Scan:
    """What the daemon says of content, read from its start. Whatever goes wrong is an answer that says so."""
    where = address()
    if not where:
        return Scan(ScanState.NOT_SET_UP)
    content.seek(0)
    try:
        answer = daemon(where, patience=patience).instream(content)
    except clamd.BufferTooLongError:
        return Scan(ScanState.TOO_LARGE)
    except clamd.ResponseError:
        return Scan(ScanState.ODD)
    except (clamd.ConnectionError, OSError, BadAddress):
        return Scan(ScanState.SILENT)
    except ValueError:  # an answer that is no text
        return Scan(ScanState.ODD)
    with contextlib.suppress(KeyError, TypeError, ValueError):
        said, name = answer["stream"]
        if said == "OK":
            return Scan(ScanState.CLEAN)
        if said == "FOUND":
            return Scan(ScanState.FOUND, str(name)[:120])
    return Scan(ScanState.ODD)
