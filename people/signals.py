"""What happened in this package that gives a worker something to do."""

from django.dispatch import Signal

password_link_asked_for = Signal()
