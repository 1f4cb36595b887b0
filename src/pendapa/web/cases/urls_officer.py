"""Addresses of officers, included under `cases`."""

from django.urls import path

from pendapa.web.cases import views_inbox, views_task

urlpatterns = [
    path("tugas/", views_inbox.show_inbox, name="inbox"),
    path("tugas/<int:pk>/", views_task.show_task, name="task"),
    path("tugas/<int:pk>/ambil/", views_task.claim, name="claim"),
    path("tugas/<int:pk>/lepas/", views_task.release, name="release"),
    path("tugas/<int:pk>/alihkan/", views_task.reassign, name="reassign"),
    path("tugas/<int:pk>/catatan/", views_task.task_note, name="task_note"),
    path("kasus/<str:number>/", views_task.officer_case, name="officer_case"),
    path(
        "kasus/<str:number>/lampiran/<uuid:attachment_id>/",
        views_task.officer_attachment,
        name="officer_attachment",
    ),
    path("kotak-keluar/", views_inbox.outbox, name="outbox"),
    path("kotak-keluar/<int:pk>/kirim-ulang/", views_inbox.message_resend, name="message_resend"),
]
