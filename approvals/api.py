"""API: drafts and decisions, over the same verbs as the screens.

A decision names the hash and the context version that were read.
"""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from approvals import policies, signals
from approvals.drafts import attachments, drafting
from approvals.escalation import escalation
from approvals.models import Attachment, Draft, Revision
from approvals.querysets import reviews_with_rests_on_one
from approvals.reviews import decisions, taking_back
from approvals.serializers import DraftSerializer, OneDraftSerializer
from approvals.states import DraftStatus
from core.api.base import Line, StrictSerializer, WholeNumber, clean
from core.api.viewsets import DeskViewSet, MomentFilter, WholeNumberFilter
from core.errors import Reason, Stale
from people.requests import ApiRequest
from tickets.api import EmptyInputSerializer, ReasonInputSerializer, Tickets, ticket_verb
from tickets.api import find as find_ticket
from tickets.querysets import visible_to


class PictureInputSerializer(StrictSerializer):
    """A picture as a file (`multipart/form-data`), and what it shows.

    JPEG, PNG, WebP or HEIC of at most 12 MB.
    """

    picture = serializers.FileField()
    alt = serializers.CharField(max_length=attachments.LONGEST_ALT, allow_blank=True, default="")


class DescribeInputSerializer(StrictSerializer):
    """What the picture shows."""

    alt = serializers.CharField(max_length=attachments.LONGEST_ALT, allow_blank=True)


class DraftInputSerializer(StrictSerializer):
    """The first words."""

    text = serializers.CharField(
        allow_blank=True, default="", max_length=5000, trim_whitespace=False
    )


class SaveInputSerializer(StrictSerializer):
    """What is typed, and the count of savings that was on the screen."""

    text = serializers.CharField(allow_blank=True, max_length=5000, trim_whitespace=False)
    saved = WholeNumber(min_value=0, required=False)


class SubmitInputSerializer(StrictSerializer):
    """Take the text to freeze, the context version that was on the screen, and explanations.

    Explanations go by the keys of the findings.
    """

    explanations = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True), required=False
    )
    text = serializers.CharField(allow_blank=True, max_length=5000, trim_whitespace=False)
    context_version = WholeNumber(min_value=1, required=False)


class ReadTextSerializer(StrictSerializer):
    """What was read: the revision's hash and the ticket's context version."""

    sha256 = Line(max_length=64)
    context_version = WholeNumber(min_value=0)

    def to_internal_value(self, data: Any) -> Any:
        """Refuse first what names no text at all, in the words of the verb."""
        if isinstance(data, dict) and not data.get("sha256"):
            raise policies.names_no_text().error()
        return super().to_internal_value(data)


class DecideInputSerializer(ReadTextSerializer):
    """What was read, and a remark."""

    comment = serializers.CharField(max_length=2000, allow_blank=True, default="")


class ApproveInputSerializer(DecideInputSerializer):
    """Take explanations of what came up since the text was submitted as well.

    They go by the keys of `new_findings`.
    """

    explanations = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True), required=False
    )


class ReturnInputSerializer(DecideInputSerializer):
    """Also why; a paragraph of the guideline counts."""

    paragraph = Line(max_length=40, allow_blank=True, default="")


class CorrectInputSerializer(ReadTextSerializer):
    """The new words, what was read, and explanations by the keys of the findings."""

    explanations = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True), required=False
    )
    text = serializers.CharField(allow_blank=True, max_length=5000, trim_whitespace=False)


def seen_by(request: ApiRequest) -> QuerySet[Draft]:
    """Return the drafts of the tickets this person sees."""
    return for_answers(
        Draft.objects.filter(ticket__in=visible_to(request.user)).select_related(
            "ticket__department__parent", "ticket__customer", "ticket__account", "writer__person"
        )
    )


def for_answers(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Read with the drafts what an answer shows of them, in as many queries for many as for one."""
    pictures = attachments.without_bytes(Attachment.objects.all())
    return drafts.prefetch_related(
        Prefetch("attachments", pictures, to_attr="pictures"),
        "revisions__person",
        "revisions__findings",
        Prefetch("revisions__reviews", reviews_with_rests_on_one()),
        "revisions__reviews__person",
        "revisions__reviews__void",
    )


class DraftFilters(filters.FilterSet):
    """By status, ticket, department, writer (a person's number) and time of the last saving."""

    status = filters.ChoiceFilter(choices=DraftStatus.choices)
    ticket = WholeNumberFilter(field_name="ticket__number")
    department = WholeNumberFilter(field_name="ticket__department")
    writer = WholeNumberFilter(field_name="writer__person")
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")


def named(draft: Draft, given: dict[str, Any]) -> Revision:
    """Return the revision that the hash names.

    The newest one where it names none of this draft (and is then refused).
    """
    revision = (
        draft.revisions.filter(sha256=given["sha256"]).order_by("-number").first() or draft.newest
    )
    if revision is None:
        sentence = _("This draft is not in review. Load again to see where it stands now.")
        raise Stale(Reason("not_in_review", sentence))
    return revision


def as_it_stands(pk: int) -> Response:
    """Answer with the draft after a verb, also to who may not see it any more."""
    draft = for_answers(Draft.objects.select_related("ticket", "writer__person")).get(pk=pk)
    return Response(DraftSerializer(draft).data)


def draft_verb(summary: str, serializer: type[StrictSerializer]) -> Any:
    """Describe a verb on a draft: it answers with the draft as it stands then."""
    return extend_schema(summary=summary, request=serializer, responses=DraftSerializer)


class DraftPictures(DeskViewSet):
    """The pictures of a draft."""

    @extend_schema(
        summary="Add a picture to a draft",
        request={"multipart/form-data": PictureInputSerializer},
        responses={201: DraftSerializer},
    )
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def pictures(self, request: ApiRequest, pk: int) -> Response:
        """Add a picture with its description; a reply takes four."""
        given = clean(PictureInputSerializer, request)
        draft = get_object_or_404(seen_by(request), pk=pk)
        picture = given["picture"]
        attachments.attach(
            draft, picture=picture, size=picture.size, alt=given["alt"], by=request.user
        )
        return Response(
            DraftSerializer(seen_by(request).get(pk=pk)).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(
        summary="Describe a picture", request=DescribeInputSerializer, responses=DraftSerializer
    )
    @action(
        detail=True,
        methods=["patch"],
        url_path="pictures/<int:number>",
        url_name="picture",
    )
    def picture(self, request: ApiRequest, pk: int, number: int) -> Response:
        """Keep what a picture of the draft shows, for people who cannot see it."""
        given = clean(DescribeInputSerializer, request)
        draft = self.draft_with(request, pk, number)
        attachments.describe(draft, {number: given["alt"]}, by=request.user)
        return Response(DraftSerializer(seen_by(request).get(pk=pk)).data)

    @extend_schema(summary="Take a picture away", request=None, responses=DraftSerializer)
    @picture.mapping.delete
    def take_picture_away(self, request: ApiRequest, pk: int, number: int) -> Response:
        """Take a picture away from the draft."""
        draft = self.draft_with(request, pk, number)
        attachments.detach(draft, number, by=request.user)
        return Response(DraftSerializer(seen_by(request).get(pk=pk)).data)

    def draft_with(self, request: ApiRequest, pk: int, number: int) -> Draft:
        """Return the draft, if it has this picture now."""
        return get_object_or_404(
            seen_by(request).filter(attachments__pk=number, attachments__is_attached=True), pk=pk
        )


class DraftDecisions(DeskViewSet):
    """The reviewer's verbs; each names the hash and the context version that were read."""

    def decide(
        self, request: ApiRequest, pk: int, serializer: type[StrictSerializer], verb: Any
    ) -> Response:
        """Do a verb on the revision that the body's hash names."""
        draft = get_object_or_404(seen_by(request), pk=pk)
        given = clean(serializer, request)
        read = {
            "sha256": given.pop("sha256"),
            "context_version": given.pop("context_version"),
        }
        verb(named(draft, read), **given, **read, by=request.user)
        signals.draft_decided.send(sender=Draft)
        return as_it_stands(pk)

    @draft_verb("Approve a draft", ApproveInputSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: ApiRequest, pk: int) -> Response:
        """Sign a colleague's text; it leaves within seconds, word for word."""
        return self.decide(request, pk, ApproveInputSerializer, decisions.approve)

    @draft_verb("Countersign a correction", ApproveInputSerializer)
    @action(detail=True, methods=["post"])
    def countersign(self, request: ApiRequest, pk: int) -> Response:
        """Sign one's own text as a colleague has corrected it."""
        return self.decide(request, pk, ApproveInputSerializer, decisions.approve)

    @draft_verb("Request changes", ReturnInputSerializer)
    @action(detail=True, methods=["post"], url_path="request-changes")
    def request_changes(self, request: ApiRequest, pk: int) -> Response:
        """Send the text back to its author, with a reason or a paragraph of the guideline."""
        return self.decide(request, pk, ReturnInputSerializer, decisions.request_changes)

    @draft_verb("Reject a draft", ReturnInputSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: ApiRequest, pk: int) -> Response:
        """Say that this draft is not to be sent in any wording."""
        return self.decide(request, pk, ReturnInputSerializer, decisions.reject)

    @draft_verb("Correct a draft", CorrectInputSerializer)
    @action(detail=True, methods=["post"])
    def correct(self, request: ApiRequest, pk: int) -> Response:
        """Change the words oneself; the author countersigns."""
        return self.decide(request, pk, CorrectInputSerializer, decisions.correct)

    @draft_verb("Claim a review", EmptyInputSerializer)
    @action(detail=True, methods=["post"])
    def claim(self, request: ApiRequest, pk: int) -> Response:
        """Tell colleagues that one reviews this draft now."""
        draft = get_object_or_404(seen_by(request), pk=pk)
        clean(EmptyInputSerializer, request)
        decisions.claim(draft, by=request.user)
        return as_it_stands(pk)

    @draft_verb("Release a review", EmptyInputSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: ApiRequest, pk: int) -> Response:
        """Leave the review to others."""
        draft = get_object_or_404(seen_by(request), pk=pk)
        clean(EmptyInputSerializer, request)
        decisions.release(draft, by=request.user)
        return as_it_stands(pk)

    @draft_verb("Revoke an approval", EmptyInputSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: ApiRequest, pk: int) -> Response:
        """Take one's approval back before the reply leaves; the text is in review again."""
        draft = get_object_or_404(seen_by(request), pk=pk)
        clean(EmptyInputSerializer, request)
        taking_back.revoke(draft, by=request.user)
        signals.draft_decided.send(sender=Draft)
        return as_it_stands(pk)

    @draft_verb("Take a request for changes back", EmptyInputSerializer)
    @action(detail=True, methods=["post"], url_path="take-back-changes")
    def take_back_changes(self, request: ApiRequest, pk: int) -> Response:
        """Undo one's own request for changes for some minutes; the text is in review again."""
        draft = get_object_or_404(seen_by(request), pk=pk)
        clean(EmptyInputSerializer, request)
        taking_back.take_back_changes(draft, by=request.user)
        return as_it_stands(pk)


@extend_schema_view(
    list=extend_schema(
        operation_id="drafts_list", summary="List drafts", responses=DraftSerializer(many=True)
    ),
    retrieve=extend_schema(
        operation_id="drafts_read", summary="Read a draft", responses=OneDraftSerializer
    ),
    partial_update=extend_schema(
        operation_id="drafts_save",
        summary="Save what is typed",
        request=SaveInputSerializer,
        responses=DraftSerializer,
    ),
)
class Drafts(DraftDecisions, DraftPictures):
    """Drafts: proposed replies, with every text that was submitted and what was said about it."""

    queryset = Draft.objects.none()
    filterset_class = DraftFilters
    lookup_value_converter = "int"
    deciding = frozenset(
        {
            "approve",
            "countersign",
            "request_changes",
            "reject",
            "correct",
            "revoke",
            "take_back_changes",
        }
    )

    def list(self, request: ApiRequest) -> Response:
        """Return the drafts of the tickets that the caller sees, the newest first."""
        return self.page_of(seen_by(request), DraftSerializer)

    def retrieve(self, request: ApiRequest, pk: int) -> Response:
        """Return the draft as it stands now, with what the checks find since it was submitted."""
        return Response(OneDraftSerializer(get_object_or_404(seen_by(request), pk=pk)).data)

    def partial_update(self, request: ApiRequest, pk: int) -> Response:
        """Keep what is typed; `saved` is the count that was on the screen."""
        given = clean(SaveInputSerializer, request)
        draft = get_object_or_404(seen_by(request), pk=pk)
        drafting.save(draft, text=given["text"], saved=given.get("saved"), by=request.user)
        return Response(DraftSerializer(seen_by(request).get(pk=pk)).data)

    @draft_verb("Submit a draft", SubmitInputSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: ApiRequest, pk: int) -> Response:
        """Freeze the text for review, with explanations of what the checks found."""
        draft, given = (
            get_object_or_404(seen_by(request), pk=pk),
            clean(SubmitInputSerializer, request),
        )
        drafting.submit(
            draft,
            text=given["text"],
            context_version=given.get("context_version"),
            by=request.user,
            explanations=given.get("explanations"),
        )
        return as_it_stands(pk)

    @draft_verb("Take a draft over", EmptyInputSerializer)
    @action(detail=True, methods=["post"], url_path="take-over")
    def take_over(self, request: ApiRequest, pk: int) -> Response:
        """Become the writer of a colleague's draft."""
        draft = get_object_or_404(seen_by(request), pk=pk)
        clean(EmptyInputSerializer, request)
        drafting.take_over(draft, by=request.user)
        return as_it_stands(pk)

    @draft_verb("Withdraw a draft", EmptyInputSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: ApiRequest, pk: int) -> Response:
        """Take one's own draft back; nothing of it is sent."""
        draft = get_object_or_404(seen_by(request), pk=pk)
        clean(EmptyInputSerializer, request)
        drafting.withdraw(draft, by=request.user)
        return as_it_stands(pk)


class TicketsWithReplies(Tickets):
    """Tickets, with the verbs that begin a reply or call the lead."""

    @extend_schema(
        summary="Open a draft", request=DraftInputSerializer, responses={201: DraftSerializer}
    )
    @action(detail=True, methods=["post"])
    def drafts(self, request: ApiRequest, number: int) -> Response:
        """Begin the reply to the ticket, or join the draft that is open."""
        given = clean(DraftInputSerializer, request)
        draft = drafting.open_draft(
            find_ticket(request, number), by=request.user, text=given["text"]
        )
        return Response(
            DraftSerializer(seen_by(request).get(pk=draft.pk)).data, status=status.HTTP_201_CREATED
        )

    @ticket_verb("Escalate a ticket", ReasonInputSerializer)
    @action(detail=True, methods=["post"])
    def escalate(self, request: ApiRequest, number: int) -> Response:
        """Lay the ticket before the department's lead, with a reason."""
        ticket, given = find_ticket(request, number), clean(ReasonInputSerializer, request)
        escalation.escalate(ticket, reason=given["reason"], by=request.user)
        return self.done(request, number)

    @ticket_verb("Hand an escalated ticket back", ReasonInputSerializer)
    @action(detail=True, methods=["post"], url_path="hand-back")
    def hand_back(self, request: ApiRequest, number: int) -> Response:
        """Give an escalated ticket back to the department: the lead's side, with a reason."""
        ticket, given = find_ticket(request, number), clean(ReasonInputSerializer, request)
        escalation.hand_back(ticket, reason=given["reason"], by=request.user)
        return self.done(request, number)
