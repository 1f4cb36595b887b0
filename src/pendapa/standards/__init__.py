"""Published frameworks as data, and values assessed against them. See docs/standards.md."""

from pendapa.standards.refusal import Fault, StandardsRefused
from pendapa.standards.reported import read_reported
from pendapa.standards.scorecard import Scorecard, score
from pendapa.standards.standard import Standard, read_standard, standard, standards

__all__ = [
    "Fault",
    "Scorecard",
    "Standard",
    "StandardsRefused",
    "read_reported",
    "read_standard",
    "score",
    "standard",
    "standards",
]
