"""Events of the installation itself: what happened to its backups."""

BACKUP_MADE = "backup.made"
BACKUP_FAILED = "backup.failed"
RESTORE_REHEARSED = "restore.rehearsed"
RESTORE_NOT_REHEARSED = "restore.not_rehearsed"
