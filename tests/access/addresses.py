"""Every address of the site, read from the URL configuration: a new page is in the matrices the day it is added."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One URL pattern: its namespaced name and the names of its arguments."""

    name: str
    route: str
    arguments: tuple[str, ...]


def _walk(patterns: list[URLPattern | URLResolver], namespaces: tuple[str, ...], prefix: str) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, route)
        elif pattern.name:
            arguments = tuple(pattern.pattern.converters) or tuple(pattern.pattern.regex.groupindex)
            yield Address(":".join((*namespaces, pattern.name)), route, arguments)


def every_address() -> list[Address]:
    """All named URL patterns in order of their names. A name may stand twice with different arguments."""
    seen = {(address.name, address.arguments): address for address in _walk(get_resolver().url_patterns, (), "/")}
    return [seen[key] for key in sorted(seen)]
