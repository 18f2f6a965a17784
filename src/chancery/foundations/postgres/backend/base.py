"""Django's PostgreSQL backend, which starts the embedded server on demand and stamps the actor on each transaction."""

from __future__ import annotations

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg import sql

from chancery.foundations.postgres import embedded, row_security


class DatabaseWrapper(base.DatabaseWrapper):
    """Adds two OPTIONS: `embedded_home` and `embedded_config` (start our own server)."""

    def get_connection_params(self) -> dict[str, Any]:
        """Connection parameters, with the embedded server's socket when there is no DATABASE_URL."""
        params = super().get_connection_params()
        home = params.pop("embedded_home", None)
        config = params.pop("embedded_config", None)
        if home:
            params.update(embedded.ensure(home, config).params())
            params["user"] = self.settings_dict["USER"] or params["user"]
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        """A connection; from the pool, one whose server has not gone away since it was last used."""
        try:
            return self._connection_that_lives(conn_params)
        except self.Database.OperationalError:
            home = self.settings_dict["OPTIONS"].get("embedded_home")
            if not home:
                raise
            # The server was up two seconds ago (`embedded.ensure` looks no oftener) and was killed since: start it.
            embedded.ensure(home).start()
            return self._connection_that_lives(conn_params)

    def _configure_role(self, connection: psycopg.Connection[Any]) -> bool:
        # Django's own composes the statement on the wrapper's connection, which inside a pool waits for itself.
        role = self.settings_dict["OPTIONS"].get("assume_role")
        if role:
            connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
        return bool(role)

    def _connection_that_lives(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        while True:
            connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
            if not self.pool or not _hung_up(connection):
                return connection
            home = self.settings_dict["OPTIONS"].get("embedded_home")
            if home:
                embedded.ensure(home).start()
            connection.close()
            self.pool.putconn(connection)  # the pool replaces it

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # django-stubs omits the private hook
        if not autocommit:
            actor = row_security.current()
            if actor is not None:
                with self.wrap_database_errors:
                    self.connection.execute(row_security.STAMP, row_security.stamp_of(actor))


def _hung_up(connection: psycopg.Connection[Any]) -> bool:
    """True when the server closed an idle connection. Asks the kernel only: no round trip to the server."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    try:
        while poll.poll(0):
            connection.pgconn.consume_input()  # a setting the server reports late; or its closing word, then the end
    except psycopg.Error:
        return True
    return bool(connection.pgconn.status != psycopg.pq.ConnStatus.OK)
