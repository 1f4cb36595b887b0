"""Addresses of bills."""

from django.urls import path

from pendapa.web.payments import views

app_name = "payments"
urlpatterns = [
    path("berkas/<str:number>/bayar/", views.proof, name="proof"),
    path("tagihan/", views.collect, name="collect"),
    path("tagihan/<int:pk>/uang-masuk/", views.money_found, name="money_found"),
]
