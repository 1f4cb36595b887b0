"""What the rest of a regency folder refers to: agencies, positions, numbering classes, life events."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pendapa.regency.faults import FaultLog, nearest
from pendapa.regency.records import Position


@dataclass(frozen=True, slots=True)
class Organisation:
    """Known codes. None means the file could not be read: then references to it are not judged."""

    agencies: Mapping[str, str] | None
    positions: Mapping[str, Position] | None
    letter_classes: Collection[str] | None
    life_events: Collection[str] | None

    def know_agency(self, where: str, code: str, log: FaultLog) -> None:
        """Note a fault when an agency's code is not known; an empty one is not judged."""
        if code and self.agencies is not None and code not in self.agencies:
            log.fault(
                where, f'unknown agency "{code}"', nearest(code, self.agencies, "add it to agencies.csv")
            )

    def know_position(self, where: str, code: str, log: FaultLog) -> None:
        """Note a fault when a position's code is not known; an empty one is not judged."""
        if code and self.positions is not None and code not in self.positions:
            log.fault(
                where, f'unknown position "{code}"', nearest(code, self.positions, "add it to positions.csv")
            )

    def know_letter_class(self, where: str, code: str, log: FaultLog) -> None:
        """Note a fault when a numbering class is not known; an empty one is not judged."""
        if code and self.letter_classes is not None and code not in self.letter_classes:
            right = nearest(code, self.letter_classes, f"add [classes.{code}] to numbering.toml")
            log.fault(where, f'unknown letter class "{code}"', right)

    def know_role(self, at: str, role: str, agency: str, log: FaultLog) -> None:
        """Note a fault when an agency has no position with that role. `at` is the place of the table."""
        if self.positions is None or self.agencies is None:
            return
        if agency not in self.agencies:
            self.know_agency(f"{at}.agency", agency, log)
        elif not any(p.agency == agency and p.role == role for p in self.positions.values()):
            log.fault(
                f"{at}.role",
                f'{agency} has no position with the role "{role}"',
                "name another role or agency",
            )

    def may_sign(self, where: str, code: str, log: FaultLog) -> None:
        """Note a fault when a known position does not sign."""
        position = (self.positions or {}).get(code)
        if position is not None and not position.signs:
            log.fault(where, f"{code} does not sign", "name a position whose column signs is yes")

    def names_agency(self, name: str) -> bool:
        """Whether a lane's name is the code or the Indonesian name of an agency."""
        agencies = self.agencies or {}
        return name in agencies or name in agencies.values() or self.agencies is None
