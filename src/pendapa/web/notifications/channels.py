"""The port through which messages leave: e-mail today, SMS and WhatsApp by further classes of the same shape."""

from __future__ import annotations

from typing import Protocol

from django.core.mail import EmailMessage


class NotDelivered(Exception):
    """The channel did not take the message; it is tried again later."""


class Channel(Protocol):
    """One way to reach a person."""

    def send(self, address: str, subject: str, body: str, *, message_id: str) -> None:
        """Hand over one message. `message_id` stays the same when it is tried again. Raises NotDelivered."""
        ...


class Email:
    """Plain-text e-mail through Django's backend: files in the demo, SMTP by setting."""

    def send(self, address: str, subject: str, body: str, *, message_id: str) -> None:
        try:
            EmailMessage(
                subject=subject,
                body=body,
                to=[address],
                headers={"Message-ID": f"<{message_id}@pendapa.invalid>"},
            ).send()
        except OSError as error:
            raise NotDelivered(str(error)) from error


CHANNELS: dict[str, Channel] = {"email": Email()}
