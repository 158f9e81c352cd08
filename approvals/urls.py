"""Addresses of drafts, reviews and guidelines."""

from django.urls import path

from approvals.views import attachments, drafts, guidelines, incidents, reviews, saved_replies

urlpatterns = [
    path("tickets/<int:number>/draft/save/", drafts.save, name="draft-save"),
    path("tickets/<int:number>/draft/submit/", drafts.submit, name="draft-submit"),
    path("tickets/<int:number>/draft/take-over/", drafts.take_over, name="draft-take-over"),
    path("tickets/<int:number>/draft/withdraw/", drafts.withdraw, name="draft-withdraw"),
    path("tickets/<int:number>/draft/revoke/", drafts.revoke, name="draft-revoke"),
    path("tickets/<int:number>/draft/pictures/", attachments.add, name="attachment-add"),
    path(
        "tickets/<int:number>/draft/pictures/<int:pk>/remove/",
        attachments.remove,
        name="attachment-remove",
    ),
    path("tickets/<int:number>/pictures/<int:pk>/", attachments.image, name="attachment"),
    path("tickets/<int:number>/escalate/", drafts.escalate, name="escalate"),
    path("tickets/<int:number>/hand-back/", drafts.hand_back, name="hand-back"),
    path("tickets/<int:number>/saved-replies/", saved_replies.search, name="saved-reply-search"),
    path(
        "tickets/<int:number>/saved-replies/<int:pk>/use/",
        saved_replies.use,
        name="saved-reply-use",
    ),
    path("incidents/", incidents.listing, name="incidents"),
    path("incidents/<int:pk>/", incidents.incident, name="incident"),
    path("saved-replies/", saved_replies.listing, name="saved-replies"),
    path("saved-replies/new/", saved_replies.edit, name="saved-reply-new"),
    path("saved-replies/<int:pk>/", saved_replies.edit, name="saved-reply"),
    path("review/", reviews.queue, name="queue"),
    path("review/list/", reviews.queue_list, name="queue-list"),
    path("review/next/", reviews.next_review, name="review-next"),
    path("review/<int:pk>/", reviews.review, name="review"),
    path("review/<int:pk>/state/", reviews.review_state, name="review-state"),
    path("review/<int:pk>/release/", reviews.release, name="review-release"),
    path("review/<int:pk>/<slug:verb>/", reviews.decide, name="review-decide"),
    path("lead/", reviews.lead_queue, name="lead"),
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
