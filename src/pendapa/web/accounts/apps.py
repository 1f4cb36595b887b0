"""Registration of the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts app."""

    name = "pendapa.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
