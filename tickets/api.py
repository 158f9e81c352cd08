"""API: tickets, customers, accounts, over the same verbs as the screens."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid, Reason
from core.forms import is_number
from people.access import department_ids
from people.models import Department, Person
from people.requests import ApiRequest
from people.rest import Line, Moment, StrictSerializer, clean
from tickets import accounts, lifecycle, notes, querysets, signals
from tickets.models import ConnectedAccount, Customer, Mention, Ticket
from tickets.states import Priority, ResolvedReason, TicketStatus
from xapi import attached

PAGE = 50


class CustomerOut(serializers.ModelSerializer):
    """A customer, as X last showed them."""

    x_id = serializers.CharField()

    class Meta:
        model = Customer
        fields = ["x_id", "handle", "name", "followers", "protected", "tags"]


class MediumOut(serializers.Serializer):
    """A picture, video or GIF.

    `url` is the address of a picture of it, empty where X gives none.
    """

    type = serializers.ChoiceField(choices=[*sorted(attached.MEDIA), attached.OTHER])
    url = serializers.CharField(allow_blank=True)
    alt_text = serializers.CharField(allow_blank=True)
    seconds = serializers.IntegerField(required=False, help_text="how long a video is")


class NamedOut(serializers.Serializer):
    """Somebody whom X says the post names: by number, since a handle can change hands."""

    id = serializers.CharField(allow_blank=True)
    handle = serializers.CharField()
    start = serializers.IntegerField(
        required=False, help_text="where in the text it stands, in code points"
    )


class ExtraOut(serializers.Serializer):
    """What else the post has; which of the fields there are depends on `kind`."""

    kind = serializers.ChoiceField(
        choices=[
            attached.POLL,
            attached.ARTICLE,
            attached.PLACE,
            attached.CARD,
            attached.NOTE,
            attached.WITHHELD,
            attached.OTHER,
        ]
    )
    options = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="of a poll"
    )
    ends_at = serializers.CharField(required=False, allow_blank=True, help_text="of a poll")
    title = serializers.CharField(
        required=False, allow_blank=True, help_text="of an article or card"
    )
    name = serializers.CharField(
        required=False, allow_blank=True, help_text="of a place, or X's name for what is unknown"
    )
    countries = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="where it is withheld"
    )
    copyright = serializers.BooleanField(required=False)
    of = serializers.CharField(
        required=False, help_text="whether X withholds the post or the whole user"
    )
    said = serializers.CharField(
        required=False, allow_blank=True, help_text="X's notice in place of the words"
    )


class PostOut(serializers.ModelSerializer):
    """The customer's newest post. A post without words may have media or something else."""

    x_id = serializers.CharField(source="newest.x_id")
    text = serializers.CharField(source="newest.text")
    language = serializers.CharField(source="newest.language")
    quoted = serializers.CharField(allow_null=True)
    named = NamedOut(source="newest.named", many=True)
    media = MediumOut(source="newest.media", many=True)
    extras = ExtraOut(source="newest.extras", many=True)

    class Meta:
        model = Mention
        fields = [
            "x_id",
            "text",
            "language",
            "status",
            "names_us",
            "quoted",
            "named",
            "media",
            "extras",
        ]


class TicketOut(serializers.ModelSerializer):
    """A ticket. `ground` is what a decision must name."""

    customer = CustomerOut()
    account = serializers.CharField(source="account.handle")
    assignee = serializers.CharField(source="assignee.name", allow_null=True)
    is_escalated = serializers.BooleanField()
    text = serializers.CharField(source="last_mention.newest.text", allow_null=True)
    post = PostOut(source="last_mention", allow_null=True)
    conversation_id = serializers.CharField()

    class Meta:
        model = Ticket
        fields = [
            "number",
            "status",
            "ground",
            "customer",
            "account",
            "department",
            "assignee",
            "priority",
            "tags",
            "language",
            "is_escalated",
            "text",
            "post",
            "conversation_id",
            "due_at",
            "last_inbound_at",
            "unanswered_since",
            "snoozed_until",
            "resolved_reason",
            "created_at",
        ]


class TicketPage(serializers.Serializer):
    """A page of tickets, the newest first; `next` is the `after` of the following one."""

    tickets = TicketOut(many=True)
    next = serializers.IntegerField(allow_null=True)
    is_partial = serializers.BooleanField(
        help_text="more fits than a search looks through: give more words"
    )


class PersonIn(StrictSerializer):
    """Whom to assign; null for nobody."""

    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.all(), allow_null=True)


class HandOffIn(StrictSerializer):
    """Where to, and a note for them."""

    department = serializers.PrimaryKeyRelatedField(queryset=Department.objects.all())
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")


class SnoozeIn(StrictSerializer):
    """Until when."""

    until = Moment()


class ResolveIn(StrictSerializer):
    """Why no (further) reply is needed."""

    reason = serializers.ChoiceField(choices=ResolvedReason.choices)


class TagsIn(StrictSerializer):
    """All tags."""

    tags = serializers.ListField(child=Line(max_length=60), max_length=20)


class PriorityIn(StrictSerializer):
    """How urgent."""

    priority = serializers.ChoiceField(choices=Priority.choices)


class TextIn(StrictSerializer):
    """A note."""

    text = serializers.CharField(max_length=4000)


class EmptyIn(StrictSerializer):
    """Nothing."""


class ReasonIn(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=1000)


class AccountOut(serializers.ModelSerializer):
    """A connected account; its credentials are never shown.

    Handle and name are X's, and may change; the numbers stay.
    """

    x_id = serializers.CharField()

    class Meta:
        model = ConnectedAccount
        fields = [
            "id",
            "x_id",
            "handle",
            "name",
            "department",
            "status",
            "pause_code",
            "pause_reason",
            "paused_at",
            "rests_until",
            "rest_code",
        ]


def find(request: ApiRequest, number: int) -> Ticket:
    """Return the ticket, or 404 for who may not see it."""
    return get_object_or_404(
        querysets.for_rows(querysets.visible_to(request.user)).select_related(
            "department__parent", "customer"
        ),
        number=number,
    )


class Tickets(APIView):
    """The tickets that the caller sees."""

    @extend_schema(
        operation_id="tickets_list",
        responses=TicketPage,
        parameters=[
            OpenApiParameter("status", str),
            OpenApiParameter("q", str),
            OpenApiParameter("department", int),
            OpenApiParameter("after", int),
        ],
    )
    def get(self, request: ApiRequest) -> Response:
        """Fifty at a time, the newest first."""
        asked = request.query_params
        if unknown := set(asked) - {"status", "q", "department", "after"}:
            raise Invalid(Reason("unknown_parameter", f"{sorted(unknown)[0]}?"), sorted(unknown)[0])
        rows, partial = (
            querysets.looked_for(request.user, asked["q"])
            if asked.get("q")
            else (querysets.visible_to(request.user), False)
        )
        if asked.get("status"):
            if asked["status"] not in TicketStatus.values:
                raise Invalid(Reason("status_unknown", ", ".join(TicketStatus.values)), "status")
            rows = rows.filter(status=asked["status"])
        for name, field in (("department", "department"), ("after", "id__lt")):
            if asked.get(name):
                if not is_number(asked[name]):
                    raise Invalid(Reason("not_a_number", name), name)
                rows = rows.filter(**{field: int(asked[name])})
        page = list(querysets.for_rows(rows).order_by("-id")[:PAGE])
        return Response(
            {
                "tickets": TicketOut(page, many=True).data,
                "next": page[-1].pk if len(page) == PAGE else None,
                "is_partial": partial,
            }
        )


class OneTicket(APIView):
    """One ticket."""

    @extend_schema(responses=TicketOut)
    def get(self, request: ApiRequest, number: int) -> Response:
        """As it stands now."""
        return Response(TicketOut(find(request, number)).data)


class TicketVerb(APIView):
    """A verb on a ticket; answers with the ticket as it stands then.

    Subclasses name their input and do it.
    """

    serializer: type[StrictSerializer] = EmptyIn

    @extend_schema(request=None, responses=TicketOut)
    def post(self, request: ApiRequest, number: int) -> Response:
        """Do it, or refuse with a sentence and a code."""
        self.do(find(request, number), clean(self.serializer, request), request.user)
        return Response(TicketOut(find_again(request, number)).data)

    def do(self, ticket: Ticket, given: dict[str, Any], by: Any) -> None:
        """Do the verb itself."""
        raise NotImplementedError


def find_again(request: ApiRequest, number: int) -> Ticket:
    """After the verb."""
    return querysets.for_rows(Ticket.objects.all()).get(number=number)


def verb(name: str, serializer: type[StrictSerializer], do: Any) -> Any:
    """Make a view for one verb, described by its input."""
    view = type(
        name,
        (TicketVerb,),
        {
            "serializer": serializer,
            "do": lambda self, ticket, given, by: do(ticket, given, by),
            "__doc__": name,
        },
    )
    return extend_schema(request=serializer, responses=TicketOut)(view)


Take = verb("TicketTake", EmptyIn, lambda ticket, given, by: lifecycle.take(ticket, by=by))
Assign = verb(
    "TicketAssign",
    PersonIn,
    lambda ticket, given, by: lifecycle.assign(ticket, to=given["person"], by=by),
)
HandOff = verb(
    "TicketHandOff",
    HandOffIn,
    lambda ticket, given, by: lifecycle.hand_off(
        ticket, to=given["department"], note=given["note"], by=by
    ),
)
Snooze = verb(
    "TicketSnooze",
    SnoozeIn,
    lambda ticket, given, by: lifecycle.snooze(ticket, until=given["until"], by=by),
)
Resolve = verb(
    "TicketResolve",
    ResolveIn,
    lambda ticket, given, by: lifecycle.resolve(ticket, reason=given["reason"], by=by),
)
Reopen = verb("TicketReopen", EmptyIn, lambda ticket, given, by: lifecycle.reopen(ticket, by=by))
Tag = verb(
    "TicketTags", TagsIn, lambda ticket, given, by: lifecycle.tag(ticket, tags=given["tags"], by=by)
)
SetPriority = verb(
    "TicketPriority",
    PriorityIn,
    lambda ticket, given, by: lifecycle.set_priority(ticket, priority=given["priority"], by=by),
)
AddNote = verb(
    "TicketNote",
    TextIn,
    lambda ticket, given, by: notes.add_note(ticket, text=given["text"], by=by),
)


class OneCustomer(APIView):
    """A customer with whom the caller's departments have a ticket."""

    @extend_schema(responses=CustomerOut)
    def get(self, request: ApiRequest, x_id: int) -> Response:
        """By X id."""
        seen = Customer.objects.filter(
            pk__in=querysets.visible_to(request.user).filter(customer__x_id=x_id).values("customer")
        )
        return Response(CustomerOut(get_object_or_404(seen, x_id=x_id)).data)


class Accounts(APIView):
    """The connected accounts of the caller's departments."""

    @extend_schema(responses=AccountOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """All of them."""
        return Response(AccountOut(mine(request).order_by("id"), many=True).data)


def mine(request: ApiRequest) -> Any:
    """Return the accounts this person has to do with; all of them for administrators."""
    if request.user.is_administrator:
        return ConnectedAccount.objects.all()
    return ConnectedAccount.objects.filter(department__in=department_ids(request.user))


class PauseAccount(APIView):
    """Stop sending."""

    @extend_schema(request=ReasonIn, responses=AccountOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """At once; replies wait."""
        account = get_object_or_404(mine(request), pk=pk)
        return Response(
            AccountOut(
                accounts.pause(account, reason=clean(ReasonIn, request)["reason"], by=request.user)
            ).data
        )


class ResumeAccount(APIView):
    """Send again."""

    @extend_schema(request=EmptyIn, responses=AccountOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Let what waits go out."""
        clean(EmptyIn, request)
        account = accounts.resume(get_object_or_404(mine(request), pk=pk), by=request.user)
        signals.sending_resumed.send(sender=ConnectedAccount)
        return Response(AccountOut(account).data)
