"""PostgreSQL backend that starts the embedded server when the first connection is asked for.

Not when settings are read: type checks, `makemigrations` in a fresh clone and the like stay light.
"""

import atexit
from typing import Any

from django.db import connections
from django.db.backends.postgresql import base
from django.db.backends.postgresql.client import DatabaseClient as PostgreSQLClient

from . import server


class DatabaseClient(PostgreSQLClient):
    """`manage.py dbshell` with the psql that belongs to the embedded server."""

    executable_name = str(server.BIN / "psql")

    def runshell(self, parameters: Any) -> None:
        self.connection.get_connection_params()
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    @property
    def has_pool(self) -> bool:
        """Whether a pool is open; asking for `pool` would make one."""
        return self.alias in vars(base.DatabaseWrapper)["_connection_pools"]

    def get_connection_params(self) -> dict[str, Any]:
        """Connection parameters, once the server answers. Raises EmbeddedServerError."""
        options = self.settings_dict
        sockets = server.ensure_running(options["EMBEDDED_HOME"], durable=options.get("EMBEDDED_DURABLE", True))
        options.update(HOST=str(sockets), PORT=str(server.PORT), USER=server.SUPERUSER)
        return super().get_connection_params()


@atexit.register
def _close() -> None:
    """Close what this process holds, then let the last process stop the server."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper) and connection.has_pool:
            connection.close_pool()
    server.release()
