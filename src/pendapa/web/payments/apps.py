"""Registration of the payments app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """The payments app."""

    name = "pendapa.web.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
