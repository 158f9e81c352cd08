"""Addresses of the screens that span packages."""

from django.urls import path

from servicedesk.screens import (
    attachments,
    audit,
    composer,
    evidence,
    first_steps,
    inbox,
    incidents,
    parts,
    review,
    ticket,
)
from servicedesk.screens.verbs import bulk_actions, undo

urlpatterns = [
    path("first-steps/", first_steps.show, name="first-steps"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("parts/", parts.parts, name="parts"),
    path("audit/", audit.audit, name="audit"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/list/", inbox.inbox_list, name="inbox-list"),
    path("inbox/several/", bulk_actions.act, name="several"),
    path("undo/", undo.undo, name="undo"),
    path("tickets/<int:number>/", ticket.ticket, name="ticket"),
    path("tickets/<int:number>/conversation/", ticket.conversation, name="conversation"),
    path("tickets/<int:number>/between/", ticket.between, name="between"),
    path("tickets/<int:number>/do/<slug:verb>/", ticket.act, name="ticket-act"),
    path("tickets/<int:number>/draft/save/", composer.save, name="draft-save"),
    path("tickets/<int:number>/draft/submit/", composer.submit, name="draft-submit"),
    path("tickets/<int:number>/draft/take-over/", composer.take_over, name="draft-take-over"),
    path("tickets/<int:number>/draft/withdraw/", composer.withdraw, name="draft-withdraw"),
    path("tickets/<int:number>/draft/revoke/", composer.revoke, name="draft-revoke"),
    path("tickets/<int:number>/draft/pictures/", attachments.add, name="attachment-add"),
    path(
        "tickets/<int:number>/draft/pictures/<int:pk>/remove/",
        attachments.remove,
        name="attachment-remove",
    ),
    path("tickets/<int:number>/pictures/<int:pk>/", attachments.image, name="attachment"),
    path("tickets/<int:number>/escalate/", composer.escalate, name="escalate"),
    path("tickets/<int:number>/hand-back/", composer.hand_back, name="hand-back"),
    path("incidents/", incidents.listing, name="incidents"),
    path("incidents/<int:pk>/", incidents.incident, name="incident"),
    path("review/", review.queue, name="queue"),
    path("review/list/", review.queue_list, name="queue-list"),
    path("review/next/", review.next_review, name="review-next"),
    path("review/<int:pk>/", review.review, name="review"),
    path("review/<int:pk>/state/", review.review_state, name="review-state"),
    path("review/<int:pk>/weigh/", review.weigh, name="review-weigh"),
    path("review/<int:pk>/beside/", review.review_beside, name="review-beside"),
    path("review/<int:pk>/release/", review.release, name="review-release"),
    path("review/<int:pk>/take-back/", review.take_back, name="review-take-back"),
    path("review/<int:pk>/<slug:verb>/", review.decide, name="review-decide"),
    path("lead/", review.lead_queue, name="lead"),
]
