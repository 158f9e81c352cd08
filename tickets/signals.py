"""What happened in this package that gives a worker, or a higher package, something to do."""

from django.dispatch import Signal

account_connected = Signal()
sending_resumed = Signal()
# `post` is one of ours that did not come through the desk; sent in the verb's own transaction.
post_known = Signal()
# `event` is the number of the audit event of what was undone; sent in the verb's own transaction.
undone = Signal()
