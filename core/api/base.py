"""What every API of the desk shares: input that refuses what it does not know."""

from json import dumps
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from core.text.characters import first_fault


class Json(JSONParser):
    """JSON as the API takes it.

    What nobody can read as JSON is refused by a sentence, however it is broken.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the value.

        Raises `ParseError`, also where it is nested too deeply, in an encoding that nobody knows,
        or holds half of a character: no answer could repeat that.
        """
        try:
            value = super().parse(stream, media_type, parser_context)
            dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as half:
            raise ParseError(_("This JSON holds half of a character (a surrogate).")) from half
        except RecursionError as deep:
            raise ParseError(_("This JSON is nested too deeply.")) from deep
        except LookupError as unknown:
            raise ParseError(_("The encoding of this body is not known. Send UTF-8.")) from unknown
        return value


class WholeNumber(serializers.IntegerField):
    """A whole number, as large as the database's own at most."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_value=2**31 - 1, **given)


class Line(serializers.CharField):
    """A text on one line: refuses line breaks and control characters, by a sentence."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text without blanks around it."""
        text: str = super().to_internal_value(data)
        if "\n" in text or first_fault(text):
            raise serializers.ValidationError(
                _("This takes one line, without line breaks and characters that nobody can see.")
            )
        return text


class Moment(serializers.DateTimeField):
    """A time.

    One at an end of the calendar, which no time zone can hold, is refused like one that is none.
    """

    def to_internal_value(self, value: Any) -> Any:
        """Return the time with its zone."""
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("overflow")


class StrictSerializer(serializers.Serializer):
    """Unknown fields are refused by name, so that a misspelt one is not silently ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """Check the names before the values."""
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name: [_("This field is not known here.")] for name in unknown}
                )
        return super().to_internal_value(data)


def clean(serializer: type[StrictSerializer], request: Any) -> dict[str, Any]:
    """Return the body's values by this serializer.

    Raises a ValidationError that the API answers with 400.
    """
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return checked.validated_data
