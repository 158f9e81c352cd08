"""Addresses of inbox and ticket."""

from django.urls import path

from tickets.views import accounts, inbox, routing, saved_views, several, ticket

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/list/", inbox.inbox_list, name="inbox-list"),
    path("inbox/several/", several.act, name="several"),
    path("inbox/views/keep/", saved_views.keep, name="view-keep"),
    path("inbox/views/<int:pk>/discard/", saved_views.discard, name="view-discard"),
    path("tickets/<int:number>/", ticket.ticket, name="ticket"),
    path("tickets/<int:number>/conversation/", ticket.conversation, name="conversation"),
    path("tickets/<int:number>/between/", ticket.between, name="between"),
    path("tickets/<int:number>/do/<slug:verb>/", ticket.act, name="ticket-act"),
    path("routing/", routing.rules, name="routing"),
    path("routing/dry-run/", routing.dry_run, name="routing-dry-run"),
    path("routing/rules/<slug:key>/", routing.rule, name="routing-rule"),
    path("accounts/new/", accounts.connect, name="account-new"),
    path("accounts/<int:pk>/pause/", accounts.pause, name="account-pause"),
    path("accounts/<int:pk>/resume/", accounts.resume, name="account-resume"),
]
