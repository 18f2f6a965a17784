"""What is believed of proxies."""

from __future__ import annotations

from typing import Any

import pytest

from chancery.config.wsgi import behind_proxies

FORWARDED = {"HTTP_X_FORWARDED_FOR": "198.51.100.9, 203.0.113.5", "HTTP_X_FORWARDED_PROTO": "https"}


def seen(count: int) -> tuple[Any, Any]:
    """Address and scheme as the site sees them."""
    given = {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", **FORWARDED}
    behind_proxies(lambda environ, start: given.update(environ), count)(given, lambda *_: None)
    return given["REMOTE_ADDR"], given["wsgi.url_scheme"]


@pytest.mark.parametrize(
    ("count", "address", "scheme"), [(0, "127.0.0.1", "http"), (1, "203.0.113.5", "https"), (2, "198.51.100.9", "http")]
)
def test_as_many_proxies_are_believed_as_the_site_names(count: int, address: str, scheme: str) -> None:
    assert seen(count) == (address, scheme)
