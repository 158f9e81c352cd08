"""Addresses of the API."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path
from django.views.generic import View

from approvals import api as approvals
from people import api as people
from posting import api as posting
from servicedesk.api.root import Description, NoSuchAddress, Root
from tickets import api as tickets


def at(route: str, view: type[View], name: str) -> URLPattern:
    """Make an address of the API.

    It asks for token or session itself, so the browser's sign-in page stays out of the way.
    """
    return path(route, login_not_required(view.as_view()), name=f"api-{name}")


TICKET = {
    "take": tickets.Take,
    "assign": tickets.Assign,
    "hand-off": tickets.HandOff,
    "snooze": tickets.Snooze,
    "resolve": tickets.Resolve,
    "reopen": tickets.Reopen,
    "tags": tickets.Tag,
    "priority": tickets.SetPriority,
    "notes": tickets.AddNote,
    "escalate": approvals.Escalate,
    "hand-back": approvals.HandBack,
    "drafts": approvals.NewDraft,
}
DRAFT = {
    "submit": approvals.Submit,
    "take-over": approvals.TakeOver,
    "withdraw": approvals.Withdraw,
    "revoke": approvals.Revoke,
    "claim": approvals.Claim,
    "release": approvals.Release,
    "approve": approvals.Approve,
    "countersign": approvals.Countersign,
    "request-changes": approvals.RequestChanges,
    "reject": approvals.Reject,
    "correct": approvals.Correct,
}

urlpatterns = [
    at("", Root, "root"),
    at("schema/", Description, "schema"),
    at("me/", people.Me, "me"),
    at("departments/", people.Departments, "departments"),
    at("tokens/", people.Tokens, "tokens"),
    at("tokens/<int:pk>/", people.OneToken, "token"),
    at("tickets/", tickets.Tickets, "tickets"),
    at("tickets/<int:number>/", tickets.OneTicket, "ticket"),
    *(at(f"tickets/<int:number>/{name}/", view, f"ticket-{name}") for name, view in TICKET.items()),
    at("customers/<int:x_id>/", tickets.OneCustomer, "customer"),
    at("accounts/", tickets.Accounts, "accounts"),
    at("accounts/<int:pk>/pause/", tickets.PauseAccount, "account-pause"),
    at("accounts/<int:pk>/resume/", tickets.ResumeAccount, "account-resume"),
    at("drafts/", approvals.Drafts, "drafts"),
    at("drafts/<int:pk>/", approvals.OneDraft, "draft"),
    at("drafts/<int:pk>/pictures/", approvals.Pictures, "draft-pictures"),
    at("drafts/<int:pk>/pictures/<int:number>/", approvals.OnePicture, "draft-picture"),
    *(at(f"drafts/<int:pk>/{name}/", view, f"draft-{name}") for name, view in DRAFT.items()),
    at("deliveries/", posting.Deliveries, "deliveries"),
    at("deliveries/<int:pk>/look/", posting.LookAgain, "delivery-look"),
    at("deliveries/<int:pk>/public/", posting.SayPublic, "delivery-public"),
    at("deliveries/<int:pk>/another/", posting.SayAnother, "delivery-another"),
    at("deliveries/<int:pk>/take-down/", posting.TakeDownReply, "delivery-take-down"),
    at("deliveries/<int:pk>/absent/", posting.SayAbsent, "delivery-absent"),
    re_path(r"^.*$", login_not_required(NoSuchAddress.as_view())),
]
