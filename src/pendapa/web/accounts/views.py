"""A person's own pages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from pendapa.web.accounts.inputs import ProfileForm
from pendapa.web.accounts.models import User


@login_required
def landing(request: HttpRequest) -> HttpResponse:
    """Bring each kind of person to where their work is."""
    user = request.user
    assert isinstance(user, User)
    if user.kind == User.Kind.CITIZEN:
        return redirect("cases:mine")
    if user.kind == User.Kind.ADMINISTRATOR:
        return redirect("organisation:overview")
    return redirect("cases:inbox")


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """What the person lets applications be prefilled with."""
    user = request.user
    assert isinstance(user, User)
    form = ProfileForm(
        request.POST or None, initial={"name": user.name, "nik": user.nik or "", "phone": user.phone or ""}
    )
    if request.method == "POST" and form.is_valid():
        user.name = form.cleaned_data["name"].strip()
        user.set_nik(form.cleaned_data["nik"])
        user.phone = form.cleaned_data["phone"] or None
        user.save(update_fields=["name", "nik", "nik_index", "phone"])
        messages.success(request, _("Profil Anda disimpan."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})
