"""The packages of the desk, from the ground up."""

PACKAGES = (
    "core",
    "people",
    "xapi",
    "networks",
    "tickets",
    "satisfaction",
    "approvals",
    "posting",
    "notices",
    "servicedesk",
)
