"""Writing the guidelines: the draft of the next version, its checks, publishing, confirming."""

import json
import re
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from approvals import events, policies
from approvals.applicable_guidelines import current
from approvals.checks import KINDS, SEVERITIES
from approvals.models import Confirmation, GuidelineDraft, GuidelineVersion
from core.audit import record
from core.database.guards import DeskNow
from core.errors import DeskError, Invalid, NotAllowed, Reason, Stale
from core.text.readable import one_line, readable
from people.models import Department, User

STARTER = Path(__file__).with_name("starter.json")
LONGEST = 40_000
MOST_CHECKS = 12
MOST_TERMS = 400
LONGEST_TERM = 120
HEADING = re.compile(
    r"^##[ \t]+(?P<number>[A-Za-z]?[0-9]{1,3})[.):]?[ \t]+(?P<title>\S.*?)[ \t]*$", re.MULTILINE
)


def paragraphs_of(text_en: str, text_de: str, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the numbered paragraphs (`## 3 Title`) of both texts.

    Checks stay with the number they were bound to.

    Refuses a number that stands there twice, and one that only one language has where both are
    written.
    """
    english, german = _headed(text_en, "text_en"), _headed(text_de, "text_de")
    if english and german and set(english) != set(german):
        alone = sorted(set(english) ^ set(german))[0]
        raise Invalid(
            Reason(
                "paragraphs_differ",
                _(
                    "Paragraph {n} is there in one language only. Give both languages the same "
                    "numbers."
                ).format(n=alone),
            ),
            "text_de" if alone in english else "text_en",
        )
    checks = {str(one["number"]): one.get("checks", []) for one in before}
    made = []
    for number in english or german:
        (title_en, body_en), (title_de, body_de) = (
            english.get(number, ("", "")),
            german.get(number, ("", "")),
        )
        made.append(
            {
                "number": number,
                "title_en": title_en,
                "title_de": title_de,
                "text_en": body_en,
                "text_de": body_de,
                "checks": checks.get(number, []),
            }
        )
    return made


def _headed(text: str, field: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    headings = list(HEADING.finditer(text.replace("\r\n", "\n")))
    for place, heading in enumerate(headings):
        if heading["number"] in found:
            raise Invalid(
                Reason(
                    "paragraph_twice",
                    _("Paragraph {n} is there twice. Use each number once.").format(
                        n=heading["number"]
                    ),
                ),
                field,
            )
        end = headings[place + 1].start() if place + 1 < len(headings) else len(text)
        found[heading["number"]] = (
            heading["title"][:120],
            text.replace("\r\n", "\n")[heading.end() : end].strip(),
        )
    return found


def text_of(paragraphs: list[dict[str, Any]], language: str) -> str:
    """Return the paragraphs as one Markdown text."""
    return "\n\n".join(
        f"## {one['number']} {one[f'title_{language}']}\n\n{one[f'text_{language}']}"
        for one in paragraphs
        if one[f"title_{language}"]
    )


def draft_of(department: Department | None, *, by: User) -> GuidelineDraft:
    """Return the draft of the next version; begun from the version that holds, or empty.

    It is kept with the first saving, not by looking at it.
    """
    if reason := policies.why_not_publish(by):
        raise NotAllowed(reason)
    held = current(department)
    begin = (
        {
            name: getattr(held, name)
            for name in (
                "text_en",
                "text_de",
                "training_en",
                "training_de",
                "paragraphs",
                "confirm_within_hours",
            )
        }
        if held
        else {}
    )
    known = (
        GuidelineDraft.objects.select_related("by__person", "department")
        .filter(department=department)
        .first()
    )
    return known or GuidelineDraft(
        department=department, based_on=held.number if held else 0, by=by, **begin
    )


@transaction.atomic
def begin_with_starter(draft: GuidelineDraft, *, saved: int | None, by: User) -> GuidelineDraft:
    """Fill an empty draft with paragraphs and checks that suit most desks, to be changed.

    Refuses (`Stale`) where something is written or published already.
    """
    if draft.based_on or draft.text_en or draft.text_de:
        sentence = _("This guideline is begun already; the starter would write over it.")
        raise Stale(Reason("draft_begun", sentence))
    draft.paragraphs = json.loads(STARTER.read_text())
    texts = {f"text_{one}": text_of(draft.paragraphs, one) for one in ("en", "de")}
    return save_draft(draft, saved=saved, by=by, **texts)


@transaction.atomic
def save_draft(
    draft: GuidelineDraft, *, saved: int | None, by: User, text_en: str, text_de: str, **fields: Any
) -> GuidelineDraft:
    """Keep the draft.

    Refuses what another administrator saved meanwhile, and texts whose paragraphs do not go
    together.
    """
    _own(draft, saved, by)
    if max(len(text_en), len(text_de)) > LONGEST:
        raise Invalid(
            Reason("text_long", _("A guideline has at most {n} characters.").format(n=LONGEST)),
            "text_en",
        )
    text_en, text_de = (
        readable(text_en.expandtabs(4), "text_en"),
        readable(text_de.expandtabs(4), "text_de"),
    )
    values = {
        "text_en": text_en,
        "text_de": text_de,
        "paragraphs": paragraphs_of(text_en, text_de, draft.paragraphs),
        "summary": one_line(str(fields.get("summary", draft.summary)), "summary")[:300],
        **{
            name: readable_settings(fields.get(name, getattr(draft, name)))
            for name in ("training_en", "training_de", "confirm_within_hours")
        },
    }
    return _kept(draft, values, by)


@transaction.atomic
def save_checks(
    draft: GuidelineDraft, number: str, checks: list[dict[str, Any]], *, saved: int | None, by: User
) -> GuidelineDraft:
    """Bind these checks to a paragraph of the draft.

    Refuses a kind or severity that nobody knows, and too many.
    """
    _own(draft, saved, by)
    if len(checks) > MOST_CHECKS or any(
        one.get("kind") not in KINDS or one.get("severity") not in SEVERITIES for one in checks
    ):
        raise Invalid(
            Reason(
                "check_unknown",
                _("Choose a kind of check and its severity; at most {n} for a paragraph.").format(
                    n=MOST_CHECKS
                ),
            ),
            "kind",
        )
    checks = readable_settings(checks)
    if any(is_too_much(one.get("settings")) for one in checks):
        sentence = _(
            "A list of a check has at most {n} entries of {m} characters each. Nothing was saved."
        )
        raise Invalid(Reason("terms_many", sentence.format(n=MOST_TERMS, m=LONGEST_TERM)), "kind")
    paragraphs = [
        one | {"checks": checks} if str(one["number"]) == number else one
        for one in draft.paragraphs
    ]
    if all(str(one["number"]) != number for one in draft.paragraphs):
        raise Invalid(
            Reason(
                "paragraph_gone", _("Paragraph {n} is not in this draft any more.").format(n=number)
            ),
            "kind",
        )
    return _kept(draft, {"paragraphs": paragraphs}, by)


def is_too_much(value: Any) -> bool:
    """Whether settings hold a list with too many entries, or with one that is too long."""
    if isinstance(value, dict):
        return len(value) > MOST_TERMS or any(is_too_much(one) for one in value.values())
    return isinstance(value, list) and (
        len(value) > MOST_TERMS
        or any(len(one) > LONGEST_TERM for one in value if isinstance(one, str))
    )


def readable_settings(value: Any) -> Any:
    """Clean every text in the settings of checks.

    A term with a character that nobody sees would never be found.
    """
    if isinstance(value, str):
        return readable(value, "kind")
    if isinstance(value, dict):
        return {name: readable_settings(one) for name, one in value.items()}
    return [readable_settings(one) for one in value] if isinstance(value, list) else value


def _own(draft: GuidelineDraft, saved: int | None, by: User) -> None:
    if reason := policies.why_not_publish(by):
        raise NotAllowed(reason)
    if draft.pk is None:
        begun = {
            one.attname: getattr(draft, one.attname)
            for one in draft._meta.concrete_fields
            if one.attname not in {"id", "department_id", "at"}
        }
        draft.pk = GuidelineDraft.objects.get_or_create(
            department=draft.department, defaults=begun
        )[0].pk
    now = (
        GuidelineDraft.objects.select_for_update(no_key=True)
        .filter(pk=draft.pk)
        .values_list("saved", flat=True)
        .first()
    )
    if now is None or (saved is not None and saved != now):
        raise Stale(
            Reason(
                "draft_changed",
                _(
                    "Meanwhile {name} saved this draft. Compare both, then save again; your "
                    "text is kept."
                ).format(
                    name=GuidelineDraft.objects.select_related("by__person")
                    .get(pk=draft.pk)
                    .by.person.name
                    if now is not None
                    else "?"
                ),
                kind=Stale,
            )
        )


def _kept(draft: GuidelineDraft, values: dict[str, Any], by: User) -> GuidelineDraft:
    GuidelineDraft.objects.filter(pk=draft.pk).update(
        **values, saved=draft.saved + 1, by=by, at=DeskNow()
    )
    return GuidelineDraft.objects.select_related("by__person", "department").get(pk=draft.pk)


@transaction.atomic
def discard(draft: GuidelineDraft, *, by: User) -> None:
    """Throw the draft away; the version that holds stays as it is."""
    _own(draft, None, by)
    GuidelineDraft.objects.filter(pk=draft.pk).delete()


@transaction.atomic
def publish(draft: GuidelineDraft, *, by: User, saved: int | None = None) -> GuidelineVersion:
    """Make the draft the version that holds from now on.

    If a newer version was published than the one it was begun from, it is refused.
    """
    _own(draft, saved, by)
    draft = GuidelineDraft.objects.select_related("department").get(pk=draft.pk)
    last = _last_number(draft.department)
    if reason := _why_not_publish_now(draft, last):
        raise reason
    version = GuidelineVersion.objects.create(
        department=draft.department,
        number=last + 1,
        by=by,
        **{name: getattr(draft, name) for name in PUBLISHED},
    )
    GuidelineDraft.objects.filter(pk=draft.pk).delete()
    record(
        events.GUIDELINE_PUBLISHED,
        version,
        by=by,
        department_id=draft.department_id,
        number=version.number,
    )
    confirm(version, by=by)
    return version


PUBLISHED = (
    "text_en",
    "text_de",
    "training_en",
    "training_de",
    "summary",
    "paragraphs",
    "confirm_within_hours",
)


def _last_number(department: Department | None) -> int:
    """Return the number of the newest version that was published; 0 if there is none."""
    versions = GuidelineVersion.objects.filter(department=department)
    return versions.aggregate(n=Max("number"))["n"] or 0


def _why_not_publish_now(draft: GuidelineDraft, last: int) -> DeskError | None:
    """Refuse a draft without a text, and one that was begun from an older version."""
    if not draft.text_en.strip() and not draft.text_de.strip():
        sentence = _("There is no text yet. Write the guideline in at least one language.")
        return Invalid(Reason("text_empty", sentence), "text_en")
    if draft.based_on != last:
        sentence = _(
            "Meanwhile somebody published version {n}. Compare both, then publish again; your "
            "text is kept."
        )
        return Stale(Reason("guideline_changed", sentence.format(n=last)))
    return None


@transaction.atomic
def first_version(
    department: Department | None, *, text_en: str, text_de: str, paragraphs: list[dict[str, Any]]
) -> GuidelineVersion:
    """Return the first version of a guideline by command, where none is yet.

    Refuses checks that nobody knows.
    """
    if any(
        one.get("kind") not in KINDS or one.get("severity") not in SEVERITIES
        for paragraph in paragraphs
        for one in paragraph["checks"]
    ):
        raise Invalid(
            Reason(
                "check_unknown",
                _("Choose a kind of check and its severity; at most {n} for a paragraph.").format(
                    n=MOST_CHECKS
                ),
            ),
            "kind",
        )
    version = GuidelineVersion.objects.create(
        department=department,
        number=1,
        text_en=readable(text_en),
        text_de=readable(text_de),
        paragraphs=readable_settings(paragraphs),
    )
    record(
        events.GUIDELINE_PUBLISHED,
        version,
        department_id=department.pk if department else None,
        number=1,
    )
    return version


@transaction.atomic
def confirm(version: GuidelineVersion, *, by: User) -> Confirmation:
    """Say that one has read this version. A second time changes nothing."""
    confirmation, new = Confirmation.objects.get_or_create(version=version, person=by.person)
    if new:
        record(
            events.GUIDELINE_CONFIRMED,
            version,
            by=by,
            department_id=version.department_id,
            number=version.number,
        )
    return confirmation
