"""The keys that do something on the desk's screens, as the sheet of keys lists them.

A person can switch the single letters off or choose letters of their own (WCAG 2.2, 2.1.4).
"""

from django.utils.translation import gettext_lazy as _

# As the templates name them in data-key, in the order of a day's work.
LETTERS = {
    "j": _("Down in lists"),
    "k": _("Up in lists"),
    "m": _("Take the ticket"),
    "r": _("Reply"),
    "i": _("Internal note"),
    "p": _("Assign"),
    "z": _("Snooze"),
    "h": _("Hand over"),
    "t": _("Tags and priority"),
    "d": _("Resolve"),
    "b": _("Incident"),
    "v": _("Choose several"),
    "a": _("Approve and sign"),
    "c": _("Request changes"),
    "w": _("Correct"),
    "e": _("Send to the lead"),
    "x": _("Reject; in a list: choose, after a digit that many"),
    "s": _("Countersign"),
    "n": _("Next"),
    "u": _("Undo"),
}
RESERVED = "g"  # begins the pairs that go to a page
# Where they lead, behind the letter that begins them: data-key "g …" of the bar or a page.
PAIRS = {
    "i": _("Inbox"),
    "p": _("Review"),
    "e": _("Lead"),
    "o": _("Outbox"),
    "l": _("Guidelines"),
    "n": _("Notices"),
    "s": _("Incidents"),
}
# What is no letter, and so stays as it is.
OTHER_KEYS = (
    (_("Ctrl K"), _("Find or do")),
    (_("Ctrl ↵"), _("Submit for review; in a note: save it")),
    ("/", _("Search; in a reply: saved replies")),
    ("[ ]", _("Earlier, later ticket")),
    ("1 … 9", _("In a menu: take the choice at this place")),
    ("␣", _("Choose the ticket; Shift: as far as there")),
    (_("Esc"), _("Back to where you were; choose none")),
    ("F6", _("Next pane")),
    ("?", _("This sheet")),
)
