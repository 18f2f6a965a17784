"""Django's PostgreSQL backend, which starts the embedded server on demand and stamps the actor on each transaction."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from chancery.foundations.postgres import embedded, row_security


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

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # django-stubs omits the private hook
        if not autocommit:
            actor = row_security.current()
            if actor is not None:
                with self.wrap_database_errors:
                    self.connection.execute(row_security.STAMP, row_security.stamp_of(actor))
