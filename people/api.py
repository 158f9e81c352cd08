"""API: who am I, my tokens, departments and people."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.response import Response

from core.api.base import Line, StrictSerializer, clean
from core.api.viewsets import DeskViewSet, WholeNumberFilter
from people.access import department_ids, departments_of
from people.identity import tokens
from people.models import ApiToken, Department, Membership, Person, User
from people.requests import ApiRequest
from people.roles import Standing


class PersonSerializer(serializers.Serializer):
    """A person."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    initials = serializers.CharField(allow_null=True)


class DepartmentSerializer(serializers.ModelSerializer):
    """A department."""

    class Meta:
        model = Department
        fields = ["id", "name_en", "name_de", "parent", "review_policy", "clock_minutes"]


class MembershipSerializer(serializers.ModelSerializer):
    """One role in one department."""

    standing = serializers.ChoiceField(
        choices=Standing.choices, help_text="whether it counts for endorsing: the first three do"
    )

    class Meta:
        model = Membership
        fields = ["department", "role", "started_at", "standing"]


class MeSerializer(serializers.Serializer):
    """The caller."""

    username = serializers.CharField()
    person = PersonSerializer()
    memberships = MembershipSerializer(many=True)


class TokenInputSerializer(StrictSerializer):
    """A new token's name."""

    name = Line(max_length=80)


class TokenSerializer(serializers.ModelSerializer):
    """A token without its key."""

    class Meta:
        model = ApiToken
        fields = ["id", "name", "created_at", "used_at", "revoked_at"]


class NewTokenSerializer(serializers.Serializer):
    """The key, shown this once."""

    key = serializers.CharField()


@extend_schema_view(
    list=extend_schema(
        operation_id="people_list", summary="List colleagues", responses=PersonSerializer(many=True)
    )
)
class People(DeskViewSet):
    """Colleagues: who belongs to a department whose tickets the caller sees."""

    queryset = Person.objects.none()

    def list(self, request: ApiRequest) -> Response:
        """Return the active people of the departments that the caller sees."""
        rows = Person.objects.filter(
            membership__department__in=department_ids(request.user),
            membership__ended_at__isnull=True,
            users__is_active=True,
        )
        return self.page_of(rows.distinct(), PersonSerializer)


class TokenFilters(filters.FilterSet):
    """Tokens of one person, for administrators; of nobody else for anybody."""

    person = WholeNumberFilter(field_name="user__person")


@extend_schema_view(
    retrieve=extend_schema(operation_id="me", summary="Say who is calling", responses=MeSerializer)
)
class Me(DeskViewSet):
    """Who is calling."""

    queryset = User.objects.none()

    def retrieve(self, request: ApiRequest) -> Response:
        """Return the caller with their roles and whether each counts for endorsing."""
        return Response(MeSerializer(request.user).data)


@extend_schema_view(
    list=extend_schema(
        operation_id="departments_list",
        summary="List departments",
        responses=DepartmentSerializer(many=True),
    ),
    retrieve=extend_schema(
        operation_id="departments_read",
        summary="Read a department",
        responses=DepartmentSerializer,
    ),
)
class Departments(DeskViewSet):
    """The departments whose tickets the caller sees."""

    queryset = Department.objects.none()
    lookup_value_converter = "int"

    def list(self, request: ApiRequest) -> Response:
        """Return the departments whose tickets the caller sees, page by page."""
        return self.page_of(self.seen_by(request), DepartmentSerializer)

    def retrieve(self, request: ApiRequest, pk: int) -> Response:
        """Return one of the departments that the caller's list shows."""
        department = get_object_or_404(self.seen_by(request), pk=pk)
        return Response(DepartmentSerializer(department).data)

    @staticmethod
    def seen_by(request: ApiRequest) -> QuerySet[Department]:
        """Return the departments whose tickets this person sees."""
        return Department.objects.filter(pk__in=[one.pk for one in departments_of(request.user)])


@extend_schema_view(
    list=extend_schema(
        operation_id="tokens_list", summary="List tokens", responses=TokenSerializer(many=True)
    ),
    create=extend_schema(
        operation_id="tokens_create",
        summary="Create a token",
        request=TokenInputSerializer,
        responses={201: NewTokenSerializer},
    ),
    destroy=extend_schema(
        operation_id="tokens_revoke", summary="Revoke a token", responses={204: None}
    ),
)
class Tokens(DeskViewSet):
    """API tokens: one's own, and for administrators everybody's."""

    queryset = ApiToken.objects.none()
    filterset_class = TokenFilters
    lookup_value_converter = "int"

    def list(self, request: ApiRequest) -> Response:
        """Return the caller's tokens, revoked ones too; of another person to administrators."""
        rows = request.user.tokens.all()
        if request.user.is_administrator and request.query_params.get("person"):
            rows = ApiToken.objects.all()
        return self.page_of(rows, TokenSerializer)

    def create(self, request: ApiRequest) -> Response:
        """Make a token of the caller's; its key is in this answer and never shown again."""
        key = tokens.issue(request.user, name=clean(TokenInputSerializer, request)["name"])
        return Response({"key": key}, status=status.HTTP_201_CREATED)

    def destroy(self, request: ApiRequest, pk: int) -> Response:
        """Revoke a token for good: the caller's own, or anybody's for administrators."""
        rows = ApiToken.objects.select_related("user")
        if not request.user.is_administrator:
            rows = rows.filter(user=request.user)
        tokens.revoke(get_object_or_404(rows, pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
