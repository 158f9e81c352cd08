"""Forms about people: signing in, the company, departments, invitations, one's own preferences."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.screens.form_values import (
    Choice,
    Control,
    Day,
    DeskForm,
    Line,
    Secret,
    WholeNumber,
    whole,
)
from people.hours import business_hours, hour_fields
from people.models import Department, Invitation, User
from people.preferences import zones
from people.preferences.keyboard_shortcuts import LETTERS
from people.roles import ReviewPolicy, Role

LANGUAGES = (("en", "English"), ("de", "Deutsch"))


class SignInForm(AuthenticationForm):
    """User name or e-mail address, and password.

    The answer does not say which of the two was wrong.
    """

    error_messages = {
        "invalid_login": _(
            "This user name and password do not belong together. Check both; the password "
            "knows capitals."
        ),
        "inactive": _("This sign-in is switched off. The administrator can say why."),
    }
    use_required_attribute = False

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for name, label, kind in (
            ("username", _("User name or e-mail"), "username"),
            ("password", _("Password"), "current-password"),
        ):
            self.fields[name].label = label
            self.fields[name].widget.attrs = {
                "class": "input",
                "autocomplete": kind,
                "required": True,
            }


class OneDepartment(Control, forms.ModelChoiceField):
    """One department by its number; None where there is none of this number.

    `empty_label` is what stands in the list for none; without it the list has no such line.
    """

    def __init__(self, *, empty_label: Any = None, **given: Any) -> None:
        super().__init__(queryset=Department.objects.all(), empty_label=empty_label, **given)

    def to_python(self, value: Any) -> Department | None:
        """Return the department."""
        return Department.objects.filter(pk=whole(str(value or "")) or 0).first()

    def label_from_instance(self, obj: Department) -> str:
        """Return its name in the reader's language."""
        return obj.name


class LanguageButtons(forms.RadioSelect):
    """A button for each language, its label marked as being in it."""

    def create_option(self, name: str, value: Any, *args: Any, **given: Any) -> dict[str, Any]:
        """Return the button of one language, with it as `lang`."""
        return super().create_option(name, value, *args, **given) | {"lang": value}


class CompanyForm(DeskForm):
    """Name and language of the company."""

    name = Line(
        label=_("Name"),
        help_text=_(
            "It appears on the sign-in page, in invitations and above the public list of initials."
        ),
        attrs={"maxlength": 120, "autocomplete": "organization"},
    )
    language = Choice(
        label=_("Language"),
        help_text=_("For e-mails to people who have not chosen one."),
        choices=LANGUAGES,
        otherwise=None,
        widget=LanguageButtons,
    )


class DepartmentForm(DeskForm):
    """Name, place, who approves, clock, service hours and days off of a department."""

    name_en = Line(
        label=format_lazy("{} (English)", _("Name")), attrs={"maxlength": 120, "required": True}
    )
    name_de = Line(label=format_lazy("{} (Deutsch)", _("Name")), attrs={"maxlength": 120})
    parent = OneDepartment(
        label=_("Belongs to"),
        empty_label=_("no other department"),
        help_text=_("Lead and deputy of that department decide here too."),
    )
    review_policy = Choice(
        label=_("Who approves"),
        choices=ReviewPolicy.choices,
        otherwise=ReviewPolicy.REVIEWERS,
        help_text=_("Never the author. What is escalated always needs the lead or the deputy."),
    )
    clock_minutes = WholeNumber(
        label=_("Minutes for a review"),
        help_text=_(
            "If a review waits longer, the lead is notified; after the same time again the "
            "deputy, then the lead above."
        ),
        attrs={"min": 1, "max": 1440},
    )
    reply_minutes = WholeNumber(
        label=_("Minutes to the first reply"),
        help_text=_("This gives a ticket its target time, counted in service hours."),
        attrs={"min": 1, "max": 1440},
    )
    time_zone = Choice(
        label=_("Time zone"),
        help_text=_("Service hours are local times there."),
        otherwise=None,
    )
    holiday_country = Choice(
        label=_("Holidays of"),
        help_text=_("On public holidays of this country nobody is on duty."),
        choices=lambda: [
            ("", _("no country")),
            *((one, one) for one in business_hours.countries()),
        ],
    )
    holiday_state = Choice(
        label=_("State"),
        help_text=_("Its holidays count too. It must be one of that country."),
        choices=hour_fields.states,
        otherwise=None,
    )
    holidays_by_hand = hour_fields.DaysField(
        label=_("Further days off"),
        help_text=_("An empty field is not a day off. Saving adds more fields."),
    )

    def __init__(self, department: Department | None, data: Any = None) -> None:
        super().__init__(data, initial=as_typed(department or Department()))
        zone_field = cast(Choice, self.fields["time_zone"])
        zone_field.choices = zones.choices(self.initial["time_zone"])
        others = Department.objects.exclude(pk=department.pk if department else 0)
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]
        for day, name in WEEKDAYS.items():
            self.fields[f"hours_{day}"] = hour_fields.HoursField(name)

    @property
    def who(self) -> list[BoundField]:
        """The fields above the service hours."""
        names = list(type(self).base_fields)
        return [self[name] for name in names[: names.index("holiday_country")]]

    @property
    def days(self) -> list[BoundField]:
        """The service hours of each day."""
        return [self[f"hours_{day}"] for day in WEEKDAYS]

    @property
    def holidays(self) -> list[BoundField]:
        """The fields below the service hours."""
        return [self[name] for name in ("holiday_country", "holiday_state", "holidays_by_hand")]

    def wanted(self) -> dict[str, Any]:
        """Return what `departments.keep` takes; minutes that were left empty are 0."""
        given = {name: self.cleaned_data[name] for name in type(self).base_fields}
        return given | {
            "clock_minutes": given["clock_minutes"] or 0,
            "reply_minutes": given["reply_minutes"] or 0,
            "time_zone": given["time_zone"].strip(),
            "holiday_state": given["holiday_state"].strip(),
            "hours": {str(day): self.cleaned_data[f"hours_{day}"] for day in WEEKDAYS},
        }


def as_typed(department: Department) -> dict[str, Any]:
    """Return what stands in the fields of a department's form before anybody types."""
    columns = [name for name in DepartmentForm.base_fields if name != "parent"]
    return {
        **{name: getattr(department, name) for name in columns},
        "parent": department.parent_id,
        "holidays_by_hand": [one.isoformat() for one in department.holidays_by_hand],
        **{
            f"hours_{day}": hour_fields.typed_hours(department.hours.get(str(day), []))
            for day in WEEKDAYS
        },
    }


class RoleForm(DeskForm):
    """A role, and the department in which somebody has it."""

    role = Choice(label=_("Role"), choices=Role.choices, otherwise=None)
    department = OneDepartment(label=_("Department"), empty_label=_("none (administrator)"))

    def clean_role(self) -> Role:
        """Return the role; refuses one that there is not."""
        if self.cleaned_data["role"] not in Role.values:
            raise forms.ValidationError(gettext("Choose a role."), code="role_unknown")
        return Role(self.cleaned_data["role"])

    def clean_department(self) -> Department | None:
        """Return the department; an administrator has none."""
        if self.cleaned_data.get("role") == Role.ADMINISTRATOR:
            return None
        department: Department | None = self.cleaned_data["department"]
        return department


class RenameForm(DeskForm):
    """Name and initials of somebody, and whether the first name is in the public list."""

    name = Line(label=_("Name"), attrs={"maxlength": 200})
    initials = Line(
        label=_("Initials"),
        help_text=_(
            "Initials that somebody had are never given to anybody else; replies on X keep theirs."
        ),
        attrs={"maxlength": 4},
    )
    listed = forms.BooleanField(required=False, widget=forms.CheckboxInput(attrs={"value": "1"}))


class AbsenceForm(DeskForm):
    """From which day until which day somebody is away."""

    first_day = Day(label=_("First day"), attrs={"required": True})
    last_day = Day(label=_("Last day"), attrs={"required": True})


class EmailForm(DeskForm):
    """The e-mail address of a sign-in."""

    email = Line(label=_("E-mail"), widget=forms.EmailInput)


class InviteForm(RoleForm):
    """Who is invited, and to which role."""

    name = Line(label=_("Name"), attrs={"maxlength": 200, "required": True})
    initials = Line(
        label=_("Initials"),
        help_text=_(
            "Two to four letters that nobody here ever had; they sign every reply. Leave it "
            "empty for somebody who does not write."
        ),
        attrs={"maxlength": 4, "pattern": "[A-Za-z]{2,4}"},
    )
    email = Line(
        label=_("E-mail"),
        help_text=_(
            "The invitation goes there, and notices later. An address that is already known "
            "belongs to that person: the link then goes only there and is not shown."
        ),
        widget=forms.EmailInput,
    )
    field_order = ["name", "initials", "email", "role", "department"]

    def __init__(self, data: Any = None) -> None:
        first = Department.objects.values_list("pk", flat=True).first()
        super().__init__(data, initial={"department": first})


class JoinForm(DeskForm):
    """What somebody who follows an invitation chooses.

    The first administrator also gives their name; a new password alone has no other field.
    """

    name = Line(label=_("Your name"), attrs={"maxlength": 200, "required": True})
    initials = Line(
        label=_("Initials"),
        help_text=_(
            "Two to four letters. Every reply that you write or approve is signed with them, for "
            "ever."
        ),
        attrs={"maxlength": 4, "pattern": "[A-Za-z]{2,4}"},
    )
    username = Line(
        label=_("User name"),
        attrs={"autocomplete": "username", "maxlength": 150, "required": True},
    )
    email = Line(
        label=_("E-mail"),
        help_text=_("Is it yours? Whoever reads its e-mails can set your password."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = Secret(
        label=_("Password"),
        help_text=_(
            "At least 12 characters; three or four words that nobody would guess are good."
        ),
        attrs={"autocomplete": "new-password", "minlength": 12, "required": True},
    )

    def __init__(self, invitation: Invitation, data: Any = None) -> None:
        super().__init__(data, initial={"name": invitation.name, "email": invitation.email})
        asked = asked_of(invitation)
        self.fields = {name: field for name, field in self.fields.items() if name in asked}

    def chosen(self) -> dict[str, str]:
        """Return what `inviting.accept` takes; without an address that the form did not bring."""
        given = dict(self.cleaned_data)
        if "email" not in self.data:
            given.pop("email", None)
        return given


def asked_of(invitation: Invitation) -> set[str]:
    """Return the names of the fields that the form of this invitation shows."""
    asked = {"password"}
    if invitation.user:
        return asked
    asked.add("username")
    if not invitation.person:
        asked.add("email")
    if invitation.by is None:
        asked |= {"name"} if invitation.initials else {"name", "initials"}
    return asked


def present_password() -> Secret:
    """Return the field that asks who sits there, whatever an open browser says."""
    return Secret(
        label=_("Present password"),
        attrs={"autocomplete": "current-password", "required": True},
    )


class PasswordForm(DeskForm):
    """A new password of one's own."""

    old = present_password()
    password = Secret(
        label=_("New password"),
        help_text=_(
            "At least 12 characters; three or four words that nobody would guess are good."
        ),
        attrs={"autocomplete": "new-password", "minlength": 12, "required": True},
    )


class OwnEmailForm(DeskForm):
    """One's own e-mail address."""

    email = Line(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    old = present_password()


class TokenForm(DeskForm):
    """A token for a program."""

    name = Line(label=_("What is it for?"), attrs={"maxlength": 80, "required": True})


class FurtherSignInForm(DeskForm):
    """A further sign-in of one's own."""

    username = Line(
        label=_("Further user name"),
        attrs={"autocomplete": "off", "maxlength": 150, "required": True},
    )
    password = Secret(
        label=_("Its password"),
        attrs={"autocomplete": "new-password", "minlength": 12, "required": True},
    )
    old = present_password()


class AgainForm(DeskForm):
    """Who sits there, asked before what cannot be undone; `wrong` is why the answer does not do."""

    again_password = Secret(
        label=_("Your password"),
        attrs={"autocomplete": "current-password", "required": True, "autofocus": True},
    )

    def __init__(self, wrong: str = "") -> None:
        super().__init__({} if wrong else None)
        if wrong:
            self.add_error("again_password", wrong)


class ForgottenForm(DeskForm):
    """Whose password is forgotten."""

    username = Line(
        label=_("User name or e-mail"),
        attrs={"autocomplete": "username", "maxlength": 320, "required": True},
    )


class PreferencesForm(DeskForm):
    """How the desk looks and is worked for one person."""

    language = Choice(
        label=_("Language"),
        choices=[("", _("As in the browser")), *LANGUAGES],
        otherwise=None,
        widget=LanguageButtons,
    )
    theme = Choice(
        label=_("Theme"),
        choices=[("", _("As in the system")), ("light", _("Light")), ("dark", _("Dark"))],
        otherwise=None,
        widget=forms.RadioSelect,
    )
    density = Choice(
        label=_("Density"),
        help_text=_("Compact puts the words and the status of a row on one line."),
        choices=[("", _("Comfortable")), ("compact", _("Compact"))],
        otherwise=None,
        widget=forms.RadioSelect,
    )
    time_zone = Choice(
        label=_("Time zone"),
        help_text=_("All times on your screens and in e-mails to you are in this zone."),
        otherwise=None,
    )
    hours = Choice(
        label=_("Times of day"),
        choices=[
            ("", _("As usual in the language")),
            ("24", _("14:05, 24 hours")),
            ("12", _("2:05 pm, 12 hours")),
        ],
        otherwise=None,
        widget=forms.RadioSelect,
    )
    sound = forms.BooleanField(required=False, widget=forms.CheckboxInput(attrs={"value": "1"}))
    letters = forms.BooleanField(required=False, widget=forms.CheckboxInput(attrs={"value": "1"}))
    moves_on = forms.BooleanField(required=False, widget=forms.CheckboxInput(attrs={"value": "1"}))

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, initial={name: getattr(user, name) for name in self.base_fields})
        as_the_desk = gettext("Like the desk ({zone})").format(zone=settings.TIME_ZONE)
        zone_field = cast(Choice, self.fields["time_zone"])
        zone_field.choices = [("", as_the_desk), *zones.choices(user.time_zone)]
        for letter, name in LETTERS.items():
            self.fields[f"letter-{letter}"] = Line(
                label=name,
                initial=user.own_letters.get(letter, letter).upper(),
                attrs={"maxlength": 1, "autocomplete": "off", "autocapitalize": "characters"},
            )

    @property
    def own_letters(self) -> list[BoundField]:
        """The fields for letters of one's own."""
        return [self[f"letter-{letter}"] for letter in LETTERS]

    def chosen(self) -> dict[str, Any]:
        """Return what `preferences.choose_desk` takes."""
        given = {name: self.cleaned_data[name] for name in type(self).base_fields}
        own = {letter: self.cleaned_data[f"letter-{letter}"][:20] for letter in LETTERS}
        return given | {"own_letters": own}
