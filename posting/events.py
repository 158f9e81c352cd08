"""Names of the events of this package.

Each has a template of the same name under `templates/timeline/`.
"""

REPLY_SENDING = "reply.sending"
REPLY_POSTED = "reply.posted"
REPLY_UNCERTAIN = "reply.uncertain"
REPLY_REFUSED = "reply.refused"
REPLY_NOT_SENT = "reply.not_sent"
REPLY_FOUND = "reply.found"
REPLY_ABSENT = "reply.absent"
REPLY_FOR_A_PERSON = "reply.for_a_person"
REPLY_SAID = "reply.said"
REPLY_DOUBT_ENDED = "reply.doubt_ended"
TAKE_DOWN_ORDERED = "take_down.ordered"
TAKE_DOWN_DONE = "take_down.done"
TAKE_DOWN_FAILED = "take_down.failed"
