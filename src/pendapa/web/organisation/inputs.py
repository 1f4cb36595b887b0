"""What an administrator types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pendapa.web.accounts.models import User
from pendapa.web.organisation.administration import open_positions
from pendapa.web.organisation.models import Placement, Position

KINDS = [
    (Placement.Kind.DEFINITIVE, _("Definitif")),
    (Placement.Kind.PLT, _("Plt. (jabatan kosong)")),
    (Placement.Kind.PLH, _("Plh. (pejabat berhalangan)")),
]


class _PositionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.agency.name_id} - {obj.title_id}"


class PlacementForm(forms.Form):
    """A position, how it is held, between which days."""

    position = _PositionChoice(label=_("Jabatan"), queryset=Position.objects.none())
    kind = forms.ChoiceField(
        label=_("Cara memegang jabatan"), choices=KINDS, initial=Placement.Kind.DEFINITIVE
    )
    decree = forms.CharField(
        label=_("Nomor surat keputusan atau surat perintah"),
        max_length=200,
        required=False,
        help_text=_("Wajib untuk Plt. dan Plh."),
    )
    starts = forms.DateField(label=_("Hari pertama"), widget=forms.DateInput(attrs={"type": "date"}))
    ends = forms.DateField(
        label=_("Hari terakhir"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Wajib untuk Plt. dan Plh.; kosongkan bila definitif dan belum ada batasnya."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].queryset = open_positions()  # type: ignore[attr-defined]


class InvitationForm(PlacementForm):
    """A new officer or administrator, and if wanted the position they start in."""

    name = forms.CharField(label=_("Nama lengkap"), max_length=150)
    email = forms.EmailField(label=_("Email kedinasan"))
    person_kind = forms.ChoiceField(
        label=_("Jenis akun"),
        choices=[
            (User.Kind.OFFICER, _("Petugas atau pejabat")),
            (User.Kind.ADMINISTRATOR, _("Administrator")),
        ],
        initial=User.Kind.OFFICER,
    )
    field_order = ["name", "email", "person_kind", "position", "kind", "decree", "starts", "ends"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.fields["position"].help_text = _("Boleh diisi nanti, dari halaman orangnya.")
        self.fields["kind"].required = False
        self.fields["starts"].required = False

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("position") and not given.get("starts") and "starts" not in self.errors:
            self.add_error("starts", _("Isi hari pertama di jabatan itu."))
        return given


class EndForm(forms.Form):
    """The last day of a placement."""

    last_day = forms.DateField(
        label=_("Hari terakhir"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Pilih tanggal kemarin bila harus berakhir sekarang juga."),
    )


def key_of(text: str) -> int | None:
    """The `after` key of a list's address; None where it is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
