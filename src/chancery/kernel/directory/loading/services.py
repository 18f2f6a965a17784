"""Loading a file: the difference first, then, if wanted, its application, all in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chancery.foundations.actor import Actor
from chancery.foundations.postgres.row_security import service
from chancery.foundations.verdict import Refused
from chancery.kernel.directory import rules, services
from chancery.kernel.directory.loading.queries import Known, known_on
from chancery.kernel.directory.loading.rules import BadFile, read_sheet
from chancery.kernel.directory.loading.terms import ContactEntry, HolderEntry, PostEntry, Sheet, UnitEntry

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_FILE = 20_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """One difference: `+` comes, `~` changes, `-` goes. `do` makes it so."""

    line: int
    sign: str
    words: str
    do: Callable[[], object]

    def __str__(self) -> str:
        return f"{self.sign} {self.words}"


@dataclass(slots=True)
class Loaded:
    """What a load did, or would do."""

    title: str
    on: dt.date
    steps: list[Step]
    is_applied: bool

    def __str__(self) -> str:
        return "\n".join(str(step) for step in self.steps)


@service
def load_file(
    *, path: Path | str, by: Actor, at: dt.datetime, on: dt.date | None = None, apply: bool = False
) -> Loaded:
    """Check a file, tell the difference to the directory of a day (default: the file's own), and apply it if asked.

    Refuses with `BadFile`, every fault with its line, and then leaves everything as it was. A second load of the same
    file for the same day finds no difference.
    """
    source = Path(path)
    try:
        if source.stat().st_size > LONGEST_FILE:
            raise BadFile([(1, _("The file is larger than %(limit)d bytes.") % {"limit": LONGEST_FILE})])
        text = source.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.read_bytes()[: error.start].count(b"\n") + 1
        raise BadFile([(line, _("not UTF-8"))]) from error
    except OSError as error:
        raise Refused(_("%(path)s cannot be read: %(why)s") % {"path": source, "why": error.strerror}) from error
    rules.may_edit(by, None).demand()
    sheet = read_sheet(text)
    day = on or sheet.as_of
    known = known_on(day, _unit_codes(sheet), _person_codes(sheet))
    loader = _Loader(sheet=sheet, known=known, on=day, by=by, at=at)
    loader.check()
    steps = list(loader.steps())
    if apply:
        for step in steps:
            try:
                step.do()
            except Refused as refusal:
                raise BadFile([(step.line, f"{step.words}: {refusal.reason}")]) from refusal
    return Loaded(sheet.title, day, steps, apply)


def _unit_codes(sheet: Sheet) -> list[str]:
    named = {code for unit in sheet.units for code in (unit.code, unit.parent, unit.led_by) if code}
    return sorted(named)


def _person_codes(sheet: Sheet) -> list[str]:
    held = {holder.person for unit in sheet.units for post in unit.posts for holder in post.holders}
    return sorted(held | {person.code for person in sheet.people})


@dataclass(slots=True)
class _Loader:
    sheet: Sheet
    known: Known
    on: dt.date
    by: Actor
    at: dt.datetime
    units: dict[str, int] = field(default_factory=dict)
    posts: dict[tuple[str, str], int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def check(self) -> None:
        """What only the directory can tell: codes named but unknown, things there on other days only."""
        faults: list[tuple[int, StrOrPromise]] = []
        places = {unit.code: place for place, unit in enumerate(self.sheet.units)}
        people = {person.code for person in self.sheet.people} | self.known.people.keys()
        for place, unit in enumerate(self.sheet.units):
            known = self.known.units.get(unit.code)
            if known and not known["is_there"]:
                words = {"code": unit.code, "begins": known["begins"], "on": self.on}
                faults.append(
                    (unit.line, _("%(code)s is in the directory from %(begins)s, but not on %(on)s.") % words)
                )
            if unit.parent and not self._is_there(unit.parent) and places.get(unit.parent, place) >= place:
                faults.append(
                    (unit.line, _("The unit above, %(code)s, is not known before this line.") % {"code": unit.parent})
                )
            if unit.led_by and not self._is_there(unit.led_by) and unit.led_by not in places:
                faults.append((unit.line, _("The leading unit, %(code)s, is not known.") % {"code": unit.led_by}))
            for post in unit.posts:
                there = self.known.posts.get((unit.code, post.code))
                if there and not there["is_there"]:
                    words = {"code": post.code, "on": self.on}
                    faults.append((post.line, _("Post %(code)s was there before, but not on %(on)s.") % words))
                faults += [
                    (holder.line, _("Nobody has the code %(code)s.") % {"code": holder.person})
                    for holder in post.holders
                    if holder.person not in people
                ]
        if faults:
            raise BadFile(faults)

    def _is_there(self, code: str) -> bool:
        unit = self.known.units.get(code)
        return bool(unit and unit["is_there"])

    @property
    def _when(self) -> dict[str, Any]:
        return {"on": self.on, "decision": self.sheet.decision, "reason": self._why, "by": self.by, "at": self.at}

    @property
    def _why(self) -> str:
        return self.sheet.decision or self.sheet.title or _("Loaded from a file")

    def steps(self) -> Iterator[Step]:
        """Every difference, in an order in which each can be made: who, where, what, who leaves, who comes."""
        self.units = {code: row["id"] for code, row in self.known.units.items()}
        self.posts = {key: row["id"] for key, row in self.known.posts.items()}
        self.people = {code: row["id"] for code, row in self.known.people.items()}
        yield from self._people()
        for unit in self.sheet.units:
            yield from self._unit(unit)
        for unit in self.sheet.units:
            yield from self._leader(unit)
        arrivals: list[Step] = []
        for unit in self.sheet.units:
            for post in unit.posts:
                gone, come = self._holders(unit, post)
                yield from gone
                yield from self._post(unit, post)
                arrivals += come
            yield from self._gone_posts(unit)
        yield from arrivals
        for unit in self.sheet.units:
            yield from self._contacts(unit)
            yield from self._confirmation(unit)

    def _people(self) -> Iterator[Step]:
        for person in self.sheet.people:
            known = self.known.people.get(person.code)
            name = f"{person.name_en} {person.name_zh}".strip()
            if known is None:

                def add(person: Any = person) -> None:
                    self.people[person.code] = services.add_person(
                        code=person.code, name_en=person.name_en, name_zh=person.name_zh, by=self.by, at=self.at
                    ).pk

                yield Step(person.line, "+", _("person %(name)s") % {"name": name}, add)
            elif (known["name_en"], known["name_zh"]) != (person.name_en, person.name_zh):

                def rename(person: Any = person) -> None:
                    services.rename_person(
                        person_id=self.people[person.code], name_en=person.name_en, name_zh=person.name_zh,
                        reason=self._why, by=self.by, at=self.at,
                    )  # fmt: skip

                words = {"old": f"{known['name_en']} {known['name_zh']}".strip(), "new": name}
                yield Step(person.line, "~", _("person %(old)s is written %(new)s") % words, rename)

    def _unit(self, unit: UnitEntry) -> Iterator[Step]:
        known = self.known.units.get(unit.code)
        if known is None:

            def create() -> None:
                self.units[unit.code] = services.create_unit(
                    code=unit.code,
                    parent_id=self.units[unit.parent] if unit.parent else None,
                    **unit.facts,
                    **self._when,
                ).pk

            yield Step(
                unit.line, "+", _("unit %(code)s %(name)s") % {"code": unit.code, "name": _both(unit.facts)}, create
            )
            return
        changes = _changed(known, unit.facts)
        if (known["parent"] or "") != unit.parent:
            changes["parent"] = unit.parent

        def change() -> None:
            facts = {name: value for name, value in changes.items() if name != "parent"}
            if "parent" in changes:
                facts["parent_id"] = self.units[unit.parent] if unit.parent else None
            services.change_unit(unit_id=self.units[unit.code], changes=facts, act="unit.changed", **self._when)

        if changes:
            words = {"code": unit.code, "facts": _told(known, changes)}
            yield Step(unit.line, "~", _("unit %(code)s: %(facts)s") % words, change)

    def _leader(self, unit: UnitEntry) -> Iterator[Step]:
        known = self.known.units.get(unit.code)
        before = (known["led_by"] or "") if known else ""
        if before == unit.led_by:
            return

        def lead() -> None:
            leader = self.units[unit.led_by] if unit.led_by else None
            services.set_led_by(unit_id=self.units[unit.code], led_by_id=leader, **self._when)

        words = {"code": unit.code, "leader": unit.led_by or _("nobody")}
        yield Step(unit.line, "~", _("unit %(code)s is led by %(leader)s") % words, lead)

    def _post(self, unit: UnitEntry, post: PostEntry) -> Iterator[Step]:
        key = (unit.code, post.code)
        known = self.known.posts.get(key)
        words = {"unit": unit.code, "title": _both(post.facts, "title")}
        if known is None:

            def create() -> None:
                self.posts[key] = services.open_post(
                    unit_id=self.units[unit.code], code=post.code, is_public=True, **post.facts, **self._when
                ).pk

            yield Step(post.line, "+", _("post in %(unit)s: %(title)s") % words, create)
            return
        changes = _changed(known, post.facts)

        def change() -> None:
            services.retitle_post(post_id=self.posts[key], changes=changes, **self._when)

        if changes:
            words["facts"] = _told(known, changes)
            yield Step(post.line, "~", _("post in %(unit)s: %(title)s: %(facts)s") % words, change)
        if not known["is_public"]:

            def publish() -> None:
                services.publish_post(post_id=self.posts[key], is_public=True, by=self.by, at=self.at)

            yield Step(post.line, "~", _("post in %(unit)s: %(title)s: public") % words, publish)

    def _gone_posts(self, unit: UnitEntry) -> Iterator[Step]:
        kept = {post.code for post in unit.posts}
        for (owner, code), known in self.known.posts.items():
            if owner == unit.code and code not in kept and known["is_public"] and known["is_there"]:

                def abolish(post_id: int = known["id"]) -> None:
                    services.abolish_post(post_id=post_id, with_holdings=True, **self._when)

                words = {"unit": unit.code, "title": _both(known, "title")}
                yield Step(unit.line, "-", _("post in %(unit)s: %(title)s") % words, abolish)

    def _holders(self, unit: UnitEntry, post: PostEntry) -> tuple[list[Step], list[Step]]:
        key = (unit.code, post.code)
        there = {(row["person"], row["kind"], row["seat"]): row for row in self.known.holders.get(key, [])}
        wanted = {(holder.person, holder.kind, holder.seat): holder for holder in post.holders}
        words = {"unit": unit.code, "title": _both(post.facts, "title")}
        gone = [
            Step(
                post.line,
                "-",
                _("%(person)s in %(unit)s: %(title)s") % {**words, "person": row["person"]},
                self._leaves(row),
            )
            for facts, row in there.items()
            if facts not in wanted
        ]
        come = [
            Step(
                holder.line,
                "+",
                _("%(person)s in %(unit)s: %(title)s") % {**words, "person": _as_held(holder)},
                self._comes(key, holder),
            )
            for facts, holder in wanted.items()
            if facts not in there
        ]
        return gone, come

    def _leaves(self, row: Mapping[str, Any]) -> Callable[[], object]:
        if row["begins"] == self.on:  # it never held: the file says otherwise for its very first day
            return lambda: services.correct_holding(
                holding_id=row["id"], is_wrong=True, reason=self._why, by=self.by, at=self.at
            )
        return lambda: services.end_holding(holding_id=row["id"], **self._when)

    def _comes(self, key: tuple[str, str], holder: HolderEntry) -> Callable[[], object]:
        return lambda: services.appoint(
            person_id=self.people[holder.person], post_id=self.posts[key], kind=holder.kind, seat=holder.seat,
            **self._when,
        )  # fmt: skip

    def _contacts(self, unit: UnitEntry) -> Iterator[Step]:
        there = {(row["kind"], row["value"], row["value_zh"]): row for row in self.known.contacts.get(unit.code, [])}
        wanted = {(contact.kind, contact.value, contact.value_zh): contact for contact in unit.contacts}
        for facts, row in there.items():
            if facts not in wanted:
                words = {"unit": unit.code, "value": row["value"]}
                yield Step(unit.line, "-", _("contact of %(unit)s: %(value)s") % words, self._contact_ends(row))
        for place, (facts, contact) in enumerate(wanted.items(), start=1):
            if facts not in there:
                words = {"unit": unit.code, "value": contact.value}
                add = self._contact_begins(unit.code, contact, place)
                yield Step(contact.line, "+", _("contact of %(unit)s: %(value)s") % words, add)

    def _contact_ends(self, row: Mapping[str, Any]) -> Callable[[], object]:
        return lambda: services.end_contact(
            contact_id=row["id"],
            on=self.on,
            is_wrong=row["begins"] == self.on,
            reason=self._why,
            by=self.by,
            at=self.at,
        )

    def _contact_begins(self, code: str, contact: ContactEntry, place: int) -> Callable[[], object]:
        return lambda: services.add_contact(
            unit_id=self.units[code], kind=contact.kind, value=contact.value, value_zh=contact.value_zh, is_public=True,
            position=place, on=self.on, reason=self._why, by=self.by, at=self.at,
        )  # fmt: skip

    def _confirmation(self, unit: UnitEntry) -> Iterator[Step]:
        known = self.known.units.get(unit.code)
        before = known["confirmed_on"] if known else None
        if unit.confirmed_on and (before is None or before < unit.confirmed_on):
            day = unit.confirmed_on
            words = {"code": unit.code, "day": day}
            yield Step(
                unit.line, "~", _("unit %(code)s is confirmed on %(day)s") % words,
                lambda: services.confirm_unit(unit_id=self.units[unit.code], on=day, by=self.by, at=self.at),
            )  # fmt: skip


def _both(facts: Mapping[str, Any], name: str = "name") -> str:
    return f"{facts[f'{name}_en']} {facts[f'{name}_zh']}".strip()


def _as_held(holder: HolderEntry) -> str:
    return holder.person if holder.kind == "SUBSTANTIVE" else f"{holder.person} ({holder.kind})"


def _changed(known: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if known[name] != value}


def _told(known: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    return "; ".join(f"{name} {_short(known[name])} → {_short(value)}" for name, value in changes.items())


def _short(value: object) -> str:
    text = str(value if value is not None else "")
    return repr(text if len(text) <= 40 else text[:39] + "…")
