"""API: tickets, customers, accounts, over the same verbs as the screens."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import register_converter
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from core.api import flat
from core.api.base import Line, Moment, StrictSerializer, WholeNumber, clean
from core.api.flat import FlatSerializer
from core.api.viewsets import DeskViewSet, MomentFilter, WholeNumberFilter
from networks import attached
from networks.names import Network
from people.access import department_ids
from people.models import Department, Person, User
from people.requests import ApiRequest
from tickets import lifecycle, querysets, signals
from tickets.accounts import accounts
from tickets.conversations import notes
from tickets.converters import ExternalIdConverter
from tickets.inbox import search
from tickets.merging import merging
from tickets.models import ConnectedAccount, Customer, Mention, Ticket
from tickets.outcomes import recording
from tickets.states import LeftAs, Priority, ResolvedReason, TicketStatus
from tickets.undo import undoing

register_converter(ExternalIdConverter, "external_id")


class CustomerSerializer(FlatSerializer):
    """A customer, as X last showed them."""

    external_id = serializers.CharField()

    class Meta:
        model = Customer
        fields = ["external_id", "handle", "name", "followers", "protected", "tags"]


class MediumSerializer(serializers.Serializer):
    """A picture, video or GIF.

    `url` is the address of a picture of it, empty where X gives none.
    """

    type = serializers.ChoiceField(choices=[*sorted(attached.MEDIA), attached.OTHER])
    url = serializers.CharField(allow_blank=True)
    alt_text = serializers.CharField(allow_blank=True)
    seconds = serializers.IntegerField(required=False, help_text="how long a video is")


class NamedSerializer(serializers.Serializer):
    """Somebody whom X says the post names: by number, since a handle can change hands."""

    id = serializers.CharField(allow_blank=True)
    handle = serializers.CharField()
    start = serializers.IntegerField(
        required=False, help_text="where in the text it stands, in code points"
    )


class ExtraSerializer(serializers.Serializer):
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


class PostSerializer(FlatSerializer):
    """The customer's newest post. A post without words may have media or something else."""

    external_id = serializers.CharField(source="newest.external_id")
    text = serializers.CharField(source="newest.text")
    language = serializers.CharField(source="newest.language")
    quoted = serializers.CharField(allow_null=True)
    named = NamedSerializer(source="newest.named", many=True)
    media = MediumSerializer(source="newest.media", many=True)
    extras = ExtraSerializer(source="newest.extras", many=True)

    class Meta:
        model = Mention
        fields = [
            "external_id",
            "text",
            "language",
            "status",
            "names_us",
            "quoted",
            "named",
            "media",
            "extras",
        ]


class TicketSerializer(FlatSerializer):
    """A ticket. `context_version` is what a decision must name."""

    customer = CustomerSerializer()
    account = serializers.CharField(source="account.handle")
    assignee = serializers.CharField(source="assignee.name", allow_null=True)
    is_escalated = serializers.BooleanField()
    text = serializers.CharField(source="last_mention.newest.text", allow_null=True)
    post = PostSerializer(source="last_mention", allow_null=True)
    conversation_id = serializers.CharField()
    merged_into = serializers.IntegerField(source="merged_number", allow_null=True)

    class Meta:
        model = Ticket
        fields = [
            "number",
            "status",
            "context_version",
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
            "merged_into",
            "created_at",
        ]


class PersonInputSerializer(StrictSerializer):
    """Whom to assign; null for nobody."""

    person = serializers.PrimaryKeyRelatedField(queryset=Person.objects.all(), allow_null=True)


class HandOffInputSerializer(StrictSerializer):
    """Where to, and a note for them."""

    department = serializers.PrimaryKeyRelatedField(queryset=Department.objects.all())
    note = serializers.CharField(max_length=1000, allow_blank=True, default="")


class SnoozeInputSerializer(StrictSerializer):
    """Until when."""

    until = Moment()


class ResolveInputSerializer(StrictSerializer):
    """Why no (further) reply is needed, and how the customer left, if the caller says it.

    `outcome_post` is the id of the customer's post that shows it; without it, their last one.
    """

    reason = serializers.ChoiceField(choices=ResolvedReason.choices)
    outcome = serializers.ChoiceField(choices=LeftAs.choices, allow_blank=True, default="")
    outcome_post = Line(max_length=64, allow_blank=True, default="")


class MergeInputSerializer(StrictSerializer):
    """The number of the ticket that stays and answers both."""

    into = WholeNumber(min_value=1)


class TagsInputSerializer(StrictSerializer):
    """All tags."""

    tags = serializers.ListField(child=Line(max_length=60), max_length=20)


class PriorityInputSerializer(StrictSerializer):
    """How urgent."""

    priority = serializers.ChoiceField(choices=Priority.choices)


class TextInputSerializer(StrictSerializer):
    """A note."""

    text = serializers.CharField(max_length=4000)


class EmptyInputSerializer(StrictSerializer):
    """Nothing."""


class ReasonInputSerializer(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=1000)


class AccountSerializer(serializers.ModelSerializer):
    """A connected account; its credentials are never shown.

    Handle and name are X's, and may change; the numbers stay.
    """

    external_id = serializers.CharField()

    class Meta:
        model = ConnectedAccount
        fields = [
            "id",
            "external_id",
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


class TicketFilters(filters.FilterSet):
    """By status, department, account, assignee (a person's number), tag, and time of change."""

    status = filters.ChoiceFilter(choices=TicketStatus.choices)
    department = WholeNumberFilter()
    account = WholeNumberFilter()
    assignee = WholeNumberFilter()
    tag = filters.CharFilter(field_name="tags", method="tagged")
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")

    def tagged(self, rows: QuerySet[Ticket], _name: str, tag: str) -> QuerySet[Ticket]:
        """Return the tickets that bear this tag."""
        return rows.filter(tags__contains=[tag])


def find(request: ApiRequest, number: int) -> Ticket:
    """Return the ticket, or 404 for who may not see it."""
    seen = querysets.with_merging(querysets.visible_to(request.user), request.user)
    return get_object_or_404(
        querysets.for_rows(seen).select_related("department__parent", "customer", "merged_into"),
        number=number,
    )


def find_again(user: User, number: int) -> Ticket:
    """Return the ticket after the verb, also for who may not see it any more."""
    rows = querysets.with_merging(Ticket.objects.all(), user)
    return querysets.for_rows(rows).get(number=number)


def ticket_verb(summary: str, serializer: type[StrictSerializer]) -> Any:
    """Describe a verb on a ticket: it answers with the ticket as it stands then."""
    return extend_schema(summary=summary, request=serializer, responses=TicketSerializer)


@extend_schema_view(
    list=extend_schema(
        operation_id="tickets_list",
        summary="List tickets",
        responses=TicketSerializer(many=True),
        parameters=[OpenApiParameter("q", str, description="words, a handle or a number")],
    ),
    retrieve=extend_schema(
        operation_id="tickets_read", summary="Read a ticket", responses=TicketSerializer
    ),
)
class Tickets(DeskViewSet):
    """Tickets: what one customer wants in one conversation, until it is resolved."""

    queryset = Ticket.objects.none()
    filterset_class = TicketFilters
    parameters = frozenset({"q"})
    lookup_field = "number"
    lookup_value_converter = "int"

    def list(self, request: ApiRequest) -> Response:
        """Return the tickets that the caller sees, the newest first.

        With `q` those that a search finds; the header `X-Search-Partial: true` says that more
        fits than a search looks through, so that more words help.
        """
        words = request.query_params.get("q", "")
        found = search.looked_for(request.user, words) if words else None
        rows = found.tickets if found else querysets.visible_to(request.user)
        columns = flat.columns(TicketSerializer)
        page = self.one_page(querysets.for_programs(rows, columns.names))
        page = querysets.name_mergings(page, request.user)
        response = self.get_paginated_response([columns.read(one) for one in page])
        response["X-Search-Partial"] = "true" if found and found.is_partial else "false"
        return response

    def retrieve(self, request: ApiRequest, number: int) -> Response:
        """Return the ticket as it stands now, with the context that a decision must name."""
        return Response(TicketSerializer(find(request, number)).data)

    def done(self, request: ApiRequest, number: int) -> Response:
        """Answer with the ticket as it stands after a verb."""
        return Response(TicketSerializer(find_again(request.user, number)).data)

    @ticket_verb("Take a ticket", EmptyInputSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: ApiRequest, number: int) -> Response:
        """Assign the ticket to the caller."""
        ticket = find(request, number)
        clean(EmptyInputSerializer, request)
        lifecycle.take(ticket, by=request.user)
        return self.done(request, number)

    @ticket_verb("Assign a ticket", PersonInputSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: ApiRequest, number: int) -> Response:
        """Assign the ticket to a colleague of its department, or to nobody."""
        ticket = find(request, number)
        lifecycle.assign(
            ticket, to=clean(PersonInputSerializer, request)["person"], by=request.user
        )
        return self.done(request, number)

    @ticket_verb("Hand a ticket over", HandOffInputSerializer)
    @action(detail=True, methods=["post"], url_path="hand-off")
    def hand_off(self, request: ApiRequest, number: int) -> Response:
        """Move the ticket to another department, with a note for them."""
        ticket, given = find(request, number), clean(HandOffInputSerializer, request)
        lifecycle.hand_off(ticket, to=given["department"], note=given["note"], by=request.user)
        return self.done(request, number)

    @ticket_verb("Snooze a ticket", SnoozeInputSerializer)
    @action(detail=True, methods=["post"])
    def snooze(self, request: ApiRequest, number: int) -> Response:
        """Put the ticket aside until a time; a new post of the customer brings it back at once."""
        ticket = find(request, number)
        lifecycle.snooze(
            ticket, until=clean(SnoozeInputSerializer, request)["until"], by=request.user
        )
        return self.done(request, number)

    @ticket_verb("Resolve a ticket", ResolveInputSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request: ApiRequest, number: int) -> Response:
        """Say that no further reply is needed, why, and how the customer left."""
        ticket, given = find(request, number), clean(ResolveInputSerializer, request)
        left = recording.Said(given["outcome"], given["outcome_post"])
        lifecycle.resolve(ticket, reason=given["reason"], by=request.user, left=left)
        return self.done(request, number)

    @ticket_verb("Reopen a ticket", EmptyInputSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: ApiRequest, number: int) -> Response:
        """Open a resolved ticket again."""
        ticket = find(request, number)
        clean(EmptyInputSerializer, request)
        lifecycle.reopen(ticket, by=request.user)
        return self.done(request, number)

    @ticket_verb("Merge a ticket into another one", MergeInputSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: ApiRequest, number: int) -> Response:
        """Answer the ticket's posts in another ticket of the same customer."""
        ticket, given = find(request, number), clean(MergeInputSerializer, request)
        merging.merge(ticket, into=find(request, given["into"]), by=request.user)
        return self.done(request, number)

    @ticket_verb("Unmerge a ticket", EmptyInputSerializer)
    @action(detail=True, methods=["post"])
    def unmerge(self, request: ApiRequest, number: int) -> Response:
        """Take a merged ticket out of the other one; it stands as before."""
        ticket = find(request, number)
        clean(EmptyInputSerializer, request)
        merging.unmerge(ticket, by=request.user)
        return self.done(request, number)

    @ticket_verb("Set the tags of a ticket", TagsInputSerializer)
    @action(detail=True, methods=["post"])
    def tags(self, request: ApiRequest, number: int) -> Response:
        """Replace all tags of the ticket."""
        ticket = find(request, number)
        lifecycle.tag(ticket, tags=clean(TagsInputSerializer, request)["tags"], by=request.user)
        return self.done(request, number)

    @ticket_verb("Set the priority of a ticket", PriorityInputSerializer)
    @action(detail=True, methods=["post"])
    def priority(self, request: ApiRequest, number: int) -> Response:
        """Say how urgent the ticket is."""
        ticket, given = find(request, number), clean(PriorityInputSerializer, request)
        lifecycle.set_priority(ticket, priority=given["priority"], by=request.user)
        return self.done(request, number)

    @ticket_verb("Undo what one did last", EmptyInputSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: ApiRequest, number: int) -> Response:
        """Let the ticket stand as before the caller's last verb, for some minutes."""
        ticket = find(request, number)
        clean(EmptyInputSerializer, request)
        undoing.undo(undoing.latest_of(ticket, request.user), by=request.user)
        return self.done(request, number)

    @ticket_verb("Add an internal note", TextInputSerializer)
    @action(detail=True, methods=["post"])
    def notes(self, request: ApiRequest, number: int) -> Response:
        """Write a note for colleagues; it is never posted."""
        ticket = find(request, number)
        notes.add_note(ticket, text=clean(TextInputSerializer, request)["text"], by=request.user)
        return self.done(request, number)


@extend_schema_view(
    retrieve=extend_schema(
        operation_id="customers_read", summary="Read a customer", responses=CustomerSerializer
    )
)
class Customers(DeskViewSet):
    """Customers with whom the caller's departments have a ticket."""

    queryset = Customer.objects.none()
    lookup_field = "external_id"
    lookup_value_converter = "external_id"

    def retrieve(self, request: ApiRequest, external_id: str) -> Response:
        """Return the customer with this id on X, as X last showed them."""
        seen = Customer.objects.filter(
            network=Network.X,
            pk__in=querysets.visible_to(request.user)
            .filter(customer__external_id=external_id)
            .values("customer"),
        )
        return Response(CustomerSerializer(get_object_or_404(seen, external_id=external_id)).data)


def mine(request: ApiRequest) -> QuerySet[ConnectedAccount]:
    """Return the accounts this person has to do with; all of them for administrators."""
    if request.user.is_administrator:
        return ConnectedAccount.objects.all()
    return ConnectedAccount.objects.filter(department__in=department_ids(request.user))


@extend_schema_view(
    list=extend_schema(
        operation_id="accounts_list",
        summary="List connected accounts",
        responses=AccountSerializer(many=True),
    ),
    retrieve=extend_schema(
        operation_id="accounts_read",
        summary="Read a connected account",
        responses=AccountSerializer,
    ),
)
class Accounts(DeskViewSet):
    """Our accounts on X; their credentials are never shown."""

    queryset = ConnectedAccount.objects.none()
    lookup_value_converter = "int"

    def list(self, request: ApiRequest) -> Response:
        """Return the connected accounts of the caller's departments; all to administrators."""
        return self.page_of(mine(request), AccountSerializer)

    def retrieve(self, request: ApiRequest, pk: int) -> Response:
        """Return one of the accounts that the caller's list shows."""
        return Response(AccountSerializer(get_object_or_404(mine(request), pk=pk)).data)

    @extend_schema(
        summary="Pause an account", request=ReasonInputSerializer, responses=AccountSerializer
    )
    @action(detail=True, methods=["post"])
    def pause(self, request: ApiRequest, pk: int) -> Response:
        """Stop sending from this account at once; approved replies wait."""
        account = get_object_or_404(mine(request), pk=pk)
        reason = clean(ReasonInputSerializer, request)["reason"]
        return Response(
            AccountSerializer(accounts.pause(account, reason=reason, by=request.user)).data
        )

    @extend_schema(
        summary="Resume an account", request=EmptyInputSerializer, responses=AccountSerializer
    )
    @action(detail=True, methods=["post"])
    def resume(self, request: ApiRequest, pk: int) -> Response:
        """Send from this account again; what waits goes out."""
        clean(EmptyInputSerializer, request)
        account = accounts.resume(get_object_or_404(mine(request), pk=pk), by=request.user)
        signals.sending_resumed.send(sender=ConnectedAccount)
        return Response(AccountSerializer(account).data)
