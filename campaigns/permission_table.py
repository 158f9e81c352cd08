"""Who may do what: one letter for each of the actors, in their order.

Read a row aloud before changing it.

The object belongs to Customer Service and was written by aylin; its reply waits for
review. `y` done (or refused for another reason than who asks), `n` forbidden, `-` not
there, `s` to the sign-in. A method that no actor may use (405) has no cell.
"""

ACTORS = (
    "nobody",
    "gone",
    "aylin",
    "bastian",
    "rita",
    "samuel",
    "lena",
    "nele",
    "farida",
    "henrik",
    "max",
)
# nobody is not signed in, gone is switched off; aylin wrote it, bastian is her colleague, rita
# team lead, samuel deputy, lena lead;
# nele, farida and henrik (agent, team lead, lead) belong to Business Customers below; max is the
# administrator.

SIGNED_IN = (
    "ssyyyyyyyyy"  # everybody who is signed in; what they see there is their own departments'
)
DEPARTMENT = "ssyyyyy----"  # the department; for others it is not there
DEPARTMENT_OR_ADMINISTRATOR = "ssyyyyy---y"  # the same, and administrators
ENTITLED = "ssnnyyy----"  # team leads and the lead's side of the department, never the writer
LEAD_SIDE = "ssnnnyy----"  # lead and deputy
WRITER = "ssynnnn----"  # who writes it
WRITER_OR_LEAD = "ssynnyy----"  # who wrote it, lead and deputy
ENDORSER = "ssnnynn----"  # who approved it, or sent it back
ANYBODY = "yyyyyyyyyyy"  # also without signing in
NOBODY = "-----------"  # not there for anybody without more (a token, a demo)
LEADS_AND_ADMINISTRATOR = "ssnnnyynnyy"  # leads of any department and administrators
LEADS_AND_ADMINISTRATOR_OF_SERVICE = (
    "ssnnnyynnny"  # lead and deputy of the department, administrators
)
ADMINISTRATOR = "ssnnnnnnnny"  # administrators
ADMINISTRATOR_WITHOUT_ITS_OBJECT = "ssnnnnnnnn-"  # administrators, and the form names no object
MAY_PAUSE = "ssnnyyynnny"  # team leads, lead's side and administrators
MAY_RESUME = "ssnnnyynnny"  # lead's side and administrators
MAY_PAUSE_BY_API = "ssnnyyy---y"  # the same; for others the account is not there
MAY_RESUME_BY_API = "ssnnnyy---y"  # the same; for others the account is not there
LEADS = "ssnnnyynnyn"  # leads of any department
# the lead of the role's department or of one above; never the administrator who gave it
MAY_CONFIRM = "ssnnnnynnyn"
OWNER = "ssy--------"  # whose it is
OWNER_OR_ADMINISTRATOR = "ssy-------y"  # whose it is, and administrators
NOT_ONES_OWN = "ssnnnnnnnnn"  # each person only their own; this one is another's
WITHOUT_ITS_OBJECT = "ss---------"  # the form names no note, so nothing is there

TABLE: dict[str, dict[str, str]] = {
    "account-new": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "account-pause": {"POST": MAY_PAUSE},
    "account-resume": {"POST": MAY_RESUME},
    "api-account-pause": {"POST": MAY_PAUSE_BY_API},
    "api-account-resume": {"POST": MAY_RESUME_BY_API},
    "api-account-list": {"GET": SIGNED_IN},
    "api-account-detail": {"GET": DEPARTMENT_OR_ADMINISTRATOR},
    "api-customer-detail": {"GET": DEPARTMENT},
    "api-delivery-list": {"GET": SIGNED_IN},
    "api-delivery-detail": {"GET": DEPARTMENT},
    "api-delivery-absent": {"POST": ENTITLED},
    "api-delivery-another": {"POST": ENTITLED},
    "api-delivery-look": {"POST": DEPARTMENT},
    "api-delivery-public": {"POST": ENTITLED},
    "api-delivery-take-down": {"POST": LEAD_SIDE},
    "api-department-list": {"GET": SIGNED_IN},
    "api-department-detail": {"GET": DEPARTMENT},
    "api-draft-detail": {"GET": DEPARTMENT, "PATCH": WRITER},
    "api-draft-approve": {"POST": ENTITLED},
    "api-draft-claim": {"POST": DEPARTMENT},
    "api-draft-correct": {"POST": ENTITLED},
    "api-draft-countersign": {"POST": ENTITLED},
    "api-draft-picture": {"PATCH": WRITER, "DELETE": WRITER},
    "api-draft-pictures": {"POST": WRITER},
    "api-draft-reject": {"POST": ENTITLED},
    "api-draft-release": {"POST": DEPARTMENT},
    "api-draft-request-changes": {"POST": ENTITLED},
    "api-draft-revoke": {"POST": ENDORSER},
    "api-draft-submit": {"POST": WRITER},
    "api-draft-take-back-changes": {"POST": ENDORSER},
    "api-draft-take-over": {"POST": DEPARTMENT},
    "api-draft-withdraw": {"POST": WRITER_OR_LEAD},
    "api-draft-list": {"GET": SIGNED_IN},
    "api-me": {"GET": SIGNED_IN},
    "api-people-list": {"GET": SIGNED_IN},
    "api-root": {"GET": SIGNED_IN},
    "api-schema": {"GET": ANYBODY},
    "api-ticket-detail": {"GET": DEPARTMENT},
    "api-ticket-assign": {"POST": DEPARTMENT},
    "api-ticket-drafts": {"POST": DEPARTMENT},
    "api-ticket-escalate": {"POST": DEPARTMENT},
    "api-ticket-hand-back": {"POST": LEAD_SIDE},
    "api-ticket-hand-off": {"POST": DEPARTMENT},
    "api-ticket-merge": {"POST": DEPARTMENT},
    "api-ticket-notes": {"POST": DEPARTMENT},
    "api-ticket-priority": {"POST": DEPARTMENT},
    "api-ticket-reopen": {"POST": DEPARTMENT},
    "api-ticket-resolve": {"POST": DEPARTMENT},
    "api-ticket-snooze": {"POST": DEPARTMENT},
    "api-ticket-tags": {"POST": DEPARTMENT},
    "api-ticket-take": {"POST": DEPARTMENT},
    "api-ticket-undo": {"POST": DEPARTMENT},
    "api-ticket-unmerge": {"POST": DEPARTMENT},
    "api-ticket-list": {"GET": SIGNED_IN},
    "api-token-detail": {"DELETE": OWNER_OR_ADMINISTRATOR},
    "api-token-list": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "attachment": {"GET": DEPARTMENT},
    "attachment-add": {"POST": WRITER},
    "attachment-remove": {"POST": WRITER},
    "audit": {"GET": LEADS_AND_ADMINISTRATOR, "POST": LEADS_AND_ADMINISTRATOR},
    "between": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "company": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "conversation": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "department": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "department-new": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "draft-revoke": {"POST": ENDORSER},
    "draft-save": {"POST": WRITER},
    "draft-submit": {"POST": WRITER},
    "draft-take-over": {"POST": DEPARTMENT},
    "draft-withdraw": {"POST": WRITER_OR_LEAD},
    "escalate": {"POST": DEPARTMENT},
    "evidence": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "evidence-archive": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "forgotten": {"GET": ANYBODY, "POST": ANYBODY},
    "setup": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "setup-try mail": {"POST": ADMINISTRATOR},
    "setup-try x": {"POST": ADMINISTRATOR},
    "setup-try clock": {"POST": ADMINISTRATOR},
    "first-steps": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "guideline-check": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "guideline-confirm": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "guideline-edit": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "guidelines": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "guidelines-home": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "hand-back": {"POST": LEAD_SIDE},
    "health": {"GET": LEADS_AND_ADMINISTRATOR, "POST": LEADS_AND_ADMINISTRATOR},
    "healthz": {"GET": ANYBODY, "POST": ANYBODY},
    "home": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "initials": {"GET": ANYBODY, "POST": ANYBODY},
    "invitation": {"GET": NOBODY, "POST": NOBODY},
    "invite": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "incident": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "incidents": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "find": {"GET": SIGNED_IN},
    "inbox": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "inbox-list": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "language": {"POST": ANYBODY},
    "lead": {"GET": LEADS, "POST": LEADS},
    "live-looking": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "live-since": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "metrics": {"GET": NOBODY, "POST": NOBODY},
    "notice-choices": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "notices": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "notices-new": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "outbox": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "outbox-list": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "person": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "person-act absence": {"POST": ADMINISTRATOR},
    "person-act confirm": {"POST": MAY_CONFIRM},
    "person-act deactivate": {"POST": ADMINISTRATOR},
    "person-act email": {"POST": ADMINISTRATOR},
    "person-act end-session": {"POST": ADMINISTRATOR},
    "person-act end-sessions": {"POST": ADMINISTRATOR},
    "person-act end-absence": {"POST": ADMINISTRATOR},
    "person-act end-role": {"POST": ADMINISTRATOR},
    "person-act give-role": {"POST": ADMINISTRATOR},
    "person-act link": {"POST": ADMINISTRATOR},
    "person-act new-password": {"POST": ADMINISTRATOR},
    "person-act no-picture": {"POST": ADMINISTRATOR},
    "person-act picture": {"POST": NOT_ONES_OWN},
    "person-act reactivate": {"POST": ADMINISTRATOR},
    "person-act refuse": {"POST": MAY_CONFIRM},
    "person-act rename": {"POST": ADMINISTRATOR},
    "person-act revoke-token": {"POST": WITHOUT_ITS_OBJECT},
    "picture": {"GET": NOBODY, "POST": NOBODY},
    "parts": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "people": {"GET": SIGNED_IN, "POST": ADMINISTRATOR_WITHOUT_ITS_OBJECT},
    "posts-known": {"POST": WITHOUT_ITS_OBJECT},
    "preferences": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "queue": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "queue-list": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "readyz": {"GET": ANYBODY, "POST": ANYBODY},
    "review": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "review-decide approve": {"POST": ENTITLED},
    "review-decide request-changes": {"POST": ENTITLED},
    "review-decide reject": {"POST": ENTITLED},
    "review-decide correct": {"POST": ENTITLED},
    "review-next": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "review-release": {"POST": DEPARTMENT},
    "review-take-back": {"POST": ENDORSER},
    "review-state": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "review-weigh": {"POST": DEPARTMENT},
    "review-beside": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "saved-replies": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "saved-reply": {
        "GET": LEADS_AND_ADMINISTRATOR_OF_SERVICE,
        "POST": LEADS_AND_ADMINISTRATOR_OF_SERVICE,
    },
    "saved-reply-new": {"GET": LEADS_AND_ADMINISTRATOR, "POST": LEADS_AND_ADMINISTRATOR},
    "saved-reply-search": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "saved-reply-use": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "routing": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "routing-dry-run": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "routing-rule": {"GET": ADMINISTRATOR, "POST": ADMINISTRATOR},
    "several": {"POST": SIGNED_IN},
    "settle look": {"POST": DEPARTMENT},
    "settle public": {"POST": ENTITLED},
    "settle absent": {"POST": ENTITLED},
    "settle take-down": {"POST": LEAD_SIDE},
    "sign-in": {"GET": ANYBODY, "POST": ANYBODY},
    "sign-in-as": {"POST": NOBODY},
    "sign-ins": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "sign-ins-act add": {"POST": SIGNED_IN},
    "sign-ins-act confirm-email": {"POST": WITHOUT_ITS_OBJECT},
    "sign-ins-act email": {"POST": SIGNED_IN},
    "sign-ins-act end-others": {"POST": SIGNED_IN},
    "sign-ins-act end-session": {"POST": SIGNED_IN},
    "sign-ins-act known": {"POST": SIGNED_IN},
    "sign-ins-act password": {"POST": SIGNED_IN},
    "sign-ins-act revoke-token": {"POST": OWNER},
    "sign-ins-act token": {"POST": SIGNED_IN},
    "sign-out": {"POST": ANYBODY},
    "theme": {"POST": SIGNED_IN},
    "tour": {"POST": WITHOUT_ITS_OBJECT},  # this desk is no demo
    "undo": {"POST": SIGNED_IN},
    "view-discard": {"POST": OWNER},
    "view-keep": {"POST": SIGNED_IN},
    "ticket": {"GET": DEPARTMENT, "POST": DEPARTMENT},
    "ticket-act assign": {"POST": DEPARTMENT},
    "ticket-act end-person-note": {"POST": WITHOUT_ITS_OBJECT},
    "ticket-act join": {"POST": DEPARTMENT},
    "ticket-act leave": {"POST": DEPARTMENT},
    "ticket-act hand-off": {"POST": DEPARTMENT},
    "ticket-act merge": {"POST": DEPARTMENT},
    "ticket-act note": {"POST": DEPARTMENT},
    "ticket-act person-note": {"POST": DEPARTMENT},
    "ticket-act priority": {"POST": DEPARTMENT},
    "ticket-act reopen": {"POST": DEPARTMENT},
    "ticket-act resolve": {"POST": DEPARTMENT},
    "ticket-act share-person-note": {"POST": WITHOUT_ITS_OBJECT},
    "ticket-act snooze": {"POST": DEPARTMENT},
    "ticket-act tag": {"POST": DEPARTMENT},
    "ticket-act take": {"POST": DEPARTMENT},
    "ticket-act unmerge": {"POST": DEPARTMENT},
    "ticket-act wake": {"POST": DEPARTMENT},
}
