"""Pictures: BPMN drawn to SVG from the file's own layout."""

from pendapa.charts.bpmn import draw
from pendapa.charts.diagram import DrawingRefused

__all__ = ["DrawingRefused", "draw"]
