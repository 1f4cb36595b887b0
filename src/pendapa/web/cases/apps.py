"""Registration of the cases app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases app."""

    name = "pendapa.web.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
