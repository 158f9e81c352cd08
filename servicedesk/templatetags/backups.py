"""What timelines say of backups."""

from typing import Any

from django import template

from servicedesk.backups import faults

register = template.Library()


@register.filter
def backup_fault(data: dict[str, Any]) -> str:
    """Say why a backup or a rehearsal failed, by what its event keeps."""
    return faults.sentence(data["code"], data["values"])
