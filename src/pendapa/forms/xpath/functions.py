"""The function table: XPath 1.0's core and OpenRosa's additions. Dates stand here, the rest beside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pendapa.forms.xpath import arithmetic, dates, nodesets, strings
from pendapa.forms.xpath.compiler import Compiler, Function, ValueOf
from pendapa.forms.xpath.nodes import Context, Environment
from pendapa.forms.xpath.syntax import Call, Expr, walk
from pendapa.forms.xpath.table import FUNCTIONS, VOLATILE, simple
from pendapa.forms.xpath.values import (
    NAN,
    Value,
    date_to_text,
    number_to_text,
    to_date,
    to_text,
    utc_days,
)


def _moment(name: str, whole_days: bool) -> None:
    def build(compiler: Compiler, arguments: Sequence[Expr]) -> ValueOf:
        value = compiler.value(arguments[0])

        def run(c: Context) -> Value:
            found = to_date(value(c), c.env)
            if whole_days and isinstance(found, datetime) and not c.env.utc_days:
                return found.astimezone(c.env.zone).date()
            return "" if found is None else found

        return run

    FUNCTIONS[name] = Function("any", 1, 1, build)


_moment("date", whole_days=True)
_moment("date-time", whole_days=False)


def _decimal_date(env: Environment, value: Value) -> float:
    moment = to_date(value, env)
    return NAN if moment is None else utc_days(moment, env)


simple("today", "any", "", lambda env: env.now.date())
simple("now", "any", "", lambda env: env.now)
simple("decimal-date-time", "number", "v", _decimal_date)
simple("decimal-time", "number", "t", lambda env, t: dates.decimal_time(t, env))
simple("format-date", "text", "vt", lambda env, v, t: dates.format_date(to_date(v, env), t))
simple("format-date-time", "text", "vt", lambda env, v, t: dates.format_date(to_date(v, env), t))


def calls(tree: Expr, names: frozenset[str]) -> bool:
    """Whether the expression calls one of these functions."""
    return any(isinstance(part, Call) and part.name in names for part in walk(tree))


def text_of(value: Value) -> str:
    """An expression's result as it is stored in an instance: NaN is blank."""
    if isinstance(value, float):
        return "" if value != value else number_to_text(value)
    if isinstance(value, (bool, str, list)):
        return to_text(value)
    return date_to_text(value)


__all__ = ["FUNCTIONS", "VOLATILE", "arithmetic", "calls", "nodesets", "strings", "text_of"]
