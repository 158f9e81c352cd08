"""The forms for notices and quiet hours, and for the page of parts."""

from django.utils.translation import gettext_lazy as _

from core.screens.form_values import Choice, DeskForm, Line
from people.forms import LANGUAGES, LanguageButtons


class PartsForm(DeskForm):
    """The fields on the page of parts: one as it is, one with a list, one that is wrong."""

    title = Line(label=_("Title"), initial="Restart")
    department = Choice(label=_("Department"), choices=[("", _("All"))])
    tags = Line(label=_("Tag"), initial="?")
    language = Choice(label=_("Language"), choices=LANGUAGES, initial="en", widget=LanguageButtons)

    def __init__(self) -> None:
        super().__init__({name: field.initial for name, field in self.base_fields.items()})
        self.add_error("tags", _("What is typed stays; the sentence says what to do."))
        self.add_error(None, _("Nothing was posted."))
        self.fields["tags"].widget.attrs.pop("autofocus")
