"""Django's PostgreSQL backend; Django finds `DatabaseWrapper` here by the engine's name."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base, operations


class DatabaseOperations(operations.DatabaseOperations):
    """Knows the text of prepared statements too, for logs of queries."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """The statement as sent; of a prepared one only its name was sent, so its text as given."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the socket, not the server, whether a kept connection is usable.

    Django sends `SELECT 1` before the first statement of every request. A server that ended, or ended this connection,
    has closed the socket, which then can be read; an idle one that stands cannot.
    """

    ops_class = DatabaseOperations

    def is_usable(self) -> bool:
        """Whether the connection stands, without asking the server when its socket is quiet."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.pgconn.socket, select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
