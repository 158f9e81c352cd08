"""Addresses of one's notices."""

from django.urls import path

from notices import views

urlpatterns = [
    path("notices/", views.listing, name="notices"),
    path("notices/new/", views.newest, name="notices-new"),
    path("notices/choices/", views.choices, name="notice-choices"),
]
