"""Make a database ready for migrations: the web role, extensions, default privileges, stamp functions. Idempotent.

Run by the owner. The web role owns nothing, cannot bypass row security, and gets its rights on new tables from
default privileges; a table that must be append-only revokes in its own migration.
"""

from __future__ import annotations

import contextlib

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


def prepare(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Prepare the database `connection` is on. Needs autocommit and a role that may create roles and extensions."""
    exists = connection.execute("select 1 from pg_roles where rolname = %s", [WEB_ROLE]).fetchone()
    if not exists:
        # Another preparer may be quicker: roles belong to the whole cluster.
        with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            connection.execute(
                sql.SQL("create role {} login nosuperuser nobypassrls nocreatedb nocreaterole").format(
                    sql.Identifier(WEB_ROLE)
                )
            )
    for extension in ("btree_gist", "pg_trgm", "ltree"):
        connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
    web = sql.Identifier(WEB_ROLE)
    for statement in (
        "revoke create on schema public from public",
        "grant usage on schema public to {web}",
        "alter default privileges in schema public grant select, insert, update, delete on tables to {web}",
        "alter default privileges in schema public grant usage, select on sequences to {web}",
    ):
        connection.execute(sql.SQL(statement).format(web=web))
    # Racing preparers (test workers) would collide on the function rows.
    connection.execute("select pg_advisory_lock(hashtext('chancery.prepare'))")
    try:
        connection.execute(_FUNCTIONS)
    finally:
        connection.execute("select pg_advisory_unlock(hashtext('chancery.prepare'))")
