"""A browser of the distribution on pages served from the test database."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _gallery_addresses() -> None:
    """Tests are imported by path; Django wants its addresses under a name."""
    spec = importlib.util.spec_from_file_location("tests_web_look_urls", Path(__file__).parent / "urls.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
