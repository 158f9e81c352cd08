"""How drafts, revisions, decisions and findings look in the API's answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from approvals.drafts import finding_messages
from approvals.models import Attachment, Draft, Finding, Review, Revision
from approvals.reviews import rechecking
from approvals.states import DraftStatus


class ReviewSerializer(serializers.ModelSerializer):
    """A decision, and whether it still counts."""

    person = serializers.CharField(source="person.name")
    void = serializers.CharField(source="void.reason", default=None, allow_null=True)
    given_by_one = serializers.BooleanField(
        source="rests_on_one",
        help_text="one person alone gave the right behind it; not confirmed yet",
    )

    class Meta:
        model = Review
        fields = [
            "decision",
            "person",
            "initials",
            "comment",
            "paragraph",
            "context_version",
            "at",
            "void",
            "given_by_one",
        ]


class FindingSerializer(serializers.ModelSerializer):
    """What a check said about it when it was frozen."""

    sentence = serializers.SerializerMethodField()
    since_submitted = serializers.BooleanField(
        help_text="it came up later, and was seen when the text was approved"
    )

    class Meta:
        model = Finding
        fields = [
            "kind",
            "detail",
            "severity",
            "paragraph",
            "words",
            "start",
            "end",
            "sentence",
            "explanation",
            "since_submitted",
        ]

    def get_sentence(self, finding: Finding) -> str:
        """In the caller's language."""
        return finding_messages.sentence(finding)


class AttachmentSerializer(serializers.ModelSerializer):
    """A picture that is being written about."""

    class Meta:
        model = Attachment
        fields = ["id", "sha256", "kind", "width", "height", "alt"]


class FrozenPictureSerializer(serializers.Serializer):
    """A picture of a submitted text."""

    sha256 = serializers.CharField()
    kind = serializers.CharField()
    alt = serializers.CharField()


class RevisionSerializer(serializers.ModelSerializer):
    """One immutable text."""

    findings = FindingSerializer(many=True)
    text = serializers.CharField()
    network = serializers.CharField(help_text="the network that it leaves for: `x`")
    surface = serializers.CharField(help_text="where it will stand there: `public`")
    target = serializers.CharField(
        source="target_external_id", help_text="id of the post that it answers, on its network"
    )
    account = serializers.CharField(
        source="account_external_id",
        help_text="id of the account that it leaves from, on its network",
    )
    initials = serializers.CharField()
    person = serializers.CharField(source="person.name")
    pictures = FrozenPictureSerializer(many=True, source="attachments")
    reviews = ReviewSerializer(many=True)

    class Meta:
        model = Revision
        fields = [
            "number",
            "text",
            "network",
            "surface",
            "target",
            "account",
            "initials",
            "pictures",
            "sha256",
            "person",
            "is_correction",
            "context_version",
            "at",
            "findings",
            "reviews",
        ]


class DraftSerializer(serializers.ModelSerializer):
    """A draft with its revisions."""

    ticket = serializers.IntegerField(source="ticket.number")
    context_version = serializers.IntegerField(source="ticket.context_version")
    writer = serializers.CharField(source="writer.person.name")
    pictures = AttachmentSerializer(many=True)
    revisions = RevisionSerializer(many=True)

    class Meta:
        model = Draft
        fields = [
            "id",
            "ticket",
            "context_version",
            "status",
            "text",
            "pictures",
            "saved",
            "writer",
            "is_follow_up",
            "revisions",
            "created_at",
            "updated_at",
        ]


class NewFindingSerializer(serializers.Serializer):
    """What the checks say now of a text in review that they did not say when it was submitted."""

    key = serializers.CharField(help_text="names the finding in `explanations`")
    kind = serializers.CharField()
    detail = serializers.CharField()
    severity = serializers.CharField()
    paragraph = serializers.CharField()
    title = serializers.CharField()
    sentence = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class OneDraftSerializer(DraftSerializer):
    """A draft with its revisions, and what is new since the newest one was submitted."""

    new_findings = serializers.SerializerMethodField()

    class Meta(DraftSerializer.Meta):
        fields = [*DraftSerializer.Meta.fields, "new_findings"]

    @extend_schema_field(NewFindingSerializer(many=True))
    def get_new_findings(self, draft: Draft) -> Any:
        """Empty where nothing is in review."""
        newest = draft.newest if draft.status == DraftStatus.IN_REVIEW else None
        if newest is None:
            return []
        newest.draft = draft
        return NewFindingSerializer(
            [finding_messages.shown(one) for one in rechecking.since_submitted(newest)], many=True
        ).data
