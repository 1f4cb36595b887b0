"""The tuned way to the database: prepared statements, and rows of several tables written by one of them.

An action that writes ten rows of six tables through the ORM spends more time on composing and sending statements than
the database on the rows. `RowChanges` gathers them and writes all with one statement of data-modifying parts, which the
server plans once per connection. Foreign keys are deferred (as Django declares them), so the order does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import psycopg
from django.db import connections, models

from pendapa.web.sealed import SealedField

_Row = TypeVar("_Row", bound=models.Model)

# Of these fields the attribute is what the driver takes; others (JSON, sealed) are prepared by their field.
_PLAIN = (
    models.AutoField,
    models.BinaryField,
    models.BooleanField,
    models.CharField,
    models.DateField,
    models.ForeignKey,
    models.IntegerField,
    models.UUIDField,
)


class _Prepared(psycopg.RawCursor[Any]):
    """A cursor for `$1` placeholders whose statements are planned once per connection."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)


def run(statement: str, values: Sequence[Any]) -> Any:
    """Run one prepared statement with `$1` placeholders inside Django's connection; its first row, or None.

    It takes part in the open transaction, counts as a query and raises Django's exceptions like any other.
    """
    found = select(statement, values)
    return found[0] if found else None


def select(statement: str, values: Sequence[Any]) -> list[Any]:
    """Run one prepared statement like `run`; all its rows."""
    connection: Any = connections["default"]
    connection.ensure_connection()
    with (
        connection.wrap_database_errors,
        connection._prepare_cursor(_Prepared(connection.connection)) as cursor,
    ):
        cursor.execute(statement, values)
        # Not `description`: it makes an object of each column.
        rows: list[Any] = cursor.fetchall() if cursor.pgresult.nfields else []
        return rows


def read(model: type[_Row], rest: str, values: Sequence[Any]) -> list[_Row]:
    """Rows of a model by a prepared statement; `rest` follows its FROM: `read(Pause, "WHERE case_id = $1", [7])`."""
    return [row for row, _beside in read_beside(model, (), rest, values)]


def read_beside(
    model: type[_Row], beside: Sequence[str], rest: str, values: Sequence[Any]
) -> list[tuple[_Row, list[Any]]]:
    """Rows of a model like `read`, each with the values of the SQL expressions `beside` it."""
    columns, table, names, converters = _selected(model)
    found: list[tuple[_Row, list[Any]]] = []
    for values_of_row in select(f"SELECT {', '.join([columns, *beside])} FROM {table} {rest}", values):  # noqa: S608
        row_values = list(values_of_row[: len(names)])
        for number, convert in converters:
            row_values[number] = convert(row_values[number], None, None)
        found.append((model.from_db("default", names, row_values), list(values_of_row[len(names) :])))
    return found


@cache
def _selected(model: type[models.Model]) -> tuple[str, str, list[str], list[tuple[int, Any]]]:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{f.column}"' for f in fields)
    converters = [(n, f.from_db_value) for n, f in enumerate(fields) if hasattr(f, "from_db_value")]
    names = [f.attname for f in fields]
    return columns, f'"{model._meta.db_table}"', names, converters


class _Column:
    """How one column of a model is written."""

    def __init__(self, field: models.Field[Any, Any]) -> None:
        self.field = field
        self.name = f'"{field.column}"'
        self.attribute = field.attname
        self.plain = isinstance(field, _PLAIN) and not isinstance(field, SealedField)
        assert not getattr(field, "auto_now", False) and not getattr(field, "auto_now_add", False), field

    def prepared(self, value: Any) -> Any:
        if value is None or self.plain:
            return value
        return self.field.get_db_prep_save(value, connections["default"])


@cache
def _columns(model: type[models.Model]) -> Mapping[str, _Column]:
    return {field.attname: _Column(field) for field in model._meta.local_concrete_fields}


@cache
def _inserted(model: type[models.Model], with_key: bool) -> tuple[tuple[_Column, ...], str]:
    key = model._meta.pk
    assert key is not None
    columns = tuple(c for c in _columns(model).values() if with_key or not c.field.primary_key)
    return columns, f'INSERT INTO "{model._meta.db_table}" ({", ".join(c.name for c in columns)}) VALUES '  # noqa: S608


@cache
def _places(given: int, count: int) -> str:
    """The placeholders of one row of values: `(3, 2)` gives `($4, $5)`."""
    return "(" + ", ".join(f"${number}" for number in range(given + 1, given + count + 1)) + ")"


class RowChanges:
    """Rows to insert, update and delete, written together by `write`. No row may be named twice."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._values: list[Any] = []
        self._made: list[tuple[str, Sequence[models.Model]]] = []

    def _place(self, value: Any) -> str:
        self._values.append(value)
        return f"${len(self._values)}"

    def insert(self, rows: Sequence[models.Model]) -> None:
        """Insert rows of one model; after `write` they know their keys."""
        if not rows:
            return
        key = _key(type(rows[0]))
        columns, begin = _inserted(type(rows[0]), rows[0].pk is not None)
        lines = []
        for row in rows:
            lines.append(_places(len(self._values), len(columns)))
            self._values += [c.prepared(getattr(row, c.attribute)) for c in columns]
        self._made.append((f"ARRAY(SELECT {key} FROM p{len(self._parts)})", rows))  # noqa: S608 - our own names
        self._parts.append(f"{begin}{', '.join(lines)} RETURNING {key}")

    def update(self, model: type[models.Model], keys: Iterable[Any], changes: Mapping[str, Any]) -> None:
        """Set columns (by attribute name) of the rows with these keys. Nothing to set: nothing happens."""
        keys = list(keys)
        if not keys or not changes:
            return
        columns = _columns(model)
        values = ", ".join(
            f"{columns[name].name} = {self._place(columns[name].prepared(value))}"
            for name, value in changes.items()
        )
        where = f"{_key(model)} = " + (
            self._place(keys[0]) if len(keys) == 1 else f"ANY({self._place(keys)})"
        )
        self._parts.append(f'UPDATE "{model._meta.db_table}" SET {values} WHERE {where}')  # noqa: S608

    def delete(self, model: type[models.Model], keys: Sequence[Any]) -> None:
        """Delete the rows with these keys; for models that nothing else points to."""
        if keys:
            place = self._place(list(keys))
            self._parts.append(f'DELETE FROM "{model._meta.db_table}" WHERE {_key(model)} = ANY({place})')  # noqa: S608

    def write(self) -> None:
        """Write everything. Raises IntegrityError, with nothing written, when a constraint does not hold."""
        if not self._parts:
            return
        parts = ", ".join([f"p{number} AS ({part})" for number, part in enumerate(self._parts)])
        keys = ", ".join([select for select, _rows in self._made]) or "1"
        found = run(f"WITH {parts} SELECT {keys}", self._values)
        for (_select, rows), made in zip(self._made, found, strict=False):
            for row, key in zip(rows, made, strict=True):
                row.pk = key
                row._state.adding, row._state.db = False, "default"
        self._parts, self._values, self._made = [], [], []


def _key(model: type[models.Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return f'"{key.column}"'
