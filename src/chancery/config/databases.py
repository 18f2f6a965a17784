"""Which database, as which role: from DATABASE_URL, or the embedded server of the data directory."""

from __future__ import annotations

from typing import Any

from chancery.config import env
from chancery.foundations.postgres.prepare import WEB_ROLE

POOL_WAIT_SECONDS = 5  # the pool's own default lets requests hang for 30 s while the database is down


def describe(*, as_owner: bool) -> dict[str, Any]:
    """Django's settings for the one database. The owner migrates; everything else runs as the web role."""
    options: dict[str, Any] = {}
    # Pools are for servers; one-shot commands, the job worker and tests connect plainly.
    if env.flag("CHANCERY_DB_POOL") and not as_owner:
        size = env.number("DATABASE_POOL_SIZE", 8)
        options["pool"] = {"min_size": 1, "max_size": size, "timeout": POOL_WAIT_SECONDS}
    address = env.database_address("DATABASE_URL")
    if address is None:
        return {
            "ENGINE": "chancery.foundations.postgres.backend",
            "NAME": env.text("CHANCERY_DB_NAME", "chancery"),
            "USER": "postgres" if as_owner else WEB_ROLE,
            "OPTIONS": {**options, "embedded_home": str(env.home() / "postgres")},
        }
    web_address = env.database_address("DATABASE_WEB_URL")
    chosen = address if as_owner or web_address is None else web_address
    if not as_owner and web_address is None:
        # One address given: log in as the owner and step down. `check` asks for DATABASE_WEB_URL.
        options["assume_role"] = WEB_ROLE
    return {
        "ENGINE": "chancery.foundations.postgres.backend",
        "NAME": chosen.name,
        "USER": chosen.user,
        "PASSWORD": chosen.password,
        "HOST": chosen.host,
        "PORT": chosen.port,
        "OPTIONS": {**options, **chosen.options},
    }
