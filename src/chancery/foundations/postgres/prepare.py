"""Make a database ready for migrations: the web role, extensions, default privileges, stamp functions. Idempotent.

Run by the owner. The web role owns nothing, cannot bypass row security, and gets its rights on new tables from
default privileges; a table that must be append-only revokes in its own migration.
"""

from __future__ import annotations

import contextlib
from typing import Any

import psycopg
from psycopg import sql

WEB_ROLE = "chancery_web"

_FUNCTIONS = """
create or replace function chancery_clearance() returns int language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('app.clearance', true), ''), '-1')::int $$;
create or replace function chancery_person() returns bigint language sql stable parallel safe as
$$ select nullif(current_setting('app.person', true), '')::bigint $$;
create or replace function chancery_account() returns bigint language sql stable parallel safe as
$$ select nullif(current_setting('app.account', true), '')::bigint $$;
create or replace function chancery_post() returns bigint language sql stable parallel safe as
$$ select nullif(current_setting('app.post', true), '')::bigint $$;
create or replace function chancery_body() returns bigint language sql stable parallel safe as
$$ select nullif(current_setting('app.body', true), '')::bigint $$;
create or replace function chancery_kind() returns text language sql stable parallel safe as
$$ select coalesce(current_setting('app.kind', true), '') $$;
create or replace function chancery_is_system() returns boolean language sql stable parallel safe as
$$ select coalesce(current_setting('app.kind', true), '') = 'SYSTEM' $$;
create or replace function chancery_today() returns date language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('app.today', true), '')::date, current_date) $$;
"""


def prepare(connection: psycopg.Connection[Any]) -> None:
    """Prepare the database `connection` is on. Needs autocommit and a role that may create roles and extensions."""
    # Racing preparers would collide on the catalogue's rows.
    connection.execute("select pg_advisory_lock(hashtext('chancery.prepare'))")
    try:
        _prepare_role(connection)
        for extension in ("btree_gist", "pg_trgm", "ltree"):
            connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
        for statement in (
            "revoke create on schema public from public",
            "grant usage on schema public to {web}",
            "alter default privileges in schema public grant select, insert, update, delete on tables to {web}",
            "alter default privileges in schema public grant usage, select on sequences to {web}",
        ):
            connection.execute(sql.SQL(statement).format(web=sql.Identifier(WEB_ROLE)))
        connection.execute(_FUNCTIONS)
    finally:
        connection.execute("select pg_advisory_unlock(hashtext('chancery.prepare'))")


def _prepare_role(connection: psycopg.Connection[Any]) -> None:
    web = sql.Identifier(WEB_ROLE)
    if not connection.execute("select 1 from pg_roles where rolname = %s", [WEB_ROLE]).fetchone():
        # Roles belong to the whole cluster: a preparer of another database may be quicker.
        with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            connection.execute(
                sql.SQL("create role {} login nosuperuser nobypassrls nocreatedb nocreaterole").format(web)
            )
    # With one address given the owner steps down to the web role, and must be its member. A superuser may anyway;
    # since PostgreSQL 16 whoever creates a role administers it without being one.
    may = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    if connection.execute("select not pg_has_role(current_user, %s, %s)", [WEB_ROLE, may]).fetchone() == (True,):
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(sql.SQL("grant {} to current_user").format(web))
