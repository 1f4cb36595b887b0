"""Pendapa: smart governance for a regency, from the study to the indicators."""

__version__ = "0.1.0"
