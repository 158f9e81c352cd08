"""Addresses of guidelines and saved replies."""

from django.urls import path

from approvals.views import guidelines, saved_replies

urlpatterns = [
    path("tickets/<int:number>/saved-replies/", saved_replies.search, name="saved-reply-search"),
    path(
        "tickets/<int:number>/saved-replies/<int:pk>/use/",
        saved_replies.use,
        name="saved-reply-use",
    ),
    path("saved-replies/", saved_replies.listing, name="saved-replies"),
    path("saved-replies/new/", saved_replies.edit, name="saved-reply-new"),
    path("saved-replies/<int:pk>/", saved_replies.edit, name="saved-reply"),
    path("guidelines/", guidelines.show, name="guidelines-home"),
    path("guidelines/<slug:scope>/", guidelines.show, name="guidelines"),
    path("guidelines/<slug:scope>/edit/", guidelines.edit, name="guideline-edit"),
    path(
        "guidelines/<slug:scope>/edit/<slug:number>/<slug:place>/",
        guidelines.check,
        name="guideline-check",
    ),
    path("guideline-versions/<int:pk>/confirm/", guidelines.confirm, name="guideline-confirm"),
]
