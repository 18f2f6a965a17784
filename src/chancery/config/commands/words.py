"""`words`: extract, check and compile the translations, without GNU gettext.

Each app has its own `locale/zh_Hans/LC_MESSAGES/django.po`; prose outside any app belongs to `foundations.web`.
Compiled files are made when a server command finds them missing or older than their source; they are not committed.
"""

from __future__ import annotations

import ast
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chancery.config import env
from chancery.config.cli import Halt
from chancery.config.commands import say

PACKAGE = Path(__file__).resolve().parents[2]
IN_CHECKOUT = (PACKAGE.parents[1] / "pyproject.toml").exists()
LANGUAGE = "zh_Hans"
HOMELESS = "foundations/web"  # takes the prose of folders that are no app
SKIPPED = {"tests", "migrations", "locale", "static", "__pycache__"}
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=1; plural=0;",
}
# Which arguments of a call are context, message and plural.
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%[sd]|\{(\w+)\}")

Key = tuple[str | None, str]  # context, message


@dataclass
class Catalogue:
    """What an app's sources say: messages with plural and files, and faults in how they say it."""

    messages: dict[Key, str | None] = field(default_factory=dict)
    files: dict[Key, list[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, key: Key, plural: str | None, file: str) -> None:
        """Note a message and where it is said."""
        self.messages[key] = self.messages.get(key) or plural
        where = self.files.setdefault(key, [])
        if file not in where:
            where.append(file)


def words(arguments: list[str]) -> int:
    """`extract`, `check` or `compile`, for all apps or those named."""
    match arguments:
        case ["extract", *apps]:
            return extract(apps)
        case ["check", *apps]:
            return check(apps)
        case ["compile"]:
            count = compile_stale(force=True)
            say(f"compiled {count} catalogues")
            return 0
    raise Halt("words extract, words check or words compile")


# --- Sources ---------------------------------------------------------------------------------------------------------
def app_folders() -> list[Path]:
    """Every app's folder."""
    return sorted(path.parent for path in PACKAGE.glob("**/apps.py"))


def _home_of(file: Path, apps: list[Path]) -> Path:
    homes = [app for app in apps if file.is_relative_to(app)]
    return max(homes, key=lambda app: len(app.parts)) if homes else PACKAGE / HOMELESS


def read_sources() -> dict[Path, Catalogue]:
    """Every app's messages."""
    from django.utils.translation.template import templatize

    apps = app_folders()
    found = {app: Catalogue() for app in apps}
    for file in sorted([*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]):
        inside = file.relative_to(PACKAGE)
        if SKIPPED & set(inside.parts[:-1]) or (file.suffix == ".txt" and "templates" not in inside.parts):
            continue
        catalogue = found.setdefault(_home_of(file, apps), Catalogue())
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".py":
            _read_python(text, inside.as_posix(), catalogue)
        else:
            _read_calls(templatize(text, origin=str(inside)), inside.as_posix(), catalogue)
    return found


def _read_python(text: str, file: str, catalogue: Catalogue) -> None:
    tree = ast.parse(text, filename=file)
    imported = {
        name.asname or name.name: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = imported.get(node.func.id, "")
            if name in CALLS:
                _read_call(node, name, f"{file}:{node.lineno}", catalogue)


def _read_calls(pseudo: str, file: str, catalogue: Catalogue) -> None:
    """Read the calls that Django's `templatize` leaves among the blanked-out template."""
    for match in re.finditer(r"(?<![\w.])(_|n?p?gettext)\(", pseudo):
        for end in (m.end() for m in re.finditer(r"\)", pseudo[match.start() :])):
            try:
                tree = ast.parse(pseudo[match.start() : match.start() + end].strip(), mode="eval")
            except (SyntaxError, ValueError):
                continue
            if isinstance(tree.body, ast.Call):
                _read_call(tree.body, match.group(1), file, catalogue)
            break


def _read_call(node: ast.Call, name: str, where: str, catalogue: Catalogue) -> None:
    given = [arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None for arg in node.args]
    context_at, message_at, plural_at = CALLS[name]
    wanted = [place for place in (context_at, message_at, plural_at) if place is not None]
    if any(place >= len(given) or given[place] is None for place in wanted):
        # Looking up words from elsewhere (a model's label) through a variable is fine; a built string never is.
        built = [arg for arg in node.args if isinstance(arg, ast.JoinedStr | ast.BinOp | ast.Call)]
        if built:
            catalogue.faults.append(f"{where}: words must be one literal, with named placeholders")
        return
    message = given[message_at] or ""
    if message:
        context = None if context_at is None else given[context_at]
        catalogue.add((context, message), None if plural_at is None else given[plural_at], where.split(":")[0])


# --- Catalogues ------------------------------------------------------------------------------------------------------
def _po_path(app: Path) -> Path:
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def _chosen(apps: list[str]) -> dict[Path, Catalogue]:
    found = read_sources()
    if not apps:
        return found
    chosen = {app: cat for app, cat in found.items() if {app.name, app.relative_to(PACKAGE).as_posix()} & set(apps)}
    if not chosen:
        raise Halt(f"there is no app {', '.join(apps)}; there are {', '.join(sorted(app.name for app in found))}")
    return chosen


def _read_po(path: Path) -> Any:
    import polib

    try:
        return polib.pofile(str(path), wrapwidth=120) if path.exists() else polib.POFile(wrapwidth=120)
    except OSError as error:  # polib's syntax errors are of this kind too
        raise Halt(f"{path} cannot be read: {error}") from None


def extract(apps: list[str]) -> int:
    """Bring the catalogues in line with the sources: new messages empty, gone ones removed, translations kept."""
    import polib

    for app, catalogue in _chosen(apps).items():
        path = _po_path(app)
        before = _read_po(path)
        if not catalogue.messages and not path.exists():
            continue
        known = {(entry.msgctxt, entry.msgid): entry for entry in before if not entry.obsolete}
        after = polib.POFile(wrapwidth=120)
        after.metadata = HEADER
        for key, plural in catalogue.messages.items():
            after.append(_entry(key, plural, catalogue.files[key], known.get(key)))
        text = str(after)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        empty = sum(1 for entry in after if not entry.translated())
        say(f"{app.relative_to(PACKAGE)}: {len(after)} messages, {empty} to translate")
    return 0


def _entry(key: Key, plural: str | None, files: list[str], old: Any) -> Any:
    import polib

    context, message = key
    entry = polib.POEntry(msgid=message, msgctxt=context, occurrences=[(file, "") for file in files])
    if plural is not None:
        entry.msgid_plural = plural
        entry.msgstr_plural = (old.msgstr_plural if old else None) or {0: old.msgstr if old else ""}
    else:
        entry.msgstr = old.msgstr if old else ""
    if old:
        entry.tcomment = old.tcomment
        entry.flags = [flag for flag in old.flags if flag == "fuzzy"]
    if re.search(r"%\(\w+\)[sd]", message):
        entry.flags.append("python-format")
    return entry


def check(apps: list[str]) -> int:
    """Fail on messages that are missing, untranslated, fuzzy, obsolete, or whose placeholders differ."""
    faults: list[str] = []
    for app, catalogue in _chosen(apps).items():
        name = app.relative_to(PACKAGE).as_posix()
        faults += catalogue.faults
        entries = _read_po(_po_path(app))
        known = {(entry.msgctxt, entry.msgid): entry for entry in entries if not entry.obsolete}
        for key in catalogue.messages:
            entry = known.get(key)
            said = f"{name}: {key[1]!r} ({catalogue.files[key][0]})"
            if entry is not None and entry.fuzzy:
                faults.append(f"{said} is fuzzy")
            elif entry is None or not entry.translated():
                faults.append(f"{said} is not translated")
            elif not _same_placeholders(entry):
                faults.append(f"{said}: the translation has other placeholders")
        obsolete = [
            entry for entry in entries if entry.obsolete or (entry.msgctxt, entry.msgid) not in catalogue.messages
        ]
        faults += [f"{name}: {entry.msgid!r} is obsolete" for entry in obsolete]
    for fault in faults:
        print(fault)
    if faults:
        say(f"{len(faults)} faults in the translations: run `chancery words extract`, then translate")
        return 1
    say("the translations are complete")
    return 0


def _same_placeholders(entry: Any) -> bool:
    of = {match.group(0) for text in (entry.msgid, entry.msgid_plural) for match in PLACEHOLDER.finditer(text or "")}
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    # A plural form may leave a number out ("one document"); it may not bring in another.
    used = [{match.group(0) for match in PLACEHOLDER.finditer(text)} for text in texts]
    return all(names <= of for names in used) and (bool(entry.msgid_plural) or all(names == of for names in used))


# --- Compiled --------------------------------------------------------------------------------------------------------
def compile_stale(*, force: bool = False) -> int:
    """Compile catalogues that are missing or older than their source; how many there were."""
    sources = PACKAGE.glob("**/locale/*/LC_MESSAGES/django.po")
    stale = [po for po in sources if force or _is_stale(po.with_suffix(".mo"), po)]
    if not stale:
        return 0
    try:
        for po in stale:
            _write(_read_po(po), po.with_suffix(".mo"))
    except PermissionError:
        _compile_into_home()
    return len(stale)


def _is_stale(made: Path, source: Path) -> bool:
    """A wheel brings its catalogues compiled, and unpacks them in any order; only in a checkout does time tell."""
    return _older(made, source) if IN_CHECKOUT else not made.exists()


def _older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def _write(entries: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    entries.save_as_mofile(str(new))
    new.replace(path)  # whole or not at all: a server may be reading


def _compile_into_home() -> None:
    """The package belongs to someone else: one catalogue of all apps in the data directory, where settings look."""
    import polib

    path = env.home() / "words" / LANGUAGE / "LC_MESSAGES" / "django.mo"
    sources = sorted(PACKAGE.glob(f"**/locale/{LANGUAGE}/LC_MESSAGES/django.po"))
    if all(not _older(path, po) for po in sources):
        return
    whole = polib.POFile()
    whole.metadata = HEADER
    seen: set[Key] = set()
    for po in sources:
        for entry in _read_po(po):
            if entry.translated() and (entry.msgctxt, entry.msgid) not in seen:
                seen.add((entry.msgctxt, entry.msgid))
                whole.append(entry)
    _write(whole, path)
