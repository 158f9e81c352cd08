"""The guidelines: publishing a version, and which texts apply to a ticket."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from approvals import events, policies
from approvals.models import GuidelineVersion
from core.audit import record
from core.errors import Invalid, NotAllowed, Reason, Stale
from people.models import Department, User

LONGEST = 40_000


@transaction.atomic
def publish(*, department: Department | None, text_en: str, text_de: str, summary: str, based_on: int | None, by: User) -> GuidelineVersion:
    """Publish a new version for the company (`department` None) or a department. `based_on` is the number that was edited:
    if a newer one was published meanwhile, this one is refused."""
    if reason := policies.why_not_publish(by):
        raise NotAllowed(reason)
    if not text_en.strip() and not text_de.strip():
        raise Invalid(Reason("text_empty", _("There is no text yet. Write the guideline in at least one language.")), "text_en")
    if max(len(text_en), len(text_de)) > LONGEST:
        raise Invalid(Reason("text_long", _("A guideline has at most {n} characters.").format(n=LONGEST)), "text_en")
    last = GuidelineVersion.objects.filter(department=department).aggregate(n=Max("number"))["n"] or 0
    if based_on is not None and based_on != last:
        raise Stale(Reason("guideline_changed", _("Somebody published version {n} meanwhile. Compare both, then publish again; your text is "
                                                  "kept.").format(n=last)))
    version = GuidelineVersion.objects.create(department=department, number=last + 1, text_en=text_en.strip(), text_de=text_de.strip(),
                                              summary=summary.strip()[:300], by=by)
    record(events.GUIDELINE_PUBLISHED, version, by=by, department_id=department.pk if department else None, number=version.number)
    return version


def current(department: Department | None) -> GuidelineVersion | None:
    """The version that holds."""
    return GuidelineVersion.objects.filter(department=department).select_related("by__person", "department").order_by("-number").first()


def applying_to(department: Department) -> list[GuidelineVersion]:
    """The company's text and the department's, where there is one."""
    return [version for version in (current(None), current(department)) if version]
