"""Every function folder reads alike: the same files, the same places for writes, requests and words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from . import source

FILES = {
    "__init__.py", "terms.py", "models.py", "rules.py", "queries.py", "services.py", "forms.py", "views.py", "api.py",
    "tasks.py", "urls.py", "demo.py",
}  # fmt: skip
AT_AN_APPS_ROOT = {"apps.py", "department.py"}
ELSEWHERE = {  # what a framework asks for by place, and who may have it
    "kernel/access/middleware.py": "Django's middleware: from session to Actor",
    "kernel/records/markings/middleware.py": "Django's middleware: no marked request changes anything",
    "kernel/access/adapters.py": "django-allauth's hooks",
    "kernel/procedures/bindings.py": "the registry that each function's procedures/bindings.py registers with",
}
MACHINERY = ("kernel/procedures/engine/",)  # the frame around SpiffWorkflow: no function, so no function's files

# Writes outside services.py, each with its reason.
WRITERS = {
    "foundations/web/once.py": "a form's once-key is spent in the request's own transaction",
    "foundations/web/rate_limit.py": "counting attempts is no act of anybody's",
    "foundations/jobs.py": "enqueues into procrastinate's own tables",
    "kernel/access/adapters.py": "django-allauth hands over its own rows",
}
MANAGER_VERBS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate", "asave", "adelete"}
LIMIT = 450  # lines; about 400 is the rule, the rest is a short reach

LONG = {"foundations/journal/verify.py": "the verifier stands alone: one file and psycopg, no application code"}

QUERYSET = {"objects", "filter", "exclude", "all", "select_for_update", "visible_to"}


def _rooms() -> Iterator[Path]:
    for storey in ("kernel", "departments"):
        yield from (path for path in source.modules() if path.is_relative_to(source.PACKAGE / storey))


def test_no_file_has_a_name_outside_the_anatomy() -> None:
    strange = []
    for path in _rooms():
        parts = path.relative_to(source.PACKAGE).parts
        if len(parts) < 3 or source.name(path) in ELSEWHERE or source.name(path).startswith(MACHINERY):
            continue
        folders = parts[2:-1]
        if "templatetags" in folders or ("procedures" in folders and path.name in {"bindings.py", "__init__.py"}):
            continue
        if path.name in FILES or (path.name in AT_AN_APPS_ROOT and (path.parent / "apps.py").exists()):
            continue
        strange.append(source.name(path))
    source.assert_none(strange, "a file name outside the anatomy")


def test_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc", "lib", "base_utils"}
    assert [source.name(p) for p in source.modules() if drawers & {p.stem, *p.relative_to(source.PACKAGE).parts}] == []


def test_no_file_grows_past_what_one_reads_at_a_sitting() -> None:
    lines = {source.name(path): len(path.read_text().splitlines()) for path in source.modules()}
    found = [f"{name}: {count} lines" for name, count in lines.items() if count > LIMIT and name not in LONG]
    source.assert_none(found, "a file too long to read at a sitting: split the function")


def _chain(node: ast.expr) -> set[str]:
    """The attribute names a call hangs on: `A.objects.filter(…).update` → {objects, filter}."""
    names: set[str] = set()
    while True:
        match node:
            case ast.Attribute():
                names.add(node.attr)
                node = node.value
            case ast.Call():
                node = node.func
            case _:
                return names


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    verb, chain = call.func.attr, _chain(call.func.value)
    if verb in MANAGER_VERBS:
        return True
    if verb in {"create", "update", "delete"} and chain & QUERYSET:
        return True
    keywords = {keyword.arg for keyword in call.keywords}
    if verb == "save":  # a workbook is saved to something; a row is not
        return not call.args and not keywords - {"update_fields", "force_insert", "force_update", "using"}
    if verb == "delete":
        return not call.args and not keywords
    if verb in {"execute", "executemany"} and call.args:
        said = [n.value for n in ast.walk(call.args[0]) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        return any(re.match(r"\s*(insert|update|delete|truncate|merge)\b", text, re.IGNORECASE) for text in said)
    return False


def test_nothing_is_written_outside_services() -> None:
    found = []
    for path in source.modules():
        name = source.name(path)
        if (
            path.name == "services.py"
            or name in WRITERS
            or name.startswith(("demo/", "config/", "foundations/postgres/"))
        ):
            continue  # demo calls services; config migrates; postgres has no rows of its own
        if path.name == "demo.py":
            continue
        found += [
            f"{name}:{node.lineno}"
            for node in ast.walk(source.tree(path))
            if isinstance(node, ast.Call) and _is_write(node)
        ]
    source.assert_none(found, "an ORM or SQL write outside services.py")


# Acts that run inside their caller's service, in its transaction and under its stamp.
INSIDE = {
    "foundations/journal/services.py": {"write"},
    "kernel/procedures/moving/services.py": {"settle"},
    "kernel/procedures/tasks/services.py": {"hand_on"},
    "departments/general_office/incoming_documents/intake/services.py": {"put_in_index"},
}


def test_every_act_is_a_service() -> None:
    """A public function of a services.py with `by` and `at` wears @service and takes its arguments by name."""
    bare = []
    for path in source.modules():
        if path.name != "services.py":
            continue
        for node in source.tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            taken = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
            if not {"by", "at"} <= taken or node.name in INSIDE.get(source.name(path), ()):
                continue
            worn = {d.id for d in node.decorator_list if isinstance(d, ast.Name)}
            worn |= {d.func.id for d in node.decorator_list if isinstance(d, ast.Call) and isinstance(d.func, ast.Name)}
            if "service" not in worn or node.args.args:
                bare.append(f"{source.name(path)}:{node.lineno} {node.name}")
    source.assert_none(bare, "a verb without @service, or with positional arguments")


def test_nothing_below_the_forms_knows_a_request() -> None:
    below = {"terms.py", "models.py", "rules.py", "queries.py", "services.py"}
    found = []
    for path in source.modules():
        if path.name not in below:
            continue
        for node in ast.walk(source.tree(path)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else names
            if any(name.startswith(("django.http", "django.shortcuts", "django.contrib.messages")) for name in names):
                found.append(f"{source.name(path)}:{node.lineno}")
    source.assert_none(found, "HTTP below forms.py")


def test_migrations_import_no_app_code() -> None:
    found = []
    for path in source.modules(with_migrations=True):
        if path.parent.name != "migrations":
            continue
        for node in ast.walk(source.tree(path)):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else names
            found += [f"{source.name(path)}:{node.lineno} {name}" for name in names if name.startswith("chancery")]
    source.assert_none(found, "a migration imports app code")


def test_what_the_clock_starts_opens_a_transaction_where_it_acts() -> None:
    """Outside a transaction nothing is stamped: row security would show an unattended job no row, and no error."""
    found = []
    for path in source.modules():
        if path.name != "tasks.py":
            continue
        for node in ast.walk(source.tree(path)):
            if not isinstance(node, ast.With):
                continue
            called = [ast.unparse(item.context_expr) for item in node.items]
            stamps = [place for place, words in enumerate(called) if words.startswith("acting_as(")]
            if stamps and "transaction.atomic()" not in called[stamps[-1] + 1 :]:
                found.append(f"{source.name(path)}:{node.lineno}")
    source.assert_none(found, "say `with acting_as(…), transaction.atomic():`")
