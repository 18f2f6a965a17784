"""Django's PostgreSQL backend, which starts the embedded server on demand and stamps the actor on each transaction."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base

from chancery.foundations.postgres import embedded, row_security

if TYPE_CHECKING:
    import psycopg


class DatabaseWrapper(base.DatabaseWrapper):
    """Adds three OPTIONS: `embedded_home` and `embedded_config` (start our own server), `assume_role`."""

    def get_connection_params(self) -> dict[str, Any]:
        """Connection parameters, with the embedded server's socket when there is no DATABASE_URL."""
        params = super().get_connection_params()
        home = params.pop("embedded_home", None)
        config = params.pop("embedded_config", None)
        self._assumed_role = params.pop("assume_role", None)
        if home:
            params.update(embedded.ensure(home, config).params())
            params["user"] = self.settings_dict["USER"] or params["user"]
        if self._assumed_role:
            # Set at connection start so that DISCARD/RESET ALL in a pool returns to it.
            params["options"] = f"{params.get('options', '')} -c role={self._assumed_role}".strip()
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

    def _connection_that_lives(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        while True:
            connection: psycopg.Connection[Any] = super().get_new_connection(conn_params)
            if not self.pool or not _hung_up(connection):
                return connection
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
    # An idle connection has nothing to read, but for a closing word or a notification we never ask for.
    return bool(poll.poll(0))
