"""The four checks. Pure: facts in, findings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chancery.departments.general_office.archives.handover.checks.terms import Check, ItemFacts, Law, PartFacts
from chancery.departments.general_office.archives.handover.scanner.terms import ScanState
from chancery.departments.general_office.archives.handover.terms import CheckName, Result
from chancery.kernel.records.archive.terms import Carrier, PartRole

PAGED = (PartRole.MAIN, PartRole.ANNEX)
#: What was worked with: any format that the archive takes will do, since the text itself is there in a lasting one.
WORKING = (PartRole.DRAFT, PartRole.SOURCE, PartRole.METADATA)
_SCANS = {
    ScanState.CLEAN: (Result.PASS, "clean"),
    ScanState.FOUND: (Result.FAIL, "virus"),
    ScanState.NOT_SET_UP: (Result.WARN, "no_scanner"),
    ScanState.SILENT: (Result.UNKNOWN, "scanner_silent"),
    ScanState.ODD: (Result.UNKNOWN, "scanner_odd"),
    ScanState.TOO_LARGE: (Result.UNKNOWN, "too_large"),
}


def checked(item: ItemFacts, parts: Sequence[PartFacts], law: Law) -> list[Check]:
    """All four, in their order."""
    return [*authentic(item, parts), *complete(item, parts, law), *usable(parts, law), *safe(parts)]


def authentic(item: ItemFacts, parts: Iterable[PartFacts]) -> Iterator[Check]:
    """真实性: the content is what came in, its seals hold, and the record of what was done to it is unbroken."""
    for part in parts:
        if not part.found_sha256:
            yield Check(CheckName.AUTHENTIC, Result.FAIL, "content_missing", part.id)
            continue
        same = part.found_sha256 == part.sha256
        yield Check(
            CheckName.AUTHENTIC,
            Result.PASS if same else Result.FAIL,
            "hash_equal" if same else "hash_differs",
            part.id,
        )
        if part.seal is not None:
            yield _sealed(part)
    chain = item.chain
    if chain.broken_at is not None:
        yield Check(CheckName.AUTHENTIC, Result.FAIL, "journal_broken", None, {"seq": chain.broken_at})
    elif chain.entries:
        yield Check(CheckName.AUTHENTIC, Result.PASS, "journal_whole", None, {"count": chain.entries})
    else:
        yield Check(CheckName.AUTHENTIC, Result.WARN, "journal_none")


def _sealed(part: PartFacts) -> Check:
    seal = part.seal
    if seal is None or (seal.is_readable and not seal.is_signed):
        return Check(CheckName.AUTHENTIC, Result.PASS, "seal_none", part.id)
    problems = {"problems": " ".join(seal.problems)}
    if not seal.is_readable:
        return Check(CheckName.AUTHENTIC, Result.UNKNOWN, "seal_unread", part.id, problems)
    if not seal.is_intact:
        return Check(CheckName.AUTHENTIC, Result.FAIL, "seal_broken", part.id, problems)
    if not seal.is_trusted:
        return Check(CheckName.AUTHENTIC, Result.WARN, "seal_unknown", part.id, problems)
    names = {"names": ", ".join(signer.name for signer in seal.signers)}
    return Check(CheckName.AUTHENTIC, Result.PASS, "seal_intact", part.id, names)


def complete(item: ItemFacts, parts: Sequence[PartFacts], law: Law) -> Iterator[Check]:
    """完整性: its catalogue line says what the schedule asks, and all that belongs to it travels with it."""
    lacking = [code for code in law.elements if item.elements.get(code) in (None, "")]
    if lacking:
        yield Check(CheckName.COMPLETE, Result.FAIL, "elements_missing", None, {"elements": lacking})
    else:
        yield Check(CheckName.COMPLETE, Result.PASS, "elements_there", None, {"count": len(law.elements)})
    roles = {part.role for part in parts}
    if item.carrier == Carrier.PAPER and not parts:
        yield Check(CheckName.COMPLETE, Result.PASS, "on_paper")
        return
    has_main = PartRole.MAIN in roles
    yield Check(
        CheckName.COMPLETE,
        Result.PASS if has_main else Result.FAIL,
        "main_there" if has_main else "main_missing",
    )
    yield from _travelling(item, roles, law)
    yield from _annexes(item, parts)
    yield _pages(item, parts)


def _travelling(item: ItemFacts, roles: set[str], law: Law) -> Iterator[Check]:
    wanted = [role for role in law.parts if role != PartRole.MAIN]
    lacking = [role for role in wanted if role not in roles]
    if lacking:
        yield Check(CheckName.COMPLETE, Result.FAIL, "parts_missing", None, {"parts": lacking})
    elif wanted:
        yield Check(CheckName.COMPLETE, Result.PASS, "parts_there", None, {"parts": wanted})


def _annexes(item: ItemFacts, parts: Iterable[PartFacts]) -> Iterator[Check]:
    if item.annexes_named:
        found = sum(part.role == PartRole.ANNEX for part in parts)
        if found < item.annexes_named:
            said = {"said": item.annexes_named, "found": found}
            yield Check(CheckName.COMPLETE, Result.FAIL, "annexes_missing", None, said)
        else:
            yield Check(CheckName.COMPLETE, Result.PASS, "annexes_there", None, {"count": found})


def _pages(item: ItemFacts, parts: Iterable[PartFacts]) -> Check:
    """The pages told may be those of the text with its annexes, or of all that was filed."""
    if item.page_count is None:
        return Check(CheckName.COMPLETE, Result.WARN, "pages_unsaid")
    if any(part.role in PAGED and part.pages is None and not part.fault and part.found_sha256 for part in parts):
        return Check(CheckName.COMPLETE, Result.WARN, "pages_uncountable", None, {"said": item.page_count})
    counted = [(part.role, part.pages or 0) for part in parts]
    sums = {
        sum(pages for role, pages in counted if role == PartRole.MAIN),
        sum(pages for role, pages in counted if role in PAGED),
        sum(pages for _, pages in counted),
    }
    if item.page_count in sums:
        return Check(CheckName.COMPLETE, Result.PASS, "pages_agree", None, {"count": item.page_count})
    said = {"said": item.page_count, "found": max(sums)}
    # On paper as well, the paper may have pages that the files have not.
    result = Result.FAIL if item.carrier == Carrier.DIGITAL else Result.WARN
    return Check(CheckName.COMPLETE, result, "pages_differ", None, said)


def usable(parts: Iterable[PartFacts], law: Law) -> Iterator[Check]:
    """可用性: each part opens, in a format that will still be read."""
    for part in parts:
        if not part.found_sha256:
            yield Check(CheckName.USABLE, Result.FAIL, "content_missing", part.id)
            continue
        yield _opening(part)
        format_of = {"media_type": part.media_type}
        if part.media_type in law.kept_formats:
            yield Check(CheckName.USABLE, Result.PASS, "format_kept", part.id, format_of)
        elif part.media_type in law.taken_formats:
            result = Result.PASS if part.role in WORKING else Result.WARN
            yield Check(CheckName.USABLE, result, "format_passing", part.id, format_of)
        else:
            yield Check(CheckName.USABLE, Result.FAIL, "format_refused", part.id, format_of)


def _opening(part: PartFacts) -> Check:
    match part.fault:
        case "":
            if part.pages:
                return Check(CheckName.USABLE, Result.PASS, "opens_pages", part.id, {"count": part.pages})
            return Check(CheckName.USABLE, Result.PASS, "opens", part.id)
        case "ENCRYPTED":
            return Check(CheckName.USABLE, Result.FAIL, "encrypted", part.id)
        case "DAMAGED":
            return Check(CheckName.USABLE, Result.FAIL, "damaged", part.id)
        case _:
            said = {"fault": part.fault, "detail": part.fault_detail}
            return Check(CheckName.USABLE, Result.FAIL, "unreadable", part.id, said)


def safe(parts: Iterable[PartFacts]) -> Iterator[Check]:
    """安全性: no scanner found a virus. Without a scanner, or with a silent one, that is not known."""
    looked_at = False
    for part in parts:
        looked_at = True
        if part.scan is None:
            yield Check(CheckName.SAFE, Result.UNKNOWN, "content_missing", part.id)
            continue
        result, code = _SCANS[part.scan.state]
        yield Check(CheckName.SAFE, result, code, part.id, {"name": part.scan.name} if part.scan.name else {})
    if not looked_at:
        yield Check(CheckName.SAFE, Result.PASS, "nothing_to_scan")
