"""A kept connection is looked at before each request: one that the server ended is replaced."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from pendapa.web.rows import run


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_replaced_at_the_next_request() -> None:
    (own,) = run("SELECT pg_backend_pid()", [])
    # What Django does when a request begins.
    connection.health_check_enabled = True
    connection.health_check_done = False
    connection.close_if_health_check_failed()
    assert run("SELECT pg_backend_pid()", []) == (own,)

    parameters = {
        k: v for k, v in connection.get_connection_params().items() if k not in ("cursor_factory", "context")
    }
    with psycopg.connect(**parameters, autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 5000)", [own]).fetchone() == (True,)
    connection.health_check_done = False
    connection.close_if_health_check_failed()
    (new,) = run("SELECT pg_backend_pid()", [])
    assert new != own


@pytest.mark.django_db
def test_a_statement_of_our_own_is_planned_once_per_connection() -> None:
    for _ in range(3):
        run("SELECT $1::int + 1", [41])
    ((count, uses),) = [
        run(
            "SELECT count(*), max(generic_plans + custom_plans) FROM pg_prepared_statements "
            "WHERE statement = 'SELECT $1::int + 1'",
            [],
        )
    ]
    assert (count, uses) == (1, 3)
