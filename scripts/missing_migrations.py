"""Say which models changed without a migration, without asking a database. 0 none, 1 some."""

from __future__ import annotations

import sys

import django
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.utils import translation


def main() -> int:
    """Compare the models with the state after all migrations."""
    django.setup()
    translation.deactivate_all()  # migrations hold the source texts
    loader = MigrationLoader(None)
    if conflicts := loader.detect_conflicts():
        sys.stderr.write(f"Two last migrations stand side by side: {conflicts}. Make a merge migration.\n")
        return 1
    questioner = NonInteractiveMigrationQuestioner(specified_apps=set(), dry_run=True)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps), questioner)
    changes = detector.changes(graph=loader.graph)
    for app, migrations in changes.items():
        for migration in migrations:
            for operation in migration.operations:
                sys.stderr.write(f"{app}: {operation.describe()}: no migration does this.\n")
    if changes:
        sys.stderr.write("Run '.venv/bin/pendapa manage makemigrations'.\n")
    return 1 if changes else 0


if __name__ == "__main__":
    sys.exit(main())
