"""The one error of this package."""


class DatabaseFault(Exception):
    """The database cannot be run or reached; the message is a sentence with the way out."""
