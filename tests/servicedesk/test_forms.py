"""Every page with a form: what is refused is said beside its field, and what was typed stays."""

import html
import re

import pytest
from django.urls import reverse

from approvals.models import GuidelineDraft
from people.models import Department
from tests.approvals.test_pages_refuse import PARAGRAPH
from tickets.models import RoutingDraft


def wrong(answer) -> dict[str, str]:
    """The sentences of a page beside its fields, by the fields' names."""
    page, said = answer.content.decode(), {}
    for error in re.finditer(r'<p[^>]*\bid="([\w-]+_error)"[^>]*>(.*?)</p>', page, re.DOTALL):
        described = re.search(rf'aria-describedby="[^"]*{error[1]}"', page)
        before = page[: error.start()]
        name = re.findall(r'<(?:input|textarea|select)\b[^>]*\bname="([^"]+)"', before)[-1]
        assert described.start() < error.start()
        assert 'aria-invalid="true"' in before[before.rindex(f'name="{name}"') :]
        said[name] = html.unescape(re.sub(r"<[^>]+>|\s+", " ", error[2])).strip()
    return said


@pytest.fixture
def boss(desk, client):
    """Max's browser, at a desk with a guideline."""
    from approvals.guidelines import editing

    editing.first_version(None, text_en="## 1 Be kind", text_de="", paragraphs=[PARAGRAPH])
    client.force_login(desk.max)
    return client


@pytest.mark.parametrize(
    ("page", "typed", "field", "said"),
    [
        (["routing-rule", "new"], {"minutes": "5"}, "name", "Give the rule a name"),
        (["routing-rule", "new"], {"name": "a"}, "department", "does nothing yet"),
        (
            ["routing-rule", "new"],
            {"name": "a", "minutes": "5", "followers": "12k"},
            "followers",
            "whole number",
        ),
        (
            ["routing-rule", "new"],
            {"name": "a", "minutes": "5", "add_tags": "x" * 121},
            "add_tags",
            "At most 20 in one rule",
        ),
        (["saved-reply-new"], {"text": "b"}, "title", "a title and a text"),
        (["saved-reply-new"], {"title": "a", "text": "b" * 2001}, "text", "At most 2000"),
        (["department-new"], {"name_en": "a", "clock_minutes": "x"}, "clock_minutes", "whole"),
        (
            ["department-new"],
            {"name_en": "a", "holidays_by_hand": "Christmas"},
            "holidays_by_hand",
            "Christmas is not a day",
        ),
        (["company"], {"name": " ", "language": "en"}, "name", "needs a name"),
        (["invite"], {"name": "a", "role": "agent", "email": "x"}, "email", "not an e-mail"),
        (["guideline-edit", "company"], {"text_en": "## 1 A\n## 1 B"}, "text_en", "is there"),
        (
            ["guideline-edit", "company"],
            {"confirm_within_hours": "a day"},
            "confirm_within_hours",
            "whole number",
        ),
        (
            ["guideline-check", "company", "1", "new"],
            {"kind": "length", "most": "280 letters"},
            "most",
            "whole number",
        ),
        (
            ["guideline-check", "company", "1", "new"],
            {"kind": "personal_data", "patterns": "number K####\nKundennummer K####"},
            "patterns",
            "“Kundennummer K####” is not a name and a pattern",
        ),
        (["preferences"], {"letter-a": "9"}, "letter-a", "not a letter"),
        (["notice-choices"], {"quiet_from": "late"}, "quiet_from", "like 22:00"),
        (["sign-ins-act", "password"], {"old": "wrong"}, "old", "not your present password"),
        (["sign-ins-act", "token"], {"name": " "}, "name", ""),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    boss, desk, page, typed, field, said
):
    name, *place = page
    if field == "email":
        typed = typed | {"department": str(desk.service.pk)}
    answer = boss.post(reverse(name, args=place), typed)
    assert answer.status_code == 400
    assert said in wrong(answer)[field]
    shown = html.unescape(answer.content.decode())
    assert all(value in shown for key, value in typed.items() if key not in {"old", "kind"})
    assert not RoutingDraft.objects.exists()
    assert not GuidelineDraft.objects.exists()
    assert Department.objects.filter(name_en="a").count() == 0


def test_a_guideline_whose_publishing_was_refused_is_not_taken_for_a_colleagues(boss):
    page = reverse("guideline-edit", args=["company"])
    refused = boss.post(page, {"act": "publish", "saved": "0", "text_en": " ", "text_de": ""})
    assert refused.status_code == 400
    assert "There is no text yet" in wrong(refused)["text_en"]
    saved = re.search(r'name="saved" value="(\d+)"', refused.content.decode())[1]
    again = boss.post(page, {"act": "publish", "saved": saved, "text_en": "## 1 Kind"})
    assert again.status_code == 302


def test_a_check_is_removed_and_a_draft_thrown_away_whatever_stands_in_the_fields(boss):
    check = reverse("guideline-check", args=["company", "1", "0"])
    odd = {"act": "remove", "kind": "length", "most": "many"}
    assert boss.post(check, odd).status_code == 302
    assert GuidelineDraft.objects.get().paragraphs[0]["checks"] == []
    page = reverse("guideline-edit", args=["company"])
    typed = {"act": "discard", "confirm_within_hours": "many"}
    assert boss.post(page, typed).status_code == 302
    assert not GuidelineDraft.objects.exists()


def test_a_rule_is_not_kept_without_a_condition_that_the_desk_does_not_know(boss):
    page = reverse("routing-rule", args=["new"])
    for condition in ({"accounts": ["999999"]}, {"accounts": ["x"]}, {"languages": ["tlh"]}):
        answer = boss.post(page, {"name": "a", "minutes": "5", **condition})
        assert answer.status_code == 400
        assert [*condition] == [*wrong(answer)]
    assert not RoutingDraft.objects.exists()


def test_who_is_invited_without_a_department_stays_so_in_a_refused_form(boss):
    answer = boss.post(reverse("invite"), {"name": " ", "role": "agent", "department": ""})
    assert answer.status_code == 400
    chosen = re.search(r'name="department".*?</select>', answer.content.decode(), re.DOTALL)[0]
    assert re.findall(r'<option value="(\d*)"\s+selected', chosen) == [""]


def test_the_page_of_preferences_has_the_sheet_of_keys_like_every_other(boss):
    shown = boss.get(reverse("preferences")).content.decode()
    sheet = re.search(r"<dialog[^>]*data-key-sheet.*?</dialog>", shown, re.DOTALL)[0]
    elsewhere = re.search(
        r"<dialog[^>]*data-key-sheet.*?</dialog>",
        boss.get(reverse("company")).content.decode(),
        re.DOTALL,
    )
    assert "Down in lists" in sheet
    assert sheet == elsewhere[0]
