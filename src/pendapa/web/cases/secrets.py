"""Codes that stand for an account: typed from paper, so short, without letters that look alike."""

from __future__ import annotations

import secrets

from pendapa.web.sealed import blind_index

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U


def new_code(length: int = 10) -> str:
    """A random code; ten characters are 49 bits, guessed only through the rate limit."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def code_hash(code: str) -> bytes:
    """What is stored of a code. Case, spaces and dashes do not matter."""
    return blind_index(code.upper().replace("-", ""), "case-code")


def shown(code: str) -> str:
    """In groups of five for reading aloud: 'ABCDE-FGHJK'."""
    return "-".join(code[i : i + 5] for i in range(0, len(code), 5))
