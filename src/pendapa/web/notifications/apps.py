"""Registration of the notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The notifications app."""

    name = "pendapa.web.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
