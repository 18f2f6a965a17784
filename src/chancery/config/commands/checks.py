"""`check`: what a production site still lacks. Django's deploy checks, and ours."""

from __future__ import annotations

import hashlib
import io
import os
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from chancery.config import env
from chancery.config.cli import Halt
from chancery.config.commands import say, upkeep
from chancery.foundations.postgres.prepare import WEB_ROLE

if TYPE_CHECKING:
    from collections.abc import Iterator

# Django's checks that ours say better, or that do not hold here.
SILENCED = {
    "security.W004",  # HSTS: set by SITE_URL=https://…, see _address
    "security.W008",  # redirect to https: the proxy's business
    "security.W009",  # the generated key is long and random
    "security.W012",
    "security.W016",  # secure cookies follow SITE_URL
    "security.W019",  # previews of stored files stand in frames of our own pages
    "security.W021",  # HSTS preload binds the whole domain: the site's own decision
}


LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True)
class Lack:
    """Something missing: what, and what to do. `grave` lacks make the command fail."""

    says: str
    do: str
    grave: bool = True


def check(arguments: list[str]) -> int:
    """Print what is lacking; 0 when nothing grave is."""
    if arguments:
        raise Halt("check takes no arguments; run it with the environment of the site")
    upkeep.set_up_django()
    lacks = [*_mode(), *_address(), *_database(), *_files(), *_fonts(), *_seals(), *_vault(), *_mail(), *_django()]
    for lack in sorted(lacks, key=lambda found: not found.grave):
        print(f"{'LACKS ' if lack.grave else 'advice'} {lack.says}\n       → {lack.do}")
    grave = sum(lack.grave for lack in lacks)
    if not lacks:
        say("nothing is lacking")
    else:
        say(f"{grave} lacking, {len(lacks) - grave} pieces of advice")
    return 1 if grave else 0


def _mode() -> Iterator[Lack]:
    from django.conf import settings

    if settings.DEMO:
        yield Lack("demo mode is on: anyone enters as anyone", "unset CHANCERY_DEMO")
    if settings.DEBUG:
        yield Lack("debug mode is on: errors show the inside", "unset CHANCERY_DEBUG")
    if not env.text("SECRET_KEY"):
        yield Lack(
            "SECRET_KEY is not set; the one in the data directory is used",
            "set it from your secret store when several machines serve",
            grave=False,
        )
    elif len(env.text("SECRET_KEY")) < 50:
        yield Lack("SECRET_KEY is short", "make one: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'")


def _address() -> Iterator[Lack]:
    from django.conf import settings

    if not env.text("SITE_URL"):
        yield Lack("SITE_URL is not set: links in e-mail point to this machine", "SITE_URL=https://your.address")
    elif not settings.SECURE_SITE:
        yield Lack(
            "SITE_URL is not https: passwords and cookies travel in the clear", "serve behind TLS; SITE_URL=https://…"
        )
    if settings.OIDC_ISSUER and not settings.OIDC_ISSUER.startswith("https://"):
        yield Lack("OIDC_ISSUER is not https: anyone on the way can sign in as anyone", "OIDC_ISSUER=https://…")
    if not env.text("ALLOWED_HOSTS"):
        yield Lack("ALLOWED_HOSTS is not set: only this machine is answered", "ALLOWED_HOSTS=your.address")
    elif "*" in settings.ALLOWED_HOSTS:
        yield Lack("ALLOWED_HOSTS is *: links can be forged through the Host header", "name the hosts")
    yield from _proxies()


def _proxies() -> Iterator[Lack]:
    """`serve` speaks plain HTTP, so where the address is https something in front of it speaks TLS."""
    from django.conf import settings

    count = env.number("TRUSTED_PROXIES", 0)
    if settings.SECURE_SITE and not count:
        yield Lack(
            "SITE_URL is https, so a proxy stands in front, but TRUSTED_PROXIES is not set: all visitors share one rate"
            " limit, the journal notes the proxy's address, and forms are refused as sent from elsewhere",
            "TRUSTED_PROXIES=1, or how many stand in front; each must set X-Forwarded-For and X-Forwarded-Proto",
        )
    if count and env.text("HOST", "127.0.0.1") not in LOOPBACK:
        yield Lack(
            f"HOST is {env.text('HOST')} and {count} proxies are believed: who reaches the port past them chooses"
            " the address they seem to come from",
            "let only the proxy reach that port (HOST=127.0.0.1, a private network or a firewall)",
            grave=False,
        )


def _database() -> Iterator[Lack]:
    if not env.text("DATABASE_URL"):
        yield Lack(
            "the embedded PostgreSQL is used: one machine, its disk, no standby",
            "fine for one office that backs up CHANCERY_HOME; else DATABASE_URL=postgresql://owner@host/chancery",
            grave=False,
        )
    elif not env.text("DATABASE_WEB_URL"):
        yield Lack(
            f"the web logs in as the owner and steps down to {WEB_ROLE}: SQL run through it could step up",
            f"DATABASE_WEB_URL=postgresql://{WEB_ROLE}:…@host/chancery, with a password for that role",
        )
    try:
        with upkeep.owner_connection() as owner:
            yield from _roles(owner)
        yield from _web_login()
        with upkeep.connected_as_owner():
            pending = upkeep.pending_migrations()
        if pending:
            yield Lack(f"{len(pending)} migrations are pending ({pending[0]} …)", "chancery migrate")
        else:
            yield from _journal()
            yield from _certificates()
    except psycopg.OperationalError as error:
        yield Lack(
            f"the database cannot be reached: {' '.join(str(error).split())}", "chancery migrate, or mend DATABASE_URL"
        )


def _roles(owner: psycopg.Connection[Any]) -> Iterator[Lack]:
    row = owner.execute(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = %s", [WEB_ROLE]
    ).fetchone()
    if row is None:
        yield Lack(f"the role {WEB_ROLE} does not exist", "chancery migrate")
        return
    powers = [word for word, has in zip(("superuser", "bypassrls", "createrole", "createdb"), row, strict=True) if has]
    if powers:
        yield Lack(
            f"{WEB_ROLE} has {', '.join(powers)}: row security does not bind it",
            f"alter role {WEB_ROLE} nosuperuser nobypassrls nocreaterole nocreatedb",
        )
    owned = owner.execute(
        "select count(*) from pg_tables where schemaname = 'public' and pg_has_role(%s, tableowner, 'member')",
        [WEB_ROLE],
    ).fetchone()
    if owned and owned[0]:
        yield Lack(
            f"{WEB_ROLE} owns {owned[0]} tables: an owner is not bound by row security", "reassign them to the owner"
        )


def _web_login() -> Iterator[Lack]:
    """Whether the session the web really gets can become more than the web role."""
    from django.db import connection

    if env.text("DATABASE_URL") and not env.text("DATABASE_WEB_URL"):
        return  # said above
    with connection.cursor() as cursor:
        cursor.execute(
            "select session_user, (select rolsuper or rolbypassrls from pg_roles where rolname = session_user),"
            " pg_has_role(session_user, %s, 'member')",
            [WEB_ROLE],
        )
        login, above, member = cursor.fetchone()
    if above:
        yield Lack(f"the web logs in as {login}, which no row security binds", f"DATABASE_WEB_URL must name {WEB_ROLE}")
    if not member:
        yield Lack(f"the web logs in as {login}, which is not {WEB_ROLE}", f"grant {WEB_ROLE} to {login}")


def _journal() -> Iterator[Lack]:
    """Append-only is a matter of grants; somebody may have mended a table by hand."""
    with upkeep.owner_connection() as owner:
        for table, row_security, rights in owner.execute(
            "select c.relname, c.relrowsecurity, array(select p from unnest(array['UPDATE','DELETE','TRUNCATE']) p"
            " where has_table_privilege(%s, c.oid, p)) from pg_class c"
            " where c.relname in ('journal_entry', 'journal_seal') and c.relkind in ('r', 'p')",
            [WEB_ROLE],
        ).fetchall():
            if rights:
                yield Lack(
                    f"{WEB_ROLE} may {' and '.join(rights)} {table}",
                    f"revoke {', '.join(rights)} on {table} from {WEB_ROLE}",
                )
            if table == "journal_entry" and not row_security:
                yield Lack(f"row security is off on {table}", f"alter table {table} enable row level security")


def _files() -> Iterator[Lack]:
    from django.conf import settings

    if settings.S3_BUCKET:
        yield from _bucket()
    else:
        try:
            settings.FILE_STORE.mkdir(parents=True, exist_ok=True)
            trial = settings.FILE_STORE / f".trial-{uuid.uuid4().hex}"
            trial.write_bytes(b"")
            trial.unlink()
        except OSError as error:
            yield Lack(
                f"the file store {settings.FILE_STORE} cannot be written ({error.strerror})", "mend its permissions"
            )
    yield from _copy()
    yield from _scanner()
    backups = env.text("BACKUP_PATH")
    if not backups:
        yield Lack(
            "BACKUP_PATH is not set: nothing says where backups go",
            "docs/operations.md, and try a restore",
            grave=False,
        )
    elif not os.access(backups, os.W_OK):
        yield Lack(f"BACKUP_PATH {backups} cannot be written", "make the directory, for this account")


def _scanner() -> Iterator[Lack]:
    """Who looks for viruses in what is handed over to the archive."""
    from chancery.departments.general_office.archives.handover.scanner import queries as scanner
    from chancery.departments.general_office.archives.handover.scanner.terms import BadAddress

    where = scanner.address()
    if not where:
        yield Lack(
            "no virus scanner is set up: the archive takes files over without looking for viruses, and says so",
            "run ClamAV's clamd; CHANCERY_CLAMD=host:port or the path of its socket",
            grave=False,
        )
        return
    try:
        answers = scanner.alive(where, patience=5)
        scanner.daemon(where)
    except BadAddress:
        yield Lack(f"CHANCERY_CLAMD is {where}: neither host:port nor a path", "CHANCERY_CLAMD=127.0.0.1:3310")
        return
    if not answers:
        yield Lack(
            f"the virus scanner at {where} does not answer: hand-over lists say that it could not be looked for",
            "start clamd, or mend CHANCERY_CLAMD",
        )


def _copy() -> Iterator[Lack]:
    """Where damaged content would be restored from."""
    from django.conf import settings

    from chancery.foundations.content_store import BucketStore, DiskStore, copy_store, store

    copy, kept = copy_store(), store()
    if copy is None:
        yield Lack(
            "there is no second copy of the files: what the storage check finds damaged cannot be restored",
            "set CONTENT_COPY (a directory on another disk) or CONTENT_COPY_BUCKET; see docs/operations.md",
            grave=False,
        )
        return
    is_same = (
        (isinstance(copy, BucketStore) and isinstance(kept, BucketStore) and copy.bucket == kept.bucket)
        or (isinstance(copy, DiskStore) and isinstance(kept, DiskStore) and copy.root.resolve() == kept.root.resolve())
    )  # fmt: skip
    if is_same:
        yield Lack("the second copy is the file store itself", "name another place in CONTENT_COPY")
    elif not copy.is_there() or (isinstance(copy, DiskStore) and not os.access(copy.root, os.W_OK)):
        named = settings.CONTENT_COPY_BUCKET or settings.CONTENT_COPY
        yield Lack(
            f"the second copy {named} cannot be reached or written", "make the directory, for this account; mount it"
        )


def _bucket() -> Iterator[Lack]:
    """Put a trial object into the bucket, look whether strangers may read it, and take it away again."""
    from django.conf import settings

    from chancery.foundations.content_store import BucketStore, StoreUnavailable

    trial = uuid.uuid4().hex.encode()
    address = hashlib.sha256(trial).hexdigest()
    kept = BucketStore(settings.S3_BUCKET)
    try:
        kept.keep(address, io.BytesIO(trial))
        kept.open(address).close()
        if kept.is_open_to_strangers(address):
            yield Lack(
                f"anyone may read the bucket {settings.S3_BUCKET}, past every rule of visibility",
                "take the public policy or access list off the bucket",
            )
        kept.discard(address)
    except StoreUnavailable as error:
        yield Lack(
            f"the bucket {settings.S3_BUCKET} cannot be used: {error.__cause__}",
            "mend S3_BUCKET, AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY; see docs/operations.md",
        )


def _fonts() -> Iterator[Lack]:
    """Official papers are set with the mapped fonts or not at all."""
    from chancery.foundations.verdict import Refused
    from chancery.kernel.records.setting.queries import fonts_in_use

    try:
        fonts_in_use()
    except Refused as refusal:
        yield Lack(
            f"official papers cannot be set: {refusal}",
            "put the font files into CHANCERY_HOME/fonts, or mend CHANCERY_FONTS; see docs/operations.md",
        )


def _seals() -> Iterator[Lack]:
    """Where the keys of seals lie, as far as the settings say."""
    from django.conf import settings

    from chancery.foundations.verdict import Refused
    from chancery.kernel.records.seals.keys.queries import demand_token, trusted_roots

    if settings.SEAL_KEYS.is_dir() and settings.SEAL_KEYS.stat().st_mode & 0o077:
        yield Lack(
            f"others may enter {settings.SEAL_KEYS}: who reads a key can seal", f"chmod 700 {settings.SEAL_KEYS}"
        )
    if settings.SEAL_PKCS12 and not os.access(settings.SEAL_PKCS12, os.R_OK | os.X_OK):
        yield Lack(f"SEAL_PKCS12 {settings.SEAL_PKCS12} cannot be read", "make the directory, for this account alone")
    if settings.SEAL_PKCS11_MODULE:
        try:
            demand_token()
        except Refused as refusal:
            yield Lack(
                f"seals on tokens cannot be used: {refusal}", "pip install 'pyhanko[pkcs11]'; docs/operations.md"
            )
    try:
        found = trusted_roots(is_strict=True)
    except (OSError, ValueError) as error:
        yield Lack(f"SEAL_TRUST_ROOTS cannot be read: {error}", "name a PEM file, or a directory of them")
    else:
        if settings.SEAL_TRUST_ROOTS and not found:
            yield Lack(f"SEAL_TRUST_ROOTS {settings.SEAL_TRUST_ROOTS} holds no certificate", "name a PEM file")


def _vault() -> Iterator[Lack]:
    """The keys of what is sealed: there, whole, and nobody else's; none missing that something is sealed with."""
    from django.conf import settings

    from chancery.config.commands import vaults
    from chancery.foundations import vault

    told = {
        "missing": (
            "is missing",
            "put it back from the backup of the keys; if nothing was ever sealed: chancery vault status",
        ),
        "readable": ("can be read by others", "chmod 600 it, and its directory 700"),
        "unsound": ("is no key", "put it back from the backup of the keys"),
    }
    for fault in vault.faults():
        if fault.what == "missing" and not vault.key_ids() and not settings.VAULT_KEYS.exists():
            continue  # never used: made on first need
        says, do = told[fault.what]
        yield Lack(f"the vault's key {settings.VAULT_KEYS / fault.name} {says}", do)
    try:
        with upkeep.owner_connection() as owner:
            used = vaults.used(owner)
    except psycopg.Error:
        return  # told by `_database`
    for key_id in sorted(set(used) - set(vault.key_ids())):
        yield Lack(
            f"the vault's key seal-{key_id}.key is missing: {used[key_id]} sealed things do not open",
            f"put it back into {settings.VAULT_KEYS} from the backup of the keys",
        )
    if used and settings.VAULT_KEYS.is_relative_to(settings.CHANCERY_HOME):
        yield Lack(
            f"the vault's keys lie in {settings.VAULT_KEYS}, beside the data: one backup takes both",
            "CHANCERY_VAULT_KEYS=/another/disk/vault; back the keys up apart, docs/operations.md",
            grave=False,
        )


def _certificates() -> Iterator[Lack]:
    """The certificates of seals in use: who issued them, whether their keys are there, how long they last."""
    from django.conf import settings

    from chancery.foundations.verdict import Refused
    from chancery.kernel.records.seals.keys.queries import certificate_in

    with upkeep.owner_connection() as owner:
        current = owner.execute(
            "select s.code, c.key_store, c.key_ref, c.not_after < now() + interval '30 days', c.not_after::date"
            " from records_seal s join records_sealcertificate c on c.seal_id = s.id and c.replaced_at is null"
            " where s.state = 'ACTIVE' order by s.code"
        ).fetchall()
    local = [row[0] for row in current if row[1] == "LOCAL"]
    if local:
        yield Lack(
            f"{len(local)} seals ({local[0]} …) sign with keys of the local authority: nobody outside believes it, and"
            " who reads CHANCERY_HOME can seal",
            "certificates of a recognised authority: SEAL_PKCS12 or SEAL_PKCS11_MODULE, docs/operations.md",
            grave=False,
        )
    for code, store, reference, ends, on in current:
        try:
            certificate_in(store, reference)
        except Refused as refusal:
            yield Lack(f"seal {code} cannot be used: {refusal}", "docs/operations.md, Seals and their keys")
        if ends:
            yield Lack(f"the certificate of seal {code} ends on {on}", "renew it on the seal's page", grave=False)
    if current and not settings.SEAL_TSA_URL:
        yield Lack(
            "SEAL_TSA_URL is not set: outside this house nothing proves when a paper was sealed",
            "SEAL_TSA_URL=https://… of a time-stamp authority (RFC 3161)",
            grave=False,
        )


def _mail() -> Iterator[Lack]:
    from django.conf import settings

    if not env.text("EMAIL_HOST"):
        yield Lack(
            "EMAIL_HOST is not set: invitations, recovery and notices by e-mail go nowhere", "EMAIL_HOST=your.relay"
        )
    elif settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield Lack(
            "DEFAULT_FROM_EMAIL is not set: relays refuse mail from localhost", "DEFAULT_FROM_EMAIL=office@your.address"
        )


def _django() -> Iterator[Lack]:
    from django.core import checks

    for message in checks.run_checks(include_deployment_checks=True):
        if message.id not in SILENCED and not message.is_silenced():
            grave = message.level >= checks.ERROR or str(message.id).startswith("security.")
            yield Lack(
                f"{message.id}: {message.msg.split(chr(10))[0]}", message.hint or "see Django's documentation", grave
            )
