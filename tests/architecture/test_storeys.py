"""Storeys that an import graph cannot see: string foreign keys, addresses, empty exceptions."""

from __future__ import annotations

import ast
import tomllib

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from . import source

# Views that are not ours and so wear no @door; each says who guards it instead.
DOORLESS = {
    "allauth.": "sign-in itself, behind InvitedOnlyAdapter and allauth's own rate limits and login checks",
    "ninja.": "API operations are guarded by token and scope in config/api.py",
}


def storey(module: str) -> tuple[int, str]:
    """How high a module stands, and its room. Third-party apps stand below everything."""
    parts = module.split(".")
    if parts[0] != "chancery":
        return (-1, parts[0])
    match parts[1]:
        case "foundations":
            return (0, "foundations")
        case "kernel":
            return (1 + source.INSTRUMENTS.index(parts[2]), parts[2])
        case "departments":
            return (50, parts[2])
    return (60, parts[1])


def test_foreign_keys_point_downward_or_home() -> None:
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        height, room = storey(model.__module__)
        if height < 0:
            continue
        for field in model._meta.get_fields():
            if field.auto_created or not field.is_relation or field.related_model is None:
                continue
            target = field.related_model
            above, other = storey(target.__module__)
            if above > height or (above == height and room != other):
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    source.assert_none(wrong, "a foreign key points upward or sideways")


def test_no_import_contract_has_exceptions() -> None:
    contracts = tomllib.loads((source.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert [contract["name"] for contract in contracts if contract.get("ignore_imports")] == []


def test_models_are_looked_up_by_name_in_migrations_only() -> None:
    found = [
        f"{source.name(path)}:{node.lineno}"
        for path in source.modules()
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get_model"
    ]
    source.assert_none(found, "get_model outside migrations")


def _patterns(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        found += _patterns(entry, where) if isinstance(entry, URLResolver) else [(where, entry)]
    return found


def test_every_address_has_a_door() -> None:
    open_ones = []
    for where, pattern in _patterns(get_resolver()):
        view = pattern.callback
        module = getattr(view, "__module__", "") or type(view).__module__
        view_class = getattr(view, "view_class", None)
        if view_class is not None:
            module = view_class.__module__
        if not hasattr(view, "door") and not module.startswith(tuple(DOORLESS)):
            open_ones.append(f"/{where} ({module}.{getattr(view, '__name__', '?')})")
    source.assert_none(open_ones, "an address without a door")


def test_every_exempted_kind_of_view_is_still_there() -> None:
    modules = {
        getattr(getattr(p.callback, "view_class", p.callback), "__module__", "") for _, p in _patterns(get_resolver())
    }
    unused = [prefix for prefix in DOORLESS if not any(module.startswith(prefix) for module in modules)]
    source.assert_none(unused, "a doorless kind of view that no longer exists")
