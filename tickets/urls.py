"""Addresses of accounts, routing rules and saved views."""

from django.urls import path

from tickets.views import accounts, finding, routing, saved_views

urlpatterns = [
    path("find/", finding.find, name="find"),
    path("inbox/views/keep/", saved_views.keep, name="view-keep"),
    path("inbox/views/<int:pk>/discard/", saved_views.discard, name="view-discard"),
    path("routing/", routing.rules, name="routing"),
    path("routing/dry-run/", routing.dry_run, name="routing-dry-run"),
    path("routing/rules/<slug:key>/", routing.rule, name="routing-rule"),
    path("accounts/new/", accounts.connect, name="account-new"),
    path("accounts/<int:pk>/pause/", accounts.pause, name="account-pause"),
    path("accounts/<int:pk>/resume/", accounts.resume, name="account-resume"),
]
