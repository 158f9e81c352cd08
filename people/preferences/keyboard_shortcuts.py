"""The single letters that do something on the desk's screens.

A person can switch them off or choose letters of their own (WCAG 2.2, 2.1.4).
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
    "x": _("Reject"),
    "s": _("Countersign"),
    "n": _("Next"),
    "u": _("Undo"),
}
RESERVED = "g"  # begins the pairs that go to a page
