"""The second signature: decisions, checking again, approvals that no longer hold."""
