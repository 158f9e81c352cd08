"""API: who am I, my tokens, departments and people."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from people import tokens
from people.access import departments_of
from people.models import ApiToken, Department, Membership
from people.requests import ApiRequest
from people.rest import Line, StrictSerializer, clean
from people.roles import Standing


class PersonOut(serializers.Serializer):
    """A person."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    initials = serializers.CharField(allow_null=True)


class DepartmentOut(serializers.ModelSerializer):
    """A department."""

    class Meta:
        model = Department
        fields = ["id", "name_en", "name_de", "parent", "review_policy", "clock_minutes"]


class MembershipOut(serializers.ModelSerializer):
    """One role in one department."""

    standing = serializers.ChoiceField(
        choices=Standing.choices, help_text="whether it counts for endorsing: the first three do"
    )

    class Meta:
        model = Membership
        fields = ["department", "role", "started_at", "standing"]


class MeOut(serializers.Serializer):
    """The caller."""

    username = serializers.CharField()
    person = PersonOut()
    memberships = MembershipOut(many=True)


class TokenIn(StrictSerializer):
    """A new token's name."""

    name = Line(max_length=80)


class TokenOut(serializers.ModelSerializer):
    """A token without its key."""

    class Meta:
        model = ApiToken
        fields = ["id", "name", "created_at", "used_at", "revoked_at"]


class NewTokenOut(serializers.Serializer):
    """The key, shown this once."""

    key = serializers.CharField()


class Me(APIView):
    """Who am I."""

    @extend_schema(responses=MeOut)
    def get(self, request: ApiRequest) -> Response:
        """Return the caller, with roles."""
        return Response(MeOut(request.user).data)


class Departments(APIView):
    """The departments whose tickets the caller sees."""

    @extend_schema(responses=DepartmentOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """All of them."""
        return Response(DepartmentOut(departments_of(request.user), many=True).data)


class Tokens(APIView):
    """The caller's API tokens."""

    @extend_schema(responses=TokenOut(many=True))
    def get(self, request: ApiRequest) -> Response:
        """All, revoked ones too."""
        return Response(TokenOut(request.user.tokens.order_by("id"), many=True).data)

    @extend_schema(request=TokenIn, responses={201: NewTokenOut})
    def post(self, request: ApiRequest) -> Response:
        """Make one; its key is shown once."""
        key = tokens.issue(request.user, name=clean(TokenIn, request)["name"])
        return Response({"key": key}, status=status.HTTP_201_CREATED)


class OneToken(APIView):
    """One token."""

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Revoke it."""
        tokens.revoke(
            get_object_or_404(ApiToken.objects.select_related("user"), pk=pk, user=request.user),
            by=request.user,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)
