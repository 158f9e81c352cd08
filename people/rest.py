"""What every API of the desk shares: input that refuses what it does not know."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class StrictSerializer(serializers.Serializer):
    """Unknown fields are refused by name, so that a misspelt one is not silently ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """Check the names before the values."""
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError({name: [_("This field is not known here.")] for name in unknown})
        return super().to_internal_value(data)


def clean(serializer: type[StrictSerializer], request: Any) -> dict[str, Any]:
    """The body's values by this serializer; raises a ValidationError that the API answers with 400."""
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return checked.validated_data  # type: ignore[no-any-return]
