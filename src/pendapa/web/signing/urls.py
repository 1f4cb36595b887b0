"""Addresses of signing and verifying."""

app_name = "signing"
urlpatterns: list[object] = []
