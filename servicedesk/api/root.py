"""The API's first page, and its answer where nothing is."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView


class Root(APIView):
    """Where to go from here."""

    throttle_scope = "read"

    @extend_schema(operation_id="root", summary="List the collections", responses={200: dict})
    def get(self, request: Request) -> Response:
        """Return the address of every collection and of this description."""
        names = {
            "me": "me",
            "departments": "department-list",
            "people": "people-list",
            "tickets": "ticket-list",
            "drafts": "draft-list",
            "deliveries": "delivery-list",
            "accounts": "account-list",
            "tokens": "token-list",
            "schema": "schema",
        }
        addresses = {key: reverse(f"api-{name}", request=request) for key, name in names.items()}
        return Response(addresses)


class Description(SpectacularAPIView):
    """The API's description of itself, as OpenAPI."""

    throttle_scope = "read"

    def _get_version_parameter(self, request: Request) -> None:
        """There is one version; what an address says of another would stand in a header."""


class NoSuchAddress(APIView):
    """No page of the API."""

    schema = None

    def dispatch(self, request, *args, **kwargs):
        """Any method: 404 in the API's own shape."""
        self.headers = self.default_response_headers
        request = self.request = self.initialize_request(request, *args, **kwargs)
        response = self.handle_exception(Http404())
        return self.finalize_response(request, response)
