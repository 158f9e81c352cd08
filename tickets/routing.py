"""Which department a new ticket belongs to. Rules by words come later; today the addressed account decides."""

from tickets.models import ConnectedAccount
from xapi.payloads import XPost


def department_for(post: XPost, account: ConnectedAccount) -> int:
    """The id of the department."""
    return account.department_id
