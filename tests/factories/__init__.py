"""The cast of the tests, and rows built through the desk's own verbs."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.contrib.auth.hashers import make_password

from approvals.drafts import drafting
from approvals.models import Draft, Revision
from approvals.reviews import decisions
from people.identity import persons, provisioning
from people.memberships import memberships
from people.models import Department, Membership, Person, User
from people.roles import ReviewPolicy, Role
from tickets.accounts import accounts
from tickets.ingestion.intake import ingest
from tickets.models import ConnectedAccount, Ticket
from xapi.naming import Named
from xapi.payloads import Page, XPost, XUser, id_at

_ids = itertools.count(1)
NUMBERS = {"amselnetzhilfe": 901, "amselnetzbiz": 902}
REFERENCES = ("replied_to", "quoted", "reposted")
GRACE = XUser(id=7001, handle="grace_adeyemi", name="Grace Adeyemi", followers=341)


@dataclass
class Desk:
    """Two departments with their people, and an account each."""

    service: Department
    business: Department
    account: ConnectedAccount
    business_account: ConnectedAccount
    users: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        """A person of the cast by first name, read anew (memberships are cached per request)."""
        if name.startswith("_") or name not in self.__dict__["users"]:
            raise AttributeError(name)
        return User.objects.select_related("person").get(pk=self.__dict__["users"][name].pk)


CAST = {
    "aylin": ("Aylin Nergiz", "an", "service", Role.AGENT),
    "bastian": ("Bastian Vogt", "bv", "service", Role.AGENT),
    "chiara": ("Chiara Lombardi", "cl", "service", Role.AGENT),
    "rita": ("Rita Sommer", "rs", "service", Role.REVIEWER),
    "tomasz": ("Tomasz Zieliński", "tz", "service", Role.REVIEWER),
    "lena": ("Lena Brandt", "lb", "service", Role.LEAD),
    "samuel": ("Samuel Okafor", "so", "service", Role.DEPUTY),
    "nele": ("Nele Harmsen", "nh", "business", Role.AGENT),
    "minh": ("Minh Tran", "mt", "business", Role.AGENT),
    "farida": ("Farida Rahimi", "fr", "business", Role.REVIEWER),
    "henrik": ("Henrik Dahl", "hd", "business", Role.LEAD),
    "max": ("Max Albers", "ma", None, Role.ADMINISTRATOR),
}


def make_desk(*, quick: bool = False) -> Desk:
    """The demo's cast in an empty database.

    `quick` leaves the rows of the people without the events that tell of them.
    """
    service = Department.objects.create(name_en="Customer Service", name_de="Kundenservice")
    business = Department.objects.create(
        name_en="Business Customers",
        name_de="Geschäftskunden",
        parent=service,
        review_policy=ReviewPolicy.COLLEAGUES,
    )
    connected = [
        accounts.connect(
            external_id=str(number),
            handle=handle,
            name=name,
            department=department,
            credentials={"bearer_token": f"sim-{number}"},
        )
        for number, handle, name, department in (
            (901, "AmselnetzHilfe", "Amselnetz Hilfe", service),
            (902, "AmselnetzBiz", "Amselnetz Business", business),
        )
    ]
    desk = Desk(service, business, *connected)
    if quick:
        quick_cast(desk)
        return desk
    for key, (name, initials, department, role) in CAST.items():
        person = persons.add_person(name, initials=initials)
        desk.users[key] = provisioning.add_sign_in(
            key, person=person, email=f"{key}@example.com", password="a-long-password"
        )
        memberships.give_role(
            person, role=role, department=getattr(desk, department) if department else None
        )
    return desk


def quick_cast(desk: Desk) -> None:
    """Three statements instead of three hundred.

    The cast took more time than the tests that need it.
    """
    people = Person.objects.bulk_create(
        [
            Person(name=name, initials=initials)
            for name, initials, _department, _role in CAST.values()
        ]
    )
    password = make_password("a-long-password")
    users = User.objects.bulk_create(
        [
            User(
                username=key,
                email=f"{key}@example.com",
                confirmed_email=f"{key}@example.com",
                person=person,
                password=password,
            )
            for key, person in zip(CAST, people, strict=True)
        ]
    )
    Membership.objects.bulk_create(
        [
            Membership(
                person=person,
                role=role,
                department=getattr(desk, department) if department else None,
            )
            for person, (_name, _initials, department, role) in zip(
                people, CAST.values(), strict=True
            )
        ]
    )
    desk.users = dict(zip(CAST, users, strict=True))


def post(
    text: str = "@AmselnetzHilfe the router blinks orange",
    *,
    by: XUser = GRACE,
    account: str = "amselnetzhilfe",
    conversation: int | str | None = None,
    at: datetime | None = None,
    key: int | str | None = None,
    **fields,
) -> XPost:
    """A post as the client reads it; ids may be given as the desk keeps them."""
    at = at or datetime.now(UTC)
    made = int(key or id_at(at) + next(_ids))
    answered = {name: int(fields.pop(name)) for name in REFERENCES if fields.get(name)}
    named = tuple(Named(one, NUMBERS.get(one)) for one in fields.pop("named", (account,)))
    return XPost(
        id=fields.pop("id", made),
        version_ids=fields.pop("version_ids", (made,)),
        author_id=by.id,
        text=text,
        created_at=at,
        conversation_id=int(conversation or made),
        named=named,
        has_entities=True,
        **answered,
        **fields,
    )


def arrive(
    desk: Desk,
    *posts: XPost,
    account: ConnectedAccount | None = None,
    users: tuple[XUser, ...] = (GRACE,),
) -> list[Ticket]:
    """Take these posts in; returns the tickets concerned."""
    taken = ingest(
        Page(posts=list(posts), users={user.id: user for user in users}), account or desk.account
    )
    return list(Ticket.objects.filter(pk__in=taken.tickets).order_by("id"))


def a_ticket(
    desk: Desk, text: str = "@AmselnetzHilfe the router blinks orange", **fields
) -> Ticket:
    """One new ticket by Grace."""
    return arrive(desk, post(text, **fields))[0]


def submitted(
    desk: Desk,
    ticket: Ticket | None = None,
    *,
    by: User | None = None,
    text: str = "Hi Grace, unplug it for 30 seconds.",
) -> Revision:
    """A revision in review."""
    ticket = ticket or a_ticket(desk)
    by = by or desk.aylin
    draft = drafting.open_draft(ticket, by=by)
    return drafting.submit(
        draft, text=text, context_version=Ticket.objects.get(pk=ticket.pk).context_version, by=by
    )


def approved(desk: Desk, revision: Revision | None = None, *, by: User | None = None) -> Draft:
    """An approved draft."""
    revision = revision or submitted(desk)
    context_version = Ticket.objects.get(drafts=revision.draft_id).context_version
    return decisions.approve(
        revision, sha256=revision.sha256, context_version=context_version, by=by or desk.rita
    )


def ago(**span) -> datetime:
    """A time before now."""
    return datetime.now(UTC) - timedelta(**span)
