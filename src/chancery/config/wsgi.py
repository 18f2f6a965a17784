"""The WSGI entry."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.core.wsgi import get_wsgi_application
from werkzeug.middleware.proxy_fix import ProxyFix

from chancery.config import env

if TYPE_CHECKING:
    from collections.abc import Callable


def behind_proxies(site: Callable[..., Any], count: int) -> Callable[..., Any]:
    """Believe what `count` proxies in front say of the visitor's address and scheme; with 0 believe nobody.

    Without it rate limits would count all visitors as the proxy, and a form sent over TLS would look sent from
    elsewhere. With too high a count a visitor could name an address of their own choice.
    """
    return ProxyFix(site, x_for=count, x_proto=count, x_host=0, x_prefix=0) if count else site


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chancery.config.settings")
application = behind_proxies(get_wsgi_application(), env.number("TRUSTED_PROXIES", 0))
