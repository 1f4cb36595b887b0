"""Registration of the signing app."""

from django.apps import AppConfig


class SigningConfig(AppConfig):
    """The signing app."""

    name = "pendapa.web.signing"
    label = "signing"
    default_auto_field = "django.db.models.BigAutoField"
