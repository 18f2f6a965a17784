"""Every environment variable the headquarters reads, in one place, with its meaning and default."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(Exception):
    """An environment variable holds something that cannot work; the message says which and what to do."""


def text(name: str, default: str = "") -> str:
    """A text variable."""
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """A yes/no variable: 1, true, yes, on."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    """A whole-number variable."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError:
        raise BadSetting(f"{name} must be a whole number, not {value!r}") from None


def chosen(name: str, among: tuple[str, ...]) -> str:
    """One of a few words; the first is the default."""
    value = os.environ.get(name) or among[0]
    if value not in among:
        raise BadSetting(f"{name} must be {', '.join(among[:-1])} or {among[-1]}, not {value!r}")
    return value


def listed(name: str, default: str = "") -> list[str]:
    """A comma-separated variable."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def prefixed(prefix: str) -> dict[str, str]:
    """Every variable whose name begins so, e.g. a passphrase for each seal."""
    return {name: value for name, value in os.environ.items() if name.startswith(prefix)}


def home() -> Path:
    """CHANCERY_HOME: the data directory (database, files, secret).

    Default: ~/.local/share/chancery; for root /var/lib/chancery, because the account that runs the database for root
    could not enter /root.
    """
    value = os.environ.get("CHANCERY_HOME")
    if value:
        return Path(value).expanduser().absolute()
    return Path("/var/lib/chancery") if os.geteuid() == 0 else Path.home() / ".local/share/chancery"


def secret_key() -> str:
    """SECRET_KEY, or one made once and kept in the data directory, readable by its owner only."""
    value = os.environ.get("SECRET_KEY")
    if value:
        return value
    path = home() / "secret.key"
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    made = secrets.token_urlsafe(64)
    # O_EXCL: of two processes starting together one writes, the other reads.
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as out:
            out.write(made)
    except FileExistsError:
        return path.read_text().strip()
    return made


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """A parsed DATABASE_URL."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: dict[str, str]


def database_address(variable: str) -> DatabaseAddress | None:
    """Parse a postgres:// address, or None when the variable is unset."""
    value = os.environ.get(variable)
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting(f"{variable} must begin with postgresql:// (Chancery runs on PostgreSQL only)")
    options = dict(parse_qsl(parts.query))
    return DatabaseAddress(
        name=unquote(parts.path.lstrip("/")) or "chancery",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=unquote(parts.hostname or "") or options.pop("host", ""),
        port=str(parts.port or ""),
        options=options,
    )
