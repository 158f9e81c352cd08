"""What happens to backups, as the audit trail names it."""

BACKUP_MADE = "backup.made"
BACKUP_FAILED = "backup.failed"
RESTORE_REHEARSED = "restore.rehearsed"
RESTORE_NOT_REHEARSED = "restore.not_rehearsed"
