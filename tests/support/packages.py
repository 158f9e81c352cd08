"""The packages of the desk, from the ground up."""

PACKAGES = (
    "core",
    "people",
    "xapi",
    "networks",
    "tickets",
    "approvals",
    "posting",
    "notices",
    "servicedesk",
)
