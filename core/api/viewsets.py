"""What nouns of the API share: pages by a cursor, strict parameters, a pace for each caller."""

import re
from datetime import UTC
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend, IsoDateTimeFilter, NumberFilter
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.errors import Invalid, Reason


class Pages(CursorPagination):
    """Pages of a list by a cursor: each row once, however many come while somebody reads on.

    `next` and `previous` are addresses, null at the ends; `page_size` asks for up to 200 rows.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-id"

    def get_page_size(self, request: Any) -> int:
        """Return how many rows the address asks for.

        Raises `Invalid` for what is no whole number from 1 to 200.
        """
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not re.fullmatch(r"[0-9]{1,3}", asked) or not 1 <= int(asked) <= self.max_page_size:
            sentence = _("A page has from 1 to {most} rows; “{asked}” is not such a number.")
            sentence = sentence.format(most=self.max_page_size, asked=asked[:20])
            raise Invalid(Reason("page_size", sentence), self.page_size_query_param)
        return int(asked)

    def decode_cursor(self, request: Any) -> Any:
        """Return where the page begins. Refuses a cursor whose place is no number, with 404."""
        cursor = super().decode_cursor(request)
        if not cursor or cursor.position is None:
            return cursor
        if not re.fullmatch(r"[0-9]{1,18}", str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor


class MomentField(IsoDateTimeField):
    """A time with its zone, as UTC.

    One that no calendar holds in UTC is refused like one that is none; the database takes no offset
    of more than fifteen hours, so none reaches it.
    """

    def clean(self, value: Any) -> Any:
        """Return the time, None for none. Raises a ValidationError."""
        at = super().clean(value)
        try:
            return at and at.astimezone(UTC)
        except OverflowError as out:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from out


class MomentFilter(IsoDateTimeFilter):
    """A time by which rows are found."""

    field_class = MomentField


class WholeNumberFilter(NumberFilter):
    """A number by which rows are found; `1.5` is refused like any other that is none."""

    field_class = forms.IntegerField


class Filters(DjangoFilterBackend):
    """Narrow a list by its parameters; one that the list does not know is refused by name."""

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Return the rows that fit.

        Raises `Invalid` for an unknown parameter, a ValidationError for an unknown value.
        """
        known = {*view.parameters, *view.paginator_parameters}
        if filters := self.get_filterset_class(view, queryset):
            known |= set(filters.base_filters)
        for name in sorted(request.query_params):
            if len(request.query_params.getlist(name)) > 1:
                sentence = _("“{name}” appears more than once in the address. Give it once.")
                raise Invalid(Reason("said_twice", sentence.format(name=name)), name)
        for name in sorted(set(request.query_params) - known):
            sentence = _("This list has no parameter “{name}”. It knows {known}.")
            sentence = sentence.format(name=name, known=", ".join(sorted(known)))
            raise Invalid(Reason("unknown_parameter", sentence), name)
        return super().filter_queryset(request, queryset, view)


class DeskViewSet(GenericViewSet):
    """One noun of the API with its verbs.

    `deciding` are the verbs that sign or refuse a text; like writing and reading they have a pace
    of their own (`DESK_API_…_PER_MINUTE`). `parameters` are those of a list beside its filters.
    """

    pagination_class = Pages
    filter_backends = [Filters]
    parameters: frozenset[str] = frozenset()
    paginator_parameters = frozenset({"cursor", "page_size", "format"})
    deciding: frozenset[str] = frozenset()

    @property
    def throttle_scope(self) -> str:
        """Which pace this call is counted under."""
        if self.request.method in SAFE_METHODS:
            return "read"
        return "decide" if self.action in self.deciding else "write"

    def page_of(self, rows: QuerySet[Any], serializer: Any) -> Response:
        """Return one page of these rows, narrowed by what the address asks for."""
        page = self.one_page(rows)
        return self.get_paginated_response(serializer(page, many=True).data)

    def one_page(self, rows: QuerySet[Any]) -> list[Any]:
        """Return the rows of the page that the address asks for."""
        return list(self.paginate_queryset(self.filter_queryset(rows)) or [])
