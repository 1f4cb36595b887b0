"""Registration of the organisation app."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """The organisation app."""

    name = "pendapa.web.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"
