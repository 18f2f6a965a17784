"""Check the journal from outside: `python verify.py DSN [--seals FILE]`.

This one file stands alone: it needs psycopg and the standard library, imports nothing of Chancery, and recomputes
every hash itself. Give an auditor a copy and an address of the database, the web role's or a read-only one's.
Published seal lines (`journal 2026-11-20 entries=143 seal=…`) given with `--seals` prove that the owner did not
rewrite the whole.

What it checks, reading in batches:

1. each entry's hash: sha256(previous hash + canonical text), and every plain column against the canonical text;
2. each chain: no gap, no stranger, no change of order, and its end against the subject's head;
3. the ties between chains: each entry names the newest entry and seal its writer saw, and these must be there;
4. each seal: the Merkle root over the day's entries, their ids, and the seal of the day before.

It prints one line a finding (what, subject, place in the chain, id, how) and exits 1 when there is any, 0 when there is
none, 2 when it could not check. What it cannot find: the newest entries taken away together with a rewritten
head before anything else was written or sealed, and a whole history written anew by the database's owner. Publish the
seals: against a published line neither passes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import dict_row

IdOf = Callable[[bytes], "int | None"]

BATCH = 2000
GENESIS = bytes(32)
EMPTY_ROOT = hashlib.sha256(b"").digest()
MANY = 1_000  # findings after which it stops telling

_TIMES = ("at", "recorded_at")
_DAYS = ("day", "seal_day")
_HASHES = ("witness_hash", "seal_digest")
_PLAIN = (
    "id", "subject", "seq", "act", "kind", "account_id", "person_id", "post_id", "body_id", "deputising_for",
    "person_name", "post_title", "body_name", "guard_id", "label", "witness_id",
)  # fmt: skip
COLUMNS = (*_PLAIN, *_TIMES, *_DAYS, *_HASHES, "data")


@dataclass(frozen=True)
class Finding:
    """Something is wrong. `what` is one of changed, removed, inserted, reordered, renumbered, moved, head, seal."""

    what: str
    subject: str
    seq: int | None
    id: int | None
    how: str

    def __str__(self) -> str:
        place = " ".join(
            part
            for part in (
                self.subject,
                f"seq {self.seq}" if self.seq is not None else "",
                f"id {self.id}" if self.id is not None else "",
            )
            if part
        )
        return f"{self.what.upper()} {place}: {self.how}"


@dataclass
class Counted:
    """How much was read."""

    entries: int = 0
    chains: int = 0
    seals: int = 0


class Head(NamedTuple):
    """Where a subject's head says its chain ends."""

    seq: int
    hash: bytes
    id: int | None


@dataclass(frozen=True)
class Link:
    """What the diagnosis of a broken chain keeps of an entry."""

    id: int
    seq: int  # where the column puts it
    written_seq: int  # where its canonical text puts it
    previous: bytes
    hash: bytes
    computed: bytes
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Nothing is wrong inside the entry."""
        return not self.faults


# --- One entry -------------------------------------------------------------------------------------------------------
def told_time(moment: dt.datetime) -> str:
    """A time as the canonical text writes it."""
    return moment.astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")  # noqa: UP017  # runs on any Python 3


def parse(text: str) -> Any:
    """JSON with exact numbers, so that 1.10 and 1.1 compare as PostgreSQL compares them."""
    return json.loads(text, parse_float=Decimal)


def expected(row: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical object that the plain columns of a row amount to."""
    told: dict[str, Any] = {name: row[name] for name in _PLAIN}
    told.update({name: told_time(row[name]) for name in _TIMES})
    told.update({name: None if row[name] is None else row[name].isoformat() for name in _DAYS})
    told.update({name: None if row[name] is None else bytes(row[name]).hex() for name in _HASHES})
    told["data"] = parse(row["data"])
    return told


def faults_of(row: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, Any] | None, bytes]:
    """What is wrong inside one row; its canonical object, if readable; the hash it should have."""
    computed = hashlib.sha256(bytes(row["previous_hash"]) + row["canonical"].encode()).digest()
    faults = []
    canonical: dict[str, Any] | None = None
    try:
        canonical = parse(row["canonical"])
    except ValueError:
        faults.append("the canonical text cannot be read")
    if isinstance(canonical, dict):
        columns = expected(row)
        for name in COLUMNS:
            if name not in {"seq", "subject"} and columns[name] != canonical.get(name):
                faults.append(
                    f"column {name} is {shown(columns[name])}, it was written as {shown(canonical.get(name))}"
                )
    else:
        canonical = None
    if computed != bytes(row["hash"]):
        faults.append("the hash does not fit the canonical text and the previous hash")
    return tuple(faults), canonical, computed


def shown(value: Any) -> str:
    """A value, short enough for a line."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _head_of(row: Mapping[str, Any]) -> Head | None:
    return Head(row["head_seq"], bytes(row["head_hash"]), row["head_id"]) if row["has_head"] else None


# --- One chain -------------------------------------------------------------------------------------------------------
class Chain:
    """Walks one subject's entries; keeps two values as long as all is well, and diagnoses when it is not."""

    def __init__(self, subject: str, head: Head | None) -> None:
        self.subject = subject
        self.head = head
        self.seq = 0
        self.hash = GENESIS
        self.last_id: int | None = None
        self.sound = True

    def add(self, row: Mapping[str, Any]) -> None:
        """Take the next entry, in order of `seq`."""
        if not self.sound:
            return
        faults, canonical, _ = faults_of(row)
        in_place = (
            not faults
            and canonical is not None
            and canonical["seq"] == row["seq"] == self.seq + 1
            and canonical["subject"] == self.subject
            and bytes(row["previous_hash"]) == self.hash
        )
        if not in_place:
            self.sound = False
            return
        self.seq, self.hash, self.last_id = row["seq"], bytes(row["hash"]), row["id"]

    def fits_head(self) -> bool:
        """Whether the chain ends where the head says."""
        return self.sound and self.head == (self.seq, self.hash, self.last_id)


def diagnose(
    subject: str, rows: Iterable[Mapping[str, Any]], head: Head | None, id_of: IdOf = lambda hash: None
) -> Iterator[Finding]:
    """Say what happened to a chain that is not as it was written. Holds the chain's links in memory.

    `id_of` finds the id of a vanished entry by its hash, from those that saw it.
    """
    slots: dict[int, list[Link]] = {}
    for row in rows:
        faults, canonical, computed = faults_of(row)
        if canonical is not None and computed == bytes(row["hash"]) and canonical.get("subject") != subject:
            was = f"it was written for {canonical.get('subject')} as seq {canonical.get('seq')}"
            yield Finding("moved", subject, row["seq"], row["id"], was)
            continue
        written = canonical.get("seq") if canonical is not None else None
        link = Link(
            row["id"],
            row["seq"],
            written if isinstance(written, int) else row["seq"],
            bytes(row["previous_hash"]),
            bytes(row["hash"]),
            computed,
            faults,
        )
        slots.setdefault(link.written_seq, []).append(link)
    genuine: dict[int, Link] = {}
    for place in sorted(slots):
        best, *strangers = sorted(slots[place], key=lambda link: _standing(link, slots, head))
        genuine[place] = best
        for link in strangers:
            yield _inserted(subject, link, "another entry holds this place in the chain")
    yield from _ends(subject, genuine, head)
    yield from _gaps(subject, genuine, head, id_of)
    yield from _contents(subject, genuine)
    yield from _order(subject, genuine)


def _standing(link: Link, slots: Mapping[int, Sequence[Link]], head: Head | None) -> tuple[bool, bool, bool, int]:
    """Sorts the genuine entry of a place first: its successor or the head names it, it follows its predecessor."""
    named = any(after.previous in (link.hash, link.computed) for after in slots.get(link.written_seq + 1, ()))
    if head is not None and head.seq == link.written_seq:
        named = named or head.hash in (link.hash, link.computed)
    before = slots.get(link.written_seq - 1, ())
    follows = any(link.previous in (one.hash, one.computed) for one in before) if before else link.previous == GENESIS
    return (not named, not follows, not link.sound, link.id)


def _inserted(subject: str, link: Link, why: str) -> Finding:
    return Finding("inserted", subject, link.seq, link.id, why)


def _end_of(genuine: Mapping[int, Link], head: Head | None) -> tuple[int, bool]:
    """Where the chain should end, and whether the entry that the head's hash names is there."""
    if head is None:
        return max(genuine, default=0), False
    named = [place for place, link in genuine.items() if head.hash in (link.hash, link.computed)]
    return (max(named), True) if named else (head.seq, False)


def _ends(subject: str, genuine: dict[int, Link], head: Head | None) -> Iterator[Finding]:
    """Compare the chain's end with its head; entries beyond a head that is itself in order are strangers."""
    last = max(genuine, default=0)
    end, named = _end_of(genuine, head)
    if head is None:
        yield Finding("head", subject, last or None, None, "the head of the chain is gone")
    elif named:
        link = genuine[end]
        if (head.seq, head.id) != (end, link.id):
            how = f"the head names seq {head.seq}, id {head.id}; the entry with its hash is seq {end}, id {link.id}"
            yield Finding("head", subject, head.seq, head.id, how)
        for place in [place for place in genuine if place > end]:
            yield _inserted(subject, genuine.pop(place), f"the chain ends at seq {end}")
    elif last == head.seq:
        how = "the head's hash is not the last entry's: one of the two was rewritten"
        yield Finding("head", subject, last, genuine[last].id, how)
    elif last > head.seq:
        how = f"the head says the chain ends at seq {head.seq}, it goes on to {last}"
        yield Finding("head", subject, head.seq, head.id, how)


def _gaps(subject: str, genuine: Mapping[int, Link], head: Head | None, id_of: IdOf) -> Iterator[Finding]:
    end = max(max(genuine, default=0), _end_of(genuine, head)[0])
    for place in (place for place in range(1, end + 1) if place not in genuine):
        after = genuine.get(place + 1)
        if head is not None and head.seq == place:
            yield Finding("removed", subject, place, head.id, "the head names it, the entry is gone")
        elif after is not None:
            how = f"the entry before id {after.id} is gone"
            yield Finding("removed", subject, place, id_of(after.previous), how)
        else:
            yield Finding("removed", subject, place, None, "the entry is gone")


def _contents(subject: str, genuine: Mapping[int, Link]) -> Iterator[Finding]:
    for place, link in sorted(genuine.items()):
        before, after = genuine.get(place - 1), genuine.get(place + 1)
        follows = (
            link.previous == GENESIS
            if place == 1
            else before is None or link.previous in (before.hash, before.computed)
        )
        if link.faults:
            yield Finding("changed", subject, link.seq, link.id, "; ".join(link.faults))
        elif after is not None and after.sound and after.previous != link.hash and follows:
            how = f"its hash was rewritten: it is not the one that the next entry (id {after.id}) carries"
            yield Finding("changed", subject, link.seq, link.id, how)
        elif place == 1 and not follows:
            yield Finding("changed", subject, link.seq, link.id, "the first entry of a chain follows on nothing")


def _order(subject: str, genuine: Mapping[int, Link]) -> Iterator[Finding]:
    """Entries whose column `seq` is not the written one: out of order, or only numbered anew."""
    standing = sorted(genuine.values(), key=lambda link: (link.seq, link.id))
    rank = {link.id: place for place, link in enumerate(sorted(standing, key=lambda link: link.written_seq))}
    moved = {link.id for place, link in enumerate(standing) if rank[link.id] != place}
    for link in standing:
        if link.id in moved:
            yield Finding(
                "reordered",
                subject,
                link.seq,
                link.id,
                f"it stands at seq {link.seq}, it was written as seq {link.written_seq}",
            )
    shifted = [link for link in standing if link.id not in moved and link.seq != link.written_seq]
    for offset, run in groupby(shifted, key=lambda link: link.seq - link.written_seq):
        links = list(run)
        how = f"entries written as seq {links[0].written_seq} to {links[-1].written_seq} are numbered {offset:+d}"
        yield Finding("renumbered", subject, links[0].seq, links[0].id, how)


# --- Days ------------------------------------------------------------------------------------------------------------
class Merkle:
    """RFC 6962's tree over a stream: a stack of complete subtrees."""

    def __init__(self) -> None:
        self.count = 0
        self._stack: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Take the next leaf."""
        node, bits = hashlib.sha256(b"\0" + leaf).digest(), self.count
        while bits & 1:
            node, bits = hashlib.sha256(b"\1" + self._stack.pop() + node).digest(), bits >> 1
        self._stack.append(node)
        self.count += 1

    def root(self) -> bytes:
        """The root over the leaves taken so far."""
        if not self._stack:
            return EMPTY_ROOT
        stack = list(self._stack)
        node = stack.pop()
        while stack:
            node = hashlib.sha256(b"\1" + stack.pop() + node).digest()
        return node


def seal_digest(seal: Mapping[str, Any]) -> bytes:
    """The digest a seal should carry."""
    parts = (
        seal["day"].isoformat(), str(seal["count"]), seal["ids"], bytes(seal["root"]).hex(),
        bytes(seal["previous_digest"]).hex(), told_time(seal["sealed_at"]),
    )  # fmt: skip
    return hashlib.sha256("|".join(parts).encode()).digest()


def seal_line(day: dt.date, count: int, digest: bytes) -> str:
    """The line to print and publish."""
    return f"journal {day.isoformat()} entries={count} seal={digest.hex()}"


def ranges(text: str) -> list[tuple[int, int]]:
    """Ids of a seal, from PostgreSQL's multirange text "{[1,5),[7,8)}"; ends excluded."""
    return [(int(low), int(high)) for low, high in re.findall(r"\[(\d+),(\d+)\)", text)]


def _ids_differ(
    day: dt.date, sealed: Sequence[tuple[int, int]], rows: Iterable[tuple[int, str, int, bytes]], tree: Merkle
) -> Iterator[Finding]:
    """Merge the sealed ids with those found (both rising), feeding the tree."""
    where, low = 0, sealed[0][0] if sealed else 0

    def gone(until: int | None) -> Iterator[Finding]:
        nonlocal where, low
        while where < len(sealed) and (until is None or low < until):
            top = sealed[where][1] if until is None else min(sealed[where][1], until)
            for missing in range(low, top):
                yield Finding("removed", "", None, missing, f"sealed on {day}, the entry is gone")
            low = top
            if low >= sealed[where][1]:
                where += 1
                low = sealed[where][0] if where < len(sealed) else 0
            elif until is not None:
                return

    for entry_id, subject, seq, leaf in rows:
        yield from gone(entry_id)
        if where < len(sealed) and low == entry_id:
            low += 1
            if low >= sealed[where][1]:
                where += 1
                low = sealed[where][0] if where < len(sealed) else 0
        else:
            yield Finding("inserted", subject, seq, entry_id, f"booked on {day}, which was sealed without it")
        tree.add(leaf)
    yield from gone(None)


# --- The whole -------------------------------------------------------------------------------------------------------
class Verifier:
    """Reads the journal over one connection, in one snapshot."""

    def __init__(
        self, connection: psycopg.Connection[Any], *, published: Mapping[str, tuple[int, str]] | None = None
    ) -> None:
        self.connection = connection
        self.published = dict(published or {})
        self.counted = Counted()
        self._named: set[int] = set()

    def findings(self, progress: Callable[[int], None] | None = None) -> Iterator[Finding]:
        """Everything that is wrong."""
        fresh = self.connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        with self.connection.transaction():
            if fresh:  # in a transaction of the caller's, its isolation is the caller's business
                self.connection.execute("set transaction isolation level repeatable read, read only")
            # Row security shows everything to the system; a role above row security does not mind.
            self.connection.execute("select set_config('app.kind', 'SYSTEM', true)")
            # An entry that one check has named is not named again by the next.
            for check in (self._chains(progress), self._ties(), self._seals()):
                for finding in check:
                    if finding.id is not None:
                        self._named.add(finding.id)
                    yield finding

    def _stream(self, name: str, query: str) -> Iterator[dict[str, Any]]:
        with self.connection.cursor(name=name, row_factory=dict_row) as cursor:
            cursor.itersize = BATCH
            yield from cursor.execute(query)

    def _entries(self) -> str:
        wanted = ", ".join("e.data::text as data" if name == "data" else f"e.{name}" for name in COLUMNS)
        return (
            f"select {wanted}, e.canonical, e.previous_hash, e.hash,"  # noqa: S608  # our own column names
            " h.subject is not null as has_head, h.seq as head_seq, h.hash as head_hash, h.entry_id as head_id"
            " from journal_entry e left join journal_head h on h.subject = e.subject"
        )

    def _chains(self, progress: Callable[[int], None] | None) -> Iterator[Finding]:
        rows = self._stream("entries", f"{self._entries()} order by e.subject, e.seq, e.id")
        for subject, entries in groupby(rows, key=lambda row: row["subject"]):
            chain: Chain | None = None
            for row in entries:
                chain = chain or Chain(subject, _head_of(row))
                chain.add(row)
                self.counted.entries += 1
                if progress is not None and self.counted.entries % 10_000 == 0:
                    progress(self.counted.entries)
            self.counted.chains += 1
            if chain is not None and not chain.fits_head():
                yield from diagnose(subject, self._chain_again(subject), chain.head, self._id_of)
        alone = (
            "select * from journal_head h where not exists (select from journal_entry e where e.subject = h.subject)"
        )
        for row in self._stream("heads", f"{alone} order by subject"):
            self.counted.chains += 1
            yield from diagnose(row["subject"], (), Head(row["seq"], bytes(row["hash"]), row["entry_id"]))

    def _id_of(self, digest: bytes) -> int | None:
        query = "select witness_id from journal_entry where witness_hash = %s limit 1"
        found = self.connection.execute(query, [digest]).fetchone()
        return found[0] if found else None

    def _chain_again(self, subject: str) -> Iterator[dict[str, Any]]:
        with self.connection.cursor(row_factory=dict_row) as cursor:
            yield from cursor.execute(f"{self._entries()} where e.subject = %s order by e.seq, e.id", [subject])

    def _ties(self) -> Iterator[Finding]:
        """Witnesses that are gone or different."""
        query = """
            select e.subject, e.seq, e.id, e.witness_id, encode(e.witness_hash, 'hex') as witness_hash,
                   encode(w.hash, 'hex') as found, w.subject as witness_subject, w.seq as witness_seq
            from journal_entry e left join journal_entry w on w.id = e.witness_id
            where e.witness_id is not null and w.hash is distinct from e.witness_hash order by e.witness_id, e.id
        """
        for witness_id, group in groupby(self._stream("ties", query), key=lambda row: row["witness_id"]):
            row = next(group)
            if witness_id in self._named:
                continue
            if row["found"] is None:
                how = f"id {row['id']} was written when this entry stood there; it is gone"
                yield Finding("removed", "", None, witness_id, how)
            else:
                how = f"id {row['id']} was written when this entry had another hash"
                yield Finding("changed", row["witness_subject"], row["witness_seq"], witness_id, how)
        query = """
            select e.id, e.seal_day, s.day as found from journal_entry e left join journal_seal s on s.day = e.seal_day
            where e.seal_day is not null and s.digest is distinct from e.seal_digest order by e.seal_day, e.id
        """
        for day, group in groupby(self._stream("seal_ties", query), key=lambda row: row["seal_day"]):
            row = next(group)
            state = "is gone" if row["found"] is None else "was rewritten"
            yield Finding("seal", "", None, None, f"the seal of {day} {state}: entry id {row['id']} knew it otherwise")

    def _seals(self) -> Iterator[Finding]:
        previous, last, first = GENESIS, None, None
        for seal in self._stream("seals", "select * from journal_seal order by day"):
            day = seal["day"]
            first = first or day
            self.counted.seals += 1
            if bytes(seal["digest"]) != seal_digest(seal):
                yield Finding("seal", "", None, None, f"the seal of {day} was changed: its digest does not fit")
            if last is not None and day != last + dt.timedelta(days=1):
                yield Finding("seal", "", None, None, f"seals between {last} and {day} are gone")
            elif bytes(seal["previous_digest"]) != previous:
                yield Finding("seal", "", None, None, f"the seal of {day} does not follow on the seal before it")
            yield from self._day(seal)
            yield from self._against_published(seal)
            previous, last = bytes(seal["digest"]), day
        for text in self.published:
            yield Finding("seal", "", None, None, f"the seal of {text} was published; it is gone")
        if first is not None:
            query = f"select id, subject, seq, day from journal_entry where day < '{first}' order by id"  # noqa: S608  # a date, no text
            for row in self._stream("early", query):
                how = f"booked on {row['day']}, before the first seal ({first})"
                yield Finding("inserted", row["subject"], row["seq"], row["id"], how)

    def _day(self, seal: Mapping[str, Any]) -> Iterator[Finding]:
        day, tree = seal["day"], Merkle()
        query = f"select id, subject, seq, hash from journal_entry where day = '{day}' order by id"  # noqa: S608  # a date, no text
        rows = ((r["id"], r["subject"], r["seq"], bytes(r["hash"])) for r in self._stream(f"day_{day:%Y%m%d}", query))
        explained = False
        for finding in _ids_differ(day, ranges(seal["ids"]), rows, tree):
            explained = True
            if finding.id not in self._named:
                yield finding
        if not explained and (tree.count, tree.root()) != (seal["count"], bytes(seal["root"])):
            how = f"the root over the {tree.count} entries of {day} is not the sealed one: one was rewritten"
            yield Finding("seal", "", None, None, how)

    def _against_published(self, seal: Mapping[str, Any]) -> Iterator[Finding]:
        told = self.published.pop(seal["day"].isoformat(), None)
        if told is not None and told != (seal["count"], bytes(seal["digest"]).hex()):
            yield Finding("seal", "", None, None, f"the seal of {seal['day']} is not the published one")


def read_published(lines: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Published seal lines, by day."""
    pattern = re.compile(r"journal (\d{4}-\d\d-\d\d) entries=(\d+) seal=([0-9a-f]{64})")
    return {found[1]: (int(found[2]), found[3]) for line in lines if (found := pattern.search(line))}


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="verify.py", description="Check a Chancery journal from outside.")
    parser.add_argument("dsn", help="PostgreSQL address, e.g. postgresql://auditor@host/chancery")
    parser.add_argument("--seals", help="file of published seal lines to hold the journal against")
    parser.add_argument("--json", action="store_true", help="one JSON object a finding")
    chosen = parser.parse_args(arguments)
    say = sys.stdout.write
    try:
        published = {}
        if chosen.seals:
            with open(chosen.seals, encoding="utf-8") as lines:  # noqa: PTH123  # nothing but the standard library's plainest
                published = read_published(lines)
        with psycopg.connect(chosen.dsn, autocommit=True) as connection:
            verifier = Verifier(connection, published=published)
            total = 0
            for finding in verifier.findings():
                total += 1
                if total <= MANY:
                    say(f"{json.dumps(asdict(finding), ensure_ascii=False) if chosen.json else finding}\n")
    except (psycopg.Error, OSError) as error:
        sys.stderr.write(f"The journal could not be checked: {error}\n")
        return 2
    counted = verifier.counted
    say(f"{counted.entries} entries in {counted.chains} chains, {counted.seals} seals, {total} findings\n")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
