"""Addresses of applications and cases; those of officers stand in `urls_officer`."""

from django.urls import include, path, register_converter

from pendapa.web.cases import (
    views_change,
    views_draft,
    views_objection,
    views_pages,
    views_submit,
    views_track,
)
from pendapa.web.cases.repeats import EntryConverter

register_converter(EntryConverter, "entry")
app_name = "cases"
urlpatterns = [
    path("layanan/<slug:slug>/ajukan/", views_draft.start, name="start"),
    path("draf/<uuid:draft_id>/", views_draft.draft_open, name="draft_open"),
    path("draf/<uuid:draft_id>/<int:step>/", views_pages.draft_page, name="draft_page"),
    path("draf/<uuid:draft_id>/<int:step>/<entry:entry>/", views_pages.draft_repeat, name="draft_repeat"),
    path(
        "draf/<uuid:draft_id>/<int:step>/<entry:entry>/hapus/",
        views_pages.draft_repeat_remove,
        name="draft_repeat_remove",
    ),
    path("draf/<uuid:draft_id>/nanti/", views_draft.draft_saved, name="draft_saved"),
    path("draf/<uuid:draft_id>/periksa/", views_submit.draft_review, name="draft_review"),
    path("draf/<uuid:draft_id>/kirim/", views_submit.submit, name="submit"),
    path(
        "draf/<uuid:draft_id>/lampiran/<uuid:attachment_id>/",
        views_track.draft_attachment,
        name="draft_attachment",
    ),
    path("lacak/", views_track.track_lookup, name="track_lookup"),
    path("berkas/", views_track.mine, name="mine"),
    path("berkas/<str:number>/", views_track.track, name="track"),
    path("berkas/<str:number>/tanda-terima/", views_track.receipt, name="receipt"),
    path("berkas/<str:number>/tanda-terima.pdf", views_track.receipt_pdf, name="receipt_pdf"),
    path("berkas/<str:number>/jawaban/", views_track.answers, name="answers"),
    path("berkas/<str:number>/perbaiki/", views_change.correct, name="correct"),
    path("berkas/<str:number>/batal/", views_change.withdraw, name="withdraw"),
    path("berkas/<str:number>/keberatan/", views_objection.object_to, name="object_to"),
    path("berkas/<str:number>/banding/", views_objection.appeal, name="appeal"),
    path("berkas/<str:number>/alur/", views_track.process_page, name="process_page"),
    path("berkas/<str:number>/alur.svg", views_track.process_drawing, name="process_drawing"),
    path("berkas/<str:number>/lampiran/<uuid:attachment_id>/", views_track.attachment, name="attachment"),
    path("berkas/<str:number>/surat/<str:code>.pdf", views_track.document, name="document"),
    path("", include("pendapa.web.cases.urls_officer")),
]
