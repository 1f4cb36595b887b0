"""Addresses of applications, cases and tasks."""

app_name = "cases"
urlpatterns: list[object] = []
