"""What goes over the broker: page updates, presence, read receipts, nudges of the worker."""
