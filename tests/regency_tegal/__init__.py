"""The content of the example regency."""
