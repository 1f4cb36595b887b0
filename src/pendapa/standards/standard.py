"""A standard set: themes, indicators, their inputs, rules and published values, read from data files.

A set is a folder: set.toml, indicators.csv, inputs.csv and, where values are published, peers.csv. The sets of
the package are in `sets/`; nothing here knows one of them by name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from pendapa.expressions import Expression, ExpressionError, parse
from pendapa.standards.refusal import Fault, StandardsRefused
from pendapa.standards.tables import Row, as_number, read_rows
from pendapa.standards.wording import Said

SET_FILE = "set.toml"
DIRECTIONS = ("higher_better", "lower_better", "contextual")


@dataclass(frozen=True, slots=True)
class Input:
    """A number that a rule needs: its unit, what it counts, and between what it must lie."""

    name: str
    unit: str
    text: Said
    lowest: Decimal | None
    highest: Decimal | None


@dataclass(frozen=True, slots=True)
class Peer:
    """A value somebody published; `inputs` are the figures its source gives, empty if none."""

    place: str
    period: str
    value: Decimal
    unit: str
    inputs: Mapping[str, Decimal]
    kind: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. The first of `rules` whose inputs are all given makes the value.

    `direction` is one of DIRECTIONS. `owner` is the usual holder of the data. `to_confirm` is what nobody has
    confirmed about it, empty if nothing.
    """

    code: str
    theme: str
    name: Said
    unit: str
    unit_shown: Said
    direction: str
    owner: str
    rules: tuple[Expression, ...]
    inputs: Mapping[str, Input]
    to_confirm: str
    lowest: Decimal | None
    highest: Decimal | None
    peers: tuple[Peer, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A class of an index: from `start` on, up to the next band."""

    start: Decimal
    name: Said


@dataclass(frozen=True, slots=True)
class Index:
    """One figure over all indicators, only where the framework itself states one; names are i1, i2_1 ..."""

    name: Said
    rule: Expression
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """A set. `values_file` is the file of a folder that holds the values; `themes` by code, in order."""

    id: str
    title: Said
    edition: str
    remark: Said
    themes: Mapping[str, Said]
    indicators: Mapping[str, Indicator]
    index: Index | None

    @property
    def values_file(self) -> str:
        return f"{self.id}.csv"


def variable(code: str) -> str:
    """The name of an indicator in the rule of an index."""
    return "i" + code.replace(".", "_")


def standards() -> tuple[str, ...]:
    """The names of the sets that come with the package."""
    return tuple(sorted(entry.name for entry in _sets().iterdir() if entry.is_dir()))


@cache
def standard(name: str) -> Standard:
    """A set of the package. Raises KeyError for an unknown name."""
    if name not in standards():
        raise KeyError(name)
    return read_standard(_sets() / name)


def _sets() -> Traversable:
    return resources.files(__package__) / "sets"


def read_standard(folder: Traversable) -> Standard:
    """Read a set. Raises StandardsRefused with all faults of its rows, or what is wrong with set.toml."""
    about = _about(folder)
    faults: list[Fault] = []
    inputs: dict[str, dict[str, Input]] = {}
    for row in _rows(
        folder, "inputs.csv", ("code", "name", "unit", "lowest", "highest", "text_id", "text_en")
    ):
        bounds = as_number(row["lowest"]), as_number(row["highest"])
        named = Input(row["name"], row["unit"], Said(row["text_id"], row["text_en"]), *bounds)
        inputs.setdefault(row["code"], {})[named.name] = named
    peers = _peers(folder)
    themes: dict[str, Said] = {}
    indicators: dict[str, Indicator] = {}
    for row in _rows(folder, "indicators.csv", INDICATOR_COLUMNS):
        code = row["code"]
        themes.setdefault(row["theme"], Said(row["theme_id"], row["theme_en"]))
        if code in indicators:
            faults.append(Fault(row.where, f"{code} stands more than once", "give each its own code"))
        if row["direction"] not in DIRECTIONS:
            right = f"write one of {', '.join(DIRECTIONS)}"
            faults.append(Fault(row.where, f"{row['direction']!r} is no direction", right))
        try:
            rules = tuple(parse(row[head]) for head in ("rule", "other_rule") if row[head])
        except ExpressionError as error:
            faults.append(Fault(row.where, f"the rule cannot be read: {error}", "mend the expression"))
            continue
        unknown = {name for rule in rules for name in rule.inputs} ^ inputs.get(code, {}).keys()
        if unknown or not rules:
            wrong = f"rule and inputs.csv do not name the same inputs ({', '.join(sorted(unknown))})"
            faults.append(Fault(row.where, wrong, "describe each input that a rule uses"))
        indicators[code] = Indicator(
            code,
            row["theme"],
            Said(row["name_id"], row["name_en"]),
            row["unit"],
            Said(row["unit_id"], row["unit"]),
            row["direction"],
            row["owner"],
            rules,
            inputs.get(code, {}),
            row["to_confirm"],
            as_number(row["lowest"]),
            as_number(row["highest"]),
            tuple(peers.get(code, ())),
        )
    if faults:
        raise StandardsRefused(faults)
    index = _index(about, indicators)
    title, remark = _said(about["title"]), _said(about["remark"])
    return Standard(str(about["id"]), title, str(about["edition"]), remark, themes, indicators, index)


INDICATOR_COLUMNS = (
    *("code", "theme", "theme_id", "theme_en", "name_id", "name_en", "rule", "other_rule", "unit"),
    *("unit_id", "direction", "lowest", "highest", "owner", "to_confirm"),
)
PEER_COLUMNS = ("place", "period", "code", "value", "unit", "inputs", "kind", "source", "note")


def _rows(folder: Traversable, name: str, columns: tuple[str, ...]) -> tuple[Row, ...]:
    return read_rows(_bytes(folder, name), name, columns)


def _bytes(folder: Traversable, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        right = "a set has set.toml, indicators.csv and inputs.csv"
        raise StandardsRefused([Fault(name, error.strerror or "it cannot be read", right)]) from error


def _about(folder: Traversable) -> dict[str, object]:
    try:
        about = tomllib.loads(_bytes(folder, SET_FILE).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StandardsRefused([Fault(SET_FILE, f"this is not TOML ({error})", "mend it")]) from error
    faults = [
        Fault(SET_FILE, f"{name} is missing", f'write {name} = "..."')
        for name in ("id", "edition")
        if not about.get(name)
    ]
    faults += [
        Fault(SET_FILE, f"{name} is not said in both languages", f"write [{name}] with id and en")
        for name in ("title", "remark")
        if not _is_said(about.get(name))
    ]
    if faults:
        raise StandardsRefused(faults)
    return about


def _is_said(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(language), str) for language in ("id", "en"))


def _said(value: object) -> Said:
    assert isinstance(value, dict)
    return Said(value["id"], value["en"])


def _peers(folder: Traversable) -> dict[str, list[Peer]]:
    found: dict[str, list[Peer]] = {}
    if not (folder / "peers.csv").is_file():
        return found
    faults = []
    for row in _rows(folder, "peers.csv", PEER_COLUMNS):
        pairs = [part.partition("=") for part in row["inputs"].split(";") if part]
        inputs = {name: number for name, _, text in pairs if (number := as_number(text)) is not None}
        value = as_number(row["value"])
        if value is None or len(inputs) != len(pairs):
            right = "write value as a number, and inputs as name=number;name=number"
            faults.append(Fault(row.where, "the published value cannot be read", right))
            continue
        facts = (row["kind"], row["source"], row["note"])
        peer = Peer(row["place"], row["period"], value, row["unit"], inputs, *facts)
        found.setdefault(row["code"], []).append(peer)
    if faults:
        raise StandardsRefused(faults)
    return found


def _index(about: Mapping[str, object], indicators: Mapping[str, Indicator]) -> Index | None:
    stated = about.get("index")
    if stated is None:
        return None
    if not isinstance(stated, dict) or not _is_said(stated.get("name")):
        right = "write name = { id = ..., en = ... } under [index]"
        raise StandardsRefused([Fault(SET_FILE, "index has no name", right)])
    try:
        rule = parse(str(stated.get("rule", "")))
    except ExpressionError as error:
        wrong = f"the rule of the index cannot be read: {error}"
        raise StandardsRefused([Fault(SET_FILE, wrong, "mend it")]) from error
    unknown = rule.inputs - {variable(code) for code in indicators}
    if unknown:
        wrong = f"the rule of the index names {', '.join(sorted(unknown))}, which no indicator is"
        raise StandardsRefused([Fault(SET_FILE, wrong, "write i and the code, as i1 or i10_2")])
    bands: list[Band] = []
    for band in stated.get("bands", []):
        start = as_number(str(band.get("from"))) if _is_said(band) else None
        if start is None or (bands and start <= bands[-1].start):
            right = 'write { from = "1.50", id = ..., en = ... }, each from higher than the one before'
            raise StandardsRefused([Fault(SET_FILE, f"a band of the index is not right: {band}", right)])
        bands.append(Band(start, _said(band)))
    return Index(_said(stated["name"]), rule, tuple(bands))
