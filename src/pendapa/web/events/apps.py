"""Registration of the events app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The events app."""

    name = "pendapa.web.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"
