"""Addresses of the outbox."""

from django.urls import path

from posting.views import outbox

urlpatterns = [
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/list/", outbox.outbox_list, name="outbox-list"),
    path("outbox/known/", outbox.know, name="posts-known"),
    path("outbox/<int:pk>/<slug:verb>/", outbox.settle, name="settle"),
]
