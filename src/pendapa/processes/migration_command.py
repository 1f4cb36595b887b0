"""`pendapa process migrate`: the map between two versions, and which cases can go over."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pendapa.processes import NodeMap, Process, Reason, State, Verdict


def add_arguments(migrate: argparse.ArgumentParser) -> None:
    migrate.add_argument("old", metavar="OLD.bpmn", type=Path)
    migrate.add_argument("new", metavar="NEW.bpmn", type=Path)
    migrate.add_argument(
        "--with",
        dest="others",
        metavar="FILE",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        help="what both versions call",
    )
    migrate.add_argument("--map", metavar="MAP.json", type=Path, help='{"OLD_ID": "NEW_ID" or null, ...}')
    migrate.add_argument(
        "--states", metavar="STATES.json", type=Path, help='a list of states, or of {"steps": [...]}'
    )
    migrate.add_argument("--json", action="store_true", help="JSON alone on standard output")


def run(args: argparse.Namespace) -> int:
    from pendapa.processes import check_migration, propose_map
    from pendapa.processes.command import load_file, read_json

    old, new = load_file(args.old, args.others), load_file(args.new, args.others)
    path = args.map
    try:
        node_map = propose_map(old, new, {} if path is None else _given(read_json(path)))
        path = args.states
        rows = [] if path is None else _list(read_json(path))
        cases = [_case(old, row, position) for position, row in enumerate(rows, 1)]
    except ValueError as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return 1
    verdicts = [(name, check_migration(old, new, node_map, state)) for name, state in cases]
    if args.json:
        report = {**node_map.to_json(), "verdicts": [_row(name, verdict) for name, verdict in verdicts]}
        print(json.dumps(report, ensure_ascii=False))
    else:
        _tell(node_map, verdicts)
    return 0


def _given(data: Any) -> dict[str, str | None]:
    if not isinstance(data, dict) or not all(isinstance(v, str) or v is None for v in data.values()):
        raise ValueError('The map is no object of ids. Write {"OLD_ID": "NEW_ID", "GONE_ID": null}.')
    return data


def _list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise ValueError('The states are no list. Write [{"tokens": [...], "variables": {}, "serial": 1}].')
    return data


def _case(old: Process, row: Any, position: int) -> tuple[str, State]:
    """A case and its name: its state as `State.to_json` writes it, or the steps that lead there."""
    from pendapa.processes import State
    from pendapa.processes.walking import play

    name = str(row.get("case", position)) if isinstance(row, dict) else str(position)
    try:
        if "steps" in row:
            return name, play(old, row["steps"])[0]
        return name, State.from_json(row)
    except ValueError as error:
        raise ValueError(f"state {name}: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f'state {name}: it is no state. Write {{"tokens": [...], "variables": {{}}, "serial": 1}} '
            'or {"steps": [...]}.'
        ) from error


def _row(name: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "case": name,
        "possible": verdict.possible,
        "reasons": [_reason(reason) for reason in verdict.reasons],
        "warnings": [_reason(warning) for warning in verdict.warnings],
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {"kind": reason.kind, "element": reason.element, "name": reason.name, "text": str(reason)}


def _tell(node_map: NodeMap, verdicts: list[tuple[str, Verdict]]) -> None:
    for match in node_map.matches:
        print(f"{match.old} -> {match.new or '(none)'}: {match.sure}, {match.why}")
    for added in node_map.added:
        print(f"(new) -> {added}")
    for name, verdict in verdicts:
        print(f"case {name}: {'possible' if verdict.possible else 'refused'}")
        for reason in (*verdict.reasons, *verdict.warnings):
            print(f"  {reason}")
    if verdicts:
        print(f"{sum(v.possible for _, v in verdicts)} of {len(verdicts)} cases can go over.")
