"""Addresses of a person's own pages. Signing in and out is allauth's, under the same prefix."""

from django.urls import path

from pendapa.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("profil/", views.profile, name="profile"),
]
