"""API: deliveries, to look at and to settle."""

from typing import Any

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from approvals.querysets import resting_on_one
from approvals.reviews import signed_text
from core.api.base import StrictSerializer, clean
from core.api.viewsets import DeskViewSet, MomentFilter, WholeNumberFilter
from networks.ids import external_id_of
from people.access import department_ids
from people.requests import ApiRequest
from posting import querysets, reconciliation, takedown
from posting.messages import attempt_messages
from posting.models import Delivery, Doubt
from posting.states import DeliveryStatus
from tickets.api import EmptyInputSerializer


class DoubtSerializer(serializers.ModelSerializer):
    """A post of ours at the reply's place of which nobody has said yet whether it is the reply."""

    post = serializers.CharField(source="external_id")

    class Meta:
        model = Doubt
        fields = ["post", "text", "written_at"]


class DeliverySerializer(serializers.ModelSerializer):
    """How the effort to post one revision stands."""

    ticket = serializers.IntegerField(source="revision.draft.ticket.number")
    draft = serializers.IntegerField(source="revision.draft_id")
    post = serializers.CharField(source="external_id", allow_null=True)
    account = serializers.CharField(source="revision.account.handle")
    target = serializers.CharField(source="revision.target_external_id")
    sentence = serializers.SerializerMethodField()
    given_by_one = serializers.SerializerMethodField()
    doubts = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = [
            "id",
            "ticket",
            "draft",
            "network",
            "surface",
            "account",
            "target",
            "status",
            "code",
            "sentence",
            "given_by_one",
            "post",
            "sha256",
            "tries",
            "due_at",
            "updated_at",
            "doubts",
        ]

    @extend_schema_field(DoubtSerializer(many=True))
    def get_doubts(self, delivery: Delivery) -> list[dict]:
        """Return posts of which a person says whether they are the reply."""
        doubts = DoubtSerializer(attempt_messages.open_doubts(delivery), many=True)
        return doubts.data  # type: ignore[return-value]

    def get_sentence(self, delivery: Delivery) -> str:
        """In words."""
        return attempt_messages.sentence(delivery)

    def get_given_by_one(self, delivery: Delivery) -> bool:
        """Whether one person alone gave the right behind its approval; not confirmed yet."""
        return bool(resting_on_one([delivery.revision_id]))


class PostInputSerializer(StrictSerializer):
    """The id of the post on X."""

    post = serializers.RegexField(r"^[0-9]{1,19}$")

    def validate_post(self, post: str) -> str:
        """Return the id as the desk keeps it, without zeros in front."""
        return external_id_of(int(post))


class TakeDownInputSerializer(StrictSerializer):
    """Why, and that it is meant."""

    reason = serializers.CharField(max_length=500, allow_blank=True)
    confirmed = serializers.BooleanField()


def seen_by(request: ApiRequest):
    """Return the deliveries of the caller's departments."""
    return querysets.with_story(
        Delivery.objects.filter(
            revision__draft__ticket__department__in=department_ids(request.user)
        )
    )


class DeliveryFilters(filters.FilterSet):
    """By status, account, department and time of change."""

    status = filters.ChoiceFilter(choices=DeliveryStatus.choices)
    account = WholeNumberFilter()
    department = WholeNumberFilter(field_name="revision__draft__ticket__department")
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")


def settling(summary: str, serializer: type[StrictSerializer]) -> Any:
    """Describe a verb on a delivery: it answers with the delivery as it stands then."""
    return extend_schema(summary=summary, request=serializer, responses=DeliverySerializer)


@extend_schema_view(
    list=extend_schema(
        operation_id="deliveries_list",
        summary="List deliveries",
        responses=DeliverySerializer(many=True),
    ),
    retrieve=extend_schema(
        operation_id="deliveries_read", summary="Read a delivery", responses=DeliverySerializer
    ),
)
class Deliveries(DeskViewSet):
    """Deliveries: the effort to post one approved revision, and what became of it."""

    queryset = Delivery.objects.none()
    filterset_class = DeliveryFilters
    lookup_value_converter = "int"

    def list(self, request: ApiRequest) -> Response:
        """Return the outbox of the caller's departments, the newest delivery first."""
        page = self.one_page(seen_by(request))
        signed_text.addressed([delivery.revision for delivery in page])
        return self.get_paginated_response(DeliverySerializer(page, many=True).data)

    def retrieve(self, request: ApiRequest, pk: int) -> Response:
        """Return the delivery as it stands now, in words too."""
        return self.shown(request, pk)

    def found(self, request: ApiRequest, pk: int) -> Delivery:
        """Return the delivery, or 404 for who may not see it."""
        return get_object_or_404(seen_by(request), pk=pk)

    def shown(self, request: ApiRequest, pk: int) -> Response:
        """Answer with the delivery as it stands."""
        return Response(DeliverySerializer(self.found(request, pk)).data)

    @settling("Look for an uncertain reply", EmptyInputSerializer)
    @action(detail=True, methods=["post"])
    def look(self, request: ApiRequest, pk: int) -> Response:
        """Ask the desk to look at once whether an uncertain reply stands on X."""
        clean(EmptyInputSerializer, request)
        reconciliation.look_now(self.found(request, pk), by=request.user)
        return self.shown(request, pk)

    @settling("Say that a reply stands on X", PostInputSerializer)
    @action(detail=True, methods=["post"])
    def public(self, request: ApiRequest, pk: int) -> Response:
        """Say that a person saw the reply on X, and under which id."""
        delivery, post = self.found(request, pk), clean(PostInputSerializer, request)["post"]
        reconciliation.say_public(delivery, external_id=post, by=request.user)
        return self.shown(request, pk)

    @settling("Say that a post is another", PostInputSerializer)
    @action(detail=True, methods=["post"])
    def another(self, request: ApiRequest, pk: int) -> Response:
        """Let a post stay on X as one that did not come through the desk."""
        delivery, post = self.found(request, pk), clean(PostInputSerializer, request)["post"]
        reconciliation.say_another(delivery, external_id=post, by=request.user)
        return self.shown(request, pk)

    @settling("Say that a reply is not on X", EmptyInputSerializer)
    @action(detail=True, methods=["post"])
    def absent(self, request: ApiRequest, pk: int) -> Response:
        """Say that a person looked and it is not there; it is sent again if it still may be."""
        clean(EmptyInputSerializer, request)
        reconciliation.say_absent(self.found(request, pk), by=request.user)
        return self.shown(request, pk)

    @settling("Delete a reply on X", TakeDownInputSerializer)
    @action(detail=True, methods=["post"], url_path="take-down")
    def take_down(self, request: ApiRequest, pk: int) -> Response:
        """Order a posted reply to be deleted: the lead's side alone, with a reason, confirmed."""
        delivery, asked = self.found(request, pk), clean(TakeDownInputSerializer, request)
        takedown.order(
            delivery, reason=asked["reason"], confirmed=asked["confirmed"], by=request.user
        )
        return self.shown(request, pk)
