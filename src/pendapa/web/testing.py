"""Plug-in of the test runner (`-p pendapa.web.testing`): tests get a folder of their own for the site's data.

It must be a plug-in and not a conftest: the settings are read before any conftest.
"""

from __future__ import annotations

import os
import tempfile

import pytest

_OWN_VAR = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Point PENDAPA_VAR to an empty folder, so that keys and files of a real site are never touched."""
    folder = tempfile.TemporaryDirectory(prefix="pendapa-test-", ignore_cleanup_errors=True)
    early_config.stash[_OWN_VAR] = folder
    early_config.add_cleanup(folder.cleanup)
    os.environ["PENDAPA_VAR"] = folder.name
    # A developer's own database must not be mistaken for the tests' one.
    os.environ.pop("DATABASE_URL", None)
