"""API: drafts and decisions, over the same verbs as the screens.

A decision names the hash and the ground that were read.
"""

import base64
import io
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from approvals import attachments, drafting, escalation, reviewing, signals
from approvals.models import Draft, Revision
from approvals.serializers import DraftOut, OneDraftOut
from approvals.states import DraftStatus
from core.cuts import part
from core.errors import Invalid, Reason, Stale
from people.requests import ApiRequest
from people.rest import Line, StrictSerializer, clean
from tickets.api import EmptyIn, ReasonIn, verb
from tickets.api import find as find_ticket
from tickets.querysets import visible_to

PAGE = 50


class PictureIn(StrictSerializer):
    """A JPEG, PNG or WebP of at most 12 MB, in base64, and what it shows."""

    picture = serializers.CharField(max_length=16_000_000)
    alt = serializers.CharField(max_length=attachments.LONGEST_ALT, allow_blank=True, default="")


class DescribeIn(StrictSerializer):
    """What the picture shows."""

    alt = serializers.CharField(max_length=attachments.LONGEST_ALT, allow_blank=True)


class DraftIn(StrictSerializer):
    """The first words."""

    text = serializers.CharField(
        allow_blank=True, default="", max_length=5000, trim_whitespace=False
    )


class SaveIn(StrictSerializer):
    """What is typed, and the count of savings that was on the screen."""

    text = serializers.CharField(allow_blank=True, max_length=5000, trim_whitespace=False)
    saved = serializers.IntegerField(min_value=0, required=False)


class SubmitIn(StrictSerializer):
    """Take the text to freeze, the ground that was on the screen, and explanations.

    Explanations go by the keys of the findings.
    """

    explanations = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True), required=False
    )
    text = serializers.CharField(allow_blank=True, max_length=5000, trim_whitespace=False)
    ground = serializers.IntegerField(min_value=1, required=False)


class DecideIn(StrictSerializer):
    """What was read: the revision's hash and the ticket's ground."""

    sha256 = Line(max_length=64, required=False, allow_blank=True)
    ground = serializers.IntegerField(min_value=0)
    comment = serializers.CharField(max_length=2000, allow_blank=True, default="")


class ApproveIn(DecideIn):
    """Take explanations of what came up since the text was submitted as well.

    They go by the keys of `new_findings`.
    """

    explanations = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True), required=False
    )


class ReturnIn(DecideIn):
    """Also why; a paragraph of the guideline counts."""

    paragraph = Line(max_length=40, allow_blank=True, default="")


class CorrectIn(StrictSerializer):
    """The new words, what was read, and explanations by the keys of the findings."""

    explanations = serializers.DictField(
        child=serializers.CharField(max_length=500, allow_blank=True), required=False
    )
    text = serializers.CharField(allow_blank=True, max_length=5000, trim_whitespace=False)
    sha256 = Line(max_length=64, required=False, allow_blank=True)
    ground = serializers.IntegerField(min_value=0)


def seen_by(request: ApiRequest) -> QuerySet[Draft]:
    """Return the drafts of the tickets this person sees."""
    return (
        Draft.objects.filter(ticket__in=visible_to(request.user))
        .select_related(
            "ticket__department__parent", "ticket__customer", "ticket__account", "writer__person"
        )
        .prefetch_related(
            "revisions__person",
            "revisions__findings",
            "revisions__reviews__person",
            "revisions__reviews__void",
        )
    )


class Drafts(APIView):
    """The drafts that the caller sees."""

    @extend_schema(
        responses=DraftOut(many=True),
        parameters=[OpenApiParameter("status", str), OpenApiParameter("skip", int)],
    )
    def get(self, request: ApiRequest) -> Response:
        """Fifty at a time, the newest first, from `skip` on, of one status if asked.

        The header X-Total-Count says how many there are.
        """
        rows = seen_by(request).order_by("-id")
        if wanted := request.query_params.get("status"):
            if wanted not in DraftStatus.values:
                raise Invalid(Reason("status_unknown", ", ".join(DraftStatus.values)), "status")
            rows = rows.filter(status=wanted)
        shown, headers = part(rows, request.query_params, PAGE)
        return Response(DraftOut(shown, many=True).data, headers=headers)


class NewDraft(APIView):
    """The reply to a ticket."""

    @extend_schema(request=DraftIn, responses={201: DraftOut})
    def post(self, request: ApiRequest, number: int) -> Response:
        """Begin it, or join the open one."""
        given = clean(DraftIn, request)
        draft = drafting.open_draft(
            find_ticket(request, number), by=request.user, text=given["text"]
        )
        return Response(
            DraftOut(seen_by(request).get(pk=draft.pk)).data, status=status.HTTP_201_CREATED
        )


class OneDraft(APIView):
    """One draft."""

    @extend_schema(responses=OneDraftOut)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """As it stands now, with what the checks find since it was submitted."""
        return Response(OneDraftOut(get_object_or_404(seen_by(request), pk=pk)).data)

    @extend_schema(request=SaveIn, responses=DraftOut)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Keep what is typed."""
        given = clean(SaveIn, request)
        draft = get_object_or_404(seen_by(request), pk=pk)
        drafting.save(draft, text=given["text"], saved=given.get("saved"), by=request.user)
        return Response(DraftOut(seen_by(request).get(pk=pk)).data)


class Pictures(APIView):
    """The pictures of a draft."""

    @extend_schema(request=PictureIn, responses={201: DraftOut})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Add one."""
        given = clean(PictureIn, request)
        draft = get_object_or_404(seen_by(request), pk=pk)
        try:
            brought = base64.b64decode(given["picture"], validate=True)
        except ValueError as wrong:
            raise Invalid(
                Reason("picture_odd", _("This is no picture in base64.")), "picture"
            ) from wrong
        attachments.attach(
            draft, picture=io.BytesIO(brought), size=len(brought), alt=given["alt"], by=request.user
        )
        return Response(DraftOut(seen_by(request).get(pk=pk)).data, status=status.HTTP_201_CREATED)


class OnePicture(APIView):
    """A picture of a draft."""

    @extend_schema(request=DescribeIn, responses=DraftOut)
    def patch(self, request: ApiRequest, pk: int, number: int) -> Response:
        """Keep its description."""
        given = clean(DescribeIn, request)
        draft = self.draft_with(request, pk, number)
        attachments.describe(draft, {number: given["alt"]}, by=request.user)
        return Response(DraftOut(seen_by(request).get(pk=pk)).data)

    @extend_schema(responses=DraftOut)
    def delete(self, request: ApiRequest, pk: int, number: int) -> Response:
        """Take it away."""
        attachments.detach(self.draft_with(request, pk, number), number, by=request.user)
        return Response(DraftOut(seen_by(request).get(pk=pk)).data)

    def draft_with(self, request: ApiRequest, pk: int, number: int) -> Draft:
        """Return the draft, if it has this picture now."""
        return get_object_or_404(
            seen_by(request).filter(attachments__pk=number, attachments__is_attached=True), pk=pk
        )


class DraftVerb(APIView):
    """A verb on a draft; answers with the draft as it stands then."""

    serializer: type[StrictSerializer] = EmptyIn

    @extend_schema(request=None, responses=DraftOut)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Do it, or refuse with a sentence and a code."""
        draft = get_object_or_404(seen_by(request), pk=pk)
        self.do(draft, clean(self.serializer, request), request.user)
        signals.draft_decided.send(sender=Draft)
        return Response(
            DraftOut(
                Draft.objects.filter(pk=pk)
                .select_related("ticket", "writer__person")
                .prefetch_related(
                    "revisions__person",
                    "revisions__findings",
                    "revisions__reviews__person",
                    "revisions__reviews__void",
                )
                .get()
            ).data
        )

    def do(self, draft: Draft, given: dict[str, Any], by: Any) -> None:
        """Do the verb itself."""
        raise NotImplementedError


def draft_verb(name: str, serializer: type[StrictSerializer], do: Any) -> Any:
    """Make a view for one verb, described by its input."""
    view = type(
        name,
        (DraftVerb,),
        {
            "serializer": serializer,
            "do": lambda self, draft, given, by: do(draft, given, by),
            "__doc__": name,
        },
    )
    return extend_schema(request=serializer, responses=DraftOut)(view)


def named(draft: Draft, given: dict[str, Any]) -> Revision:
    """Return the revision that the hash names.

    The newest one where it names none of this draft (and is then refused).
    """
    revision = (
        draft.revisions.filter(sha256=given.get("sha256") or "").order_by("-number").first()
        or draft.newest
    )
    if revision is None:
        sentence = _("This draft is not in review. Load again to see how it stands now.")
        raise Stale(Reason("not_in_review", sentence))
    return revision


def screen(given: dict[str, Any], by: Any) -> dict[str, Any]:
    """Return what was on the caller's screen."""
    return {"sha256": given.get("sha256"), "ground": given["ground"], "by": by}


Submit = draft_verb(
    "DraftSubmit",
    SubmitIn,
    lambda draft, given, by: drafting.submit(
        draft,
        text=given["text"],
        ground=given.get("ground"),
        by=by,
        explanations=given.get("explanations"),
    ),
)
TakeOver = draft_verb(
    "DraftTakeOver", EmptyIn, lambda draft, given, by: drafting.take_over(draft, by=by)
)
Withdraw = draft_verb(
    "DraftWithdraw", EmptyIn, lambda draft, given, by: drafting.withdraw(draft, by=by)
)
Revoke = draft_verb("DraftRevoke", EmptyIn, lambda draft, given, by: reviewing.revoke(draft, by=by))
Claim = draft_verb("DraftClaim", EmptyIn, lambda draft, given, by: reviewing.claim(draft, by=by))
Release = draft_verb(
    "DraftRelease", EmptyIn, lambda draft, given, by: reviewing.release(draft, by=by)
)
Approve = draft_verb(
    "DraftApprove",
    ApproveIn,
    lambda draft, given, by: reviewing.approve(
        named(draft, given),
        comment=given["comment"],
        explanations=given.get("explanations"),
        **screen(given, by),
    ),
)
Countersign = draft_verb(
    "DraftCountersign",
    ApproveIn,
    lambda draft, given, by: reviewing.approve(
        named(draft, given),
        comment=given["comment"],
        explanations=given.get("explanations"),
        **screen(given, by),
    ),
)
RequestChanges = draft_verb(
    "DraftRequestChanges",
    ReturnIn,
    lambda draft, given, by: reviewing.request_changes(
        named(draft, given),
        comment=given["comment"],
        paragraph=given["paragraph"],
        **screen(given, by),
    ),
)
Reject = draft_verb(
    "DraftReject",
    ReturnIn,
    lambda draft, given, by: reviewing.reject(
        named(draft, given),
        comment=given["comment"],
        paragraph=given["paragraph"],
        **screen(given, by),
    ),
)
Correct = draft_verb(
    "DraftCorrect",
    CorrectIn,
    lambda draft, given, by: reviewing.correct(
        named(draft, given),
        text=given["text"],
        explanations=given.get("explanations"),
        **screen(given, by),
    ),
)
Escalate = verb(
    "TicketEscalate",
    ReasonIn,
    lambda ticket, given, by: escalation.escalate(ticket, reason=given["reason"], by=by),
)
HandBack = verb(
    "TicketHandBack",
    ReasonIn,
    lambda ticket, given, by: escalation.hand_back(ticket, reason=given["reason"], by=by),
)
