"""What happened in this package that gives a worker something to do."""

from django.dispatch import Signal

account_connected = Signal()
sending_resumed = Signal()
