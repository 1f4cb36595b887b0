"""The examples in the docstrings of the engine run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import pendapa.study

MODULES = sorted(
    found.name for found in pkgutil.iter_modules(pendapa.study.__path__, "pendapa.study.") if not found.ispkg
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_the_module(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    assert sum(doctest.testmod(importlib.import_module(name)).attempted for name in MODULES) > 5
