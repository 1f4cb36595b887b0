"""Addresses of the administrator's pages."""

app_name = "organisation"
urlpatterns: list[object] = []
