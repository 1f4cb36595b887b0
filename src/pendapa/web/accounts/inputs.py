"""What people type about themselves."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pendapa.web.accounts.models import User


class SignupDetails(forms.Form):
    """The one question besides e-mail and password."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=150)

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"].strip()
        user.save(update_fields=["name"])


class ProfileForm(forms.Form):
    """What an application may be prefilled with."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=150)
    nik = forms.RegexField(
        label=_("NIK"),
        regex=r"^\d{16}$",
        required=False,
        error_messages={"invalid": _("NIK terdiri dari 16 angka. Periksa kembali pada KTP Anda.")},
    )
    phone = forms.RegexField(
        label=_("Nomor HP"),
        regex=r"^\+?[0-9 ()-]{8,20}$",
        required=False,
        error_messages={"invalid": _("Isi nomor HP dengan angka, misalnya 081234567890.")},
    )
