"""Addresses of signing and verifying."""

from django.urls import path

from pendapa.web.signing import views, views_verify

app_name = "signing"
urlpatterns = [
    path("tanda-tangan/", views.tray, name="tray"),
    path("tanda-tangan/hasil/", views.results, name="results"),
    path("tanda-tangan/banyak/", views.sign_many, name="sign_many"),
    path("tanda-tangan/<int:pk>/", views.letter, name="letter"),
    path("tanda-tangan/<int:pk>/surat.pdf", views.letter_pdf, name="letter_pdf"),
    path("tanda-tangan/<int:pk>/tandatangani/", views.sign, name="sign"),
    path("tanda-tangan/<int:pk>/kembalikan/", views.send_back, name="send_back"),
    path("register/", views.register, name="register"),
    path("dokumen/<str:code>.pdf", views.document_pdf, name="document_pdf"),
    path("dokumen/<str:code>/", views.document, name="document"),
    path("dokumen/<str:code>/cabut/", views.revoke, name="revoke"),
    path("verify/", views_verify.verify, name="verify"),
    path("verify/<str:code>/", views_verify.verify_code, name="verify_code"),
]
