"""Addresses of the catalogue, and the choice of language."""

from django.urls import path

from pendapa.web.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.home, name="home"),
    path("bahasa/", views.choose_language, name="language"),
    path("layanan/", views.services, name="services"),
    path("layanan/peristiwa/<slug:code>/", views.life_event, name="life_event"),
    path("layanan/instansi/<str:code>/", views.agency, name="agency"),
    path("layanan/gambar/<int:version>/<str:name>", views.picture, name="picture"),
    path("layanan/<slug:slug>/", views.service, name="service"),
]
