"""API: deliveries, to look at and to settle."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from approvals import signed
from approvals.querysets import resting_on_one
from core.cuts import part
from people.access import department_ids
from people.requests import ApiRequest
from people.rest import StrictSerializer, clean
from posting import attempt_words, querysets, reconciliation, takedown
from posting.models import Delivery, Doubt
from tickets.api import EmptyIn

PAGE = 50


class DoubtOut(serializers.ModelSerializer):
    """A post of ours at the reply's place of which nobody has said yet whether it is the reply."""

    post = serializers.CharField(source="x_id")

    class Meta:
        model = Doubt
        fields = ["post", "text", "written_at"]


class DeliveryOut(serializers.ModelSerializer):
    """How the effort to post one revision stands."""

    ticket = serializers.IntegerField(source="revision.draft.ticket.number")
    draft = serializers.IntegerField(source="revision.draft_id")
    post = serializers.CharField(source="x_id", allow_null=True)
    account = serializers.CharField(source="revision.account.handle")
    target = serializers.CharField(source="revision.target_x_id")
    sentence = serializers.SerializerMethodField()
    given_by_one = serializers.SerializerMethodField()
    doubts = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = [
            "id",
            "ticket",
            "draft",
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

    @extend_schema_field(DoubtOut(many=True))
    def get_doubts(self, delivery: Delivery) -> list[dict]:
        """Return posts of which a person says whether they are the reply."""
        doubts = DoubtOut(attempt_words.open_doubts(delivery), many=True)
        return doubts.data  # type: ignore[return-value]

    def get_sentence(self, delivery: Delivery) -> str:
        """In words."""
        return attempt_words.sentence(delivery)

    def get_given_by_one(self, delivery: Delivery) -> bool:
        """Whether one person alone gave the right behind its approval; not confirmed yet."""
        return bool(resting_on_one([delivery.revision_id]))


class PostIn(StrictSerializer):
    """The id of the post on X."""

    post = serializers.RegexField(r"^[0-9]{1,19}$")


class TakeDownIn(StrictSerializer):
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


class Deliveries(APIView):
    """The outbox."""

    @extend_schema(responses=DeliveryOut(many=True), parameters=[OpenApiParameter("skip", int)])
    def get(self, request: ApiRequest) -> Response:
        """Fifty at a time, what changed last first, from `skip` on.

        The header X-Total-Count says how many there are.
        """
        rows, headers = part(
            seen_by(request).order_by("-updated_at", "-id"), request.query_params, PAGE
        )
        signed.addressed([one.revision for one in rows])
        return Response(DeliveryOut(rows, many=True).data, headers=headers)


class LookAgain(APIView):
    """Ask the desk to look at once."""

    @extend_schema(request=EmptyIn, responses=DeliveryOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Only for an uncertain one."""
        clean(EmptyIn, request)
        delivery = get_object_or_404(seen_by(request), pk=pk)
        reconciliation.look_now(delivery, by=request.user)
        return Response(DeliveryOut(seen_by(request).get(pk=pk)).data)


class SayPublic(APIView):
    """A person saw it on X."""

    @extend_schema(request=PostIn, responses=DeliveryOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Under this id."""
        reconciliation.say_public(
            get_object_or_404(seen_by(request), pk=pk),
            x_id=int(clean(PostIn, request)["post"]),
            by=request.user,
        )
        return Response(DeliveryOut(seen_by(request).get(pk=pk)).data)


class SayAnother(APIView):
    """A person looked: this post is another."""

    @extend_schema(request=PostIn, responses=DeliveryOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Let it stay on X as a post that did not come through the desk."""
        reconciliation.say_another(
            get_object_or_404(seen_by(request), pk=pk),
            x_id=int(clean(PostIn, request)["post"]),
            by=request.user,
        )
        return Response(DeliveryOut(seen_by(request).get(pk=pk)).data)


class SayAbsent(APIView):
    """A person looked: it is not there."""

    @extend_schema(request=EmptyIn, responses=DeliveryOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Send it again, if the approval still holds."""
        clean(EmptyIn, request)
        reconciliation.say_absent(get_object_or_404(seen_by(request), pk=pk), by=request.user)
        return Response(DeliveryOut(seen_by(request).get(pk=pk)).data)


class TakeDownReply(APIView):
    """Delete a reply on X."""

    @extend_schema(request=TakeDownIn, responses=DeliveryOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Only the lead's side, with a reason and a confirmation."""
        asked = clean(TakeDownIn, request)
        takedown.order(
            get_object_or_404(seen_by(request), pk=pk),
            reason=asked["reason"],
            confirmed=asked["confirmed"],
            by=request.user,
        )
        return Response(DeliveryOut(seen_by(request).get(pk=pk)).data)
