"""scipy is heavy: it comes with the tasks that need it, not with the command or the site."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "code",
    [
        "import django; django.setup(); import pendapa.web.urls",
        "from pendapa.cli import main; main([])",
        "from pendapa.cli import main\ntry: main(['study', 'statistics', '--help'])\nexcept SystemExit: pass",
    ],
    ids=["site", "cli", "help"],
)
def test_neither_numpy_nor_scipy_is_imported(code: str) -> None:
    ask = "import sys; print(sorted({'numpy', 'scipy'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{ask}"], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr
