"""Addresses of the administrator's pages."""

from django.urls import path

from pendapa.web.organisation import views, views_moving

app_name = "organisation"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("layanan/<slug:slug>/", views.service_versions, name="service_versions"),
    path("layanan/<slug:slug>/<int:number>/pindahkan/", views_moving.propose, name="propose_move"),
    path("pemindahan/<int:run_id>/", views_moving.progress, name="move"),
    path("pemindahan/<int:run_id>/kembalikan/", views_moving.undo, name="undo_move"),
    path("orang/", views.people, name="people"),
    path("orang/undang/", views.invite, name="invite"),
    path("orang/<int:user_id>/", views.person, name="person"),
    path("orang/<int:user_id>/tempatkan/", views.place, name="place"),
    path("orang/<int:user_id>/undang-lagi/", views.invite_again, name="invite_again"),
    path("orang/<int:user_id>/tangguhkan/", views.suspend, name="suspend"),
    path("orang/<int:user_id>/pulihkan/", views.restore, name="restore"),
    path("penempatan/<int:placement_id>/akhiri/", views.end_placement, name="end_placement"),
    path("pesan/", views.messages, name="messages"),
    path("pesan/<int:message_id>/kirim-ulang/", views.resend, name="resend"),
    path("peristiwa/", views.events, name="events"),
]
