"""Take words through the one table of characters at every door.

The database refuses what no channel let in, and the review marks what looks odd.
"""

import json

import pytest
from django.db import connection, transaction
from django.urls import reverse

from approvals.drafts import drafting
from approvals.drafts.payload import signed
from approvals.guidelines import editing
from approvals.models import Revision
from approvals.reviews import decisions
from approvals.reviews.marked_places import marked
from approvals.reviews.unusual_characters import Known, unusual
from core.errors import Invalid
from core.text.characters import FLAGS, NEVER
from people import company
from people.identity import persons
from people.identity.tokens import issue
from people.invitations import invitations
from people.memberships import departments
from people.models import Person
from people.roles import Role
from tests import factories
from tests.approvals.test_attachments import brought
from tests.approvals.test_four_eyes import guard_refuses, screen
from tests.approvals.test_saved_replies import kept
from tests.core.test_characters import ALLOWED, REFUSED

pytestmark = [pytest.mark.campaign, pytest.mark.table]

HIDDEN = "Hal\u200blo"
BLANK = " \u200b\u3164"
DEPARTMENT = {
    "review_policy": "reviewers",
    "clock_minutes": 10,
    "reply_minutes": 30,
    "time_zone": "Europe/Berlin",
    "hours": {},
    "parent": None,
    "holiday_country": "",
    "holiday_state": "",
    "holidays_by_hand": [],
}


def refuses(act, code="text_unreadable"):
    """The act is refused with this code; returns the refusal."""
    with pytest.raises(Invalid) as refused, transaction.atomic():
        act()
    assert refused.value.code == code
    return refused.value


def guideline_with(desk, term):
    """A draft of the guideline whose only check looks for this term."""
    draft = editing.draft_of(None, by=desk.max)
    draft = editing.save_draft(
        draft, saved=None, by=desk.max, text_en="## 1 Words\n\nNone of these.", text_de=""
    )
    checks = [
        {"kind": "forbidden_words", "severity": "hint", "settings": {"terms": {"en": [term]}}}
    ]
    return editing.save_checks(draft, "1", checks, saved=None, by=desk.max)


def test_the_answer_names_the_character_and_its_place(desk):
    refused = refuses(lambda: factories.submitted(desk, text="Hi Grace, Hal\u200blo."))
    assert refused.detail == {"place": 13, "character": "U+200B", "name": "ZERO WIDTH SPACE"}
    assert str(refused) == (
        "“Hal⟨U+200B⟩lo.” contains a character that nobody can see: ZERO WIDTH SPACE (U+200B), "
        "character 14 of the text. Delete it, then go on."
    )


@pytest.mark.parametrize("name", ALLOWED)
def test_each_language_can_be_submitted_approved_and_is_kept_as_written(desk, name):
    revision = factories.submitted(desk, text=f"{ALLOWED[name]} ok")
    assert revision.text == signed(f"{ALLOWED[name]} ok", "an")


@pytest.mark.parametrize("name", [name for name in REFUSED if "\x00" not in REFUSED[name]])
def test_each_hidden_character_is_refused_by_submitting_and_by_correcting(desk, name):
    refuses(lambda: factories.submitted(desk, text=f"x {REFUSED[name]} y"))


def test_a_tab_becomes_a_blank_and_a_soft_hyphen_goes(desk):
    assert (
        factories.submitted(desk, text="Donau\u00addampf:\tja,\u00a0gern").text
        == "Donaudampf: ja, gern ^an"
    )


def test_a_correction_goes_through_the_same_table(desk):
    revision = factories.submitted(desk)
    refuses(lambda: decisions.correct(revision, text=HIDDEN, **screen(revision, desk.rita)))
    assert (
        decisions.correct(revision, text="Besser:\tso", **screen(revision, desk.rita)).text
        == "Besser: so ^an"
    )


@pytest.mark.parametrize("verb", ["submit", "correct"])
def test_api_and_browser_refuse_it_and_give_the_words_back(desk, client, verb):
    revision = factories.submitted(desk)
    by = desk.aylin if verb == "submit" else desk.rita
    body = {
        "text": HIDDEN,
        "context_version": 1,
        **({"sha256": revision.sha256} if verb == "correct" else {}),
    }
    key = {"Authorization": f"Token {issue(by, name='mine')}"}
    answer = client.post(
        f"/api/v1/drafts/{revision.draft_id}/{verb}/",
        body,
        content_type="application/json",
        headers=key,
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "text_unreadable")
    client.force_login(by)
    ticket = revision.draft.ticket.number
    page = client.post(
        reverse("draft-submit", args=[ticket])
        if verb == "submit"
        else reverse("review-decide", args=[revision.draft_id, verb]),
        body,
    )
    assert page.status_code == 400
    assert f"{HIDDEN}</textarea>" in page.content.decode()
    assert Revision.objects.count() == 1


def test_a_description_of_a_picture_goes_through_the_same_table(desk):
    draft = factories.submitted(desk).draft
    brought(draft, desk.aylin, alt="A lamp.")
    [one] = draft.attachments.all()
    refuses(
        lambda: drafting.submit(
            draft, text="Look.", context_version=1, by=desk.aylin, alts={one.pk: HIDDEN}
        )
    )
    revision = drafting.submit(
        draft, text="Look.", context_version=1, by=desk.aylin, alts={one.pk: "A red lamp."}
    )
    refuses(
        lambda: decisions.correct(
            revision, text="Look.", alts={one.sha256: HIDDEN}, **screen(revision, desk.rita)
        )
    )
    assert Revision.objects.count() == 2


@pytest.mark.parametrize(
    "act",
    [
        lambda desk: editing.save_draft(
            editing.draft_of(None, by=desk.max),
            saved=None,
            by=desk.max,
            text_en="## 1 A\n\nB.",
            text_de=HIDDEN,
        ),
        lambda desk: editing.save_draft(
            editing.draft_of(None, by=desk.max),
            saved=None,
            by=desk.max,
            text_en="",
            text_de="",
            summary=HIDDEN,
        ),
        lambda desk: editing.save_draft(
            editing.draft_of(None, by=desk.max),
            saved=None,
            by=desk.max,
            text_en="",
            text_de="",
            training_en=HIDDEN,
        ),
        lambda desk: kept(desk, title=HIDDEN),
        lambda desk: kept(desk, text=HIDDEN),
        lambda desk: guideline_with(desk, HIDDEN),
        lambda desk: editing.save_draft(
            editing.draft_of(None, by=desk.max),
            saved=None,
            by=desk.max,
            text_en=HIDDEN,
            text_de="",
        ),
        lambda desk: company.keep(name=HIDDEN, language="en", by=desk.max),
        lambda desk: persons.add_person(HIDDEN, by=desk.max),
        lambda desk: persons.rename(
            desk.aylin.person, name=HIDDEN, initials="an", is_listed_by_name=False, by=desk.max
        ),
        lambda desk: invitations.invite(
            name=HIDDEN,
            initials="qq",
            email="",
            role=Role.AGENT,
            department=desk.service,
            by=desk.max,
        ),
        lambda desk: departments.keep(None, by=desk.max, name_en=HIDDEN, name_de="", **DEPARTMENT),
        lambda desk: departments.keep(
            None, by=desk.max, name_en="Press", name_de=HIDDEN, **DEPARTMENT
        ),
    ],
)
def test_every_other_door_refuses_what_nobody_sees(desk, act):
    refused = refuses(lambda: act(desk))
    assert "U+200B" in str(refused)


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, name: company.keep(name=name, language="en", by=desk.max),
        lambda desk, name: persons.add_person(name, by=desk.max),
        lambda desk, name: persons.rename(
            desk.aylin.person, name=name, initials="an", is_listed_by_name=False, by=desk.max
        ),
        lambda desk, name: departments.keep(
            None, by=desk.max, name_en=name, name_de="", **DEPARTMENT
        ),
    ],
)
def test_a_name_that_mixes_scripts_to_look_like_another_is_refused(desk, act):
    refuses(lambda: act(desk, "R\u0456ta Sommer"), "name_mixed")


def test_names_in_any_one_script_are_fine(desk):
    for number, name in enumerate(
        ("Ольга Петрова", "محمد می‌خواهم", "김민수", "Zoë O’Neil", "අමල් ශ්‍රී")
    ):
        assert persons.add_person(name, initials=f"q{'abcde'[number]}", by=desk.max).name == name


@pytest.mark.parametrize("initials", ["a\u200bn", "\u0430n", "\u03b1\u03b2", "a\u00adb"])
def test_initials_are_plain_letters(desk, initials):
    with pytest.raises(Invalid):
        persons.rename(
            desk.aylin.person,
            name="Aylin Nergiz",
            initials=initials,
            is_listed_by_name=False,
            by=desk.max,
        )
    assert Person.objects.get(pk=desk.aylin.person_id).initials == "an"


def test_a_reason_that_nobody_sees_is_no_reason(desk):
    revision = factories.submitted(desk)
    refuses(
        lambda: decisions.request_changes(revision, comment=BLANK, **screen(revision, desk.rita)),
        "reason_missing",
    )
    refuses(
        lambda: decisions.reject(revision, comment=BLANK, **screen(revision, desk.rita)),
        "reason_missing",
    )


def insert_revision(revision, **changes):
    """A raw insert of a further revision as the application's role."""
    payload = json.dumps(
        revision.content | changes, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO approvals_revision (draft_id, number, payload, user_id, person_id, "
            "is_correction, context_version, channel) "
            "VALUES (%s, 0, %s, %s, %s, false, %s, '')",
            [
                revision.draft_id,
                payload,
                revision.user_id,
                revision.person_id,
                revision.context_version,
            ],
        )


def test_the_wall_takes_no_text_and_no_description_with_a_character_that_is_never_allowed(desk):
    revision = factories.submitted(desk)
    for low, high in (*NEVER, (0xE0041, 0xE0041), (0xE007F, 0xE007F)):
        for code in {low, high}:
            guard_refuses(
                lambda code=code: insert_revision(revision, text=f"Hi{chr(code)} ^an"),
                "approvals_revision_readable",
            )
    for text in (f"{FLAGS[0]}\U000e0067 ^an", "\U0001f3f4\U000e0068\U000e007f ^an"):
        guard_refuses(
            lambda text=text: insert_revision(revision, text=text), "approvals_revision_readable"
        )
    picture = {"alt": "zero\u2800", "kind": "image/png", "sha256": "0" * 64}
    guard_refuses(
        lambda: insert_revision(revision, attachments=[picture]), "approvals_revision_readable"
    )
    assert Revision.objects.count() == 1


def test_the_wall_takes_every_language(desk):
    revision = factories.submitted(desk)
    for text in ALLOWED.values():
        insert_revision(revision, text=f"{text} ^an")
    assert Revision.objects.count() == len(ALLOWED) + 1


KNOWN = Known(
    names=frozenset({"AmselnetzHilfe", "Amselnetz"}),
    initials=frozenset({"an", "rs"}),
    hosts=frozenset({"amselnetz.example.com", "kö.example"}),
)


@pytest.mark.parametrize(
    ("text", "places", "said"),
    [
        ("Ask @AmseInetzHilfe now", ["AmseInetzHilfe"], "looks like “AmselnetzHilfe”"),
        ("Ask @Amsеlnetz now", ["Amsеlnetz"], "two scripts"),
        ("Signed ^аn", ["аn"], "two scripts"),
        ("Signed ^\u0430\u043f", [], ""),
        ("See xn--mller-kva.de/x", ["xn--mller-kva.de/x"], "leads to “müller.de”"),
        ("See http://amseInetz.example.com", ["amseInetz"], "looks like “Amselnetz”"),
        (
            "See http://amse1netz.example.com/a",
            ["http://amse1netz.example.com/a"],
            "looks like “amselnetz.example.com”",
        ),
        (
            "See https://аmѕеlnеtz.ехаmрlе.com",
            ["https://аmѕеlnеtz.ехаmрlе.com"],
            "looks like “amselnetz.example.com”",
        ),
        ("See https://kö.example/hilfe and https://amselnetz.example.com", [], ""),
        ("Hi Grace, Amselnetz answers. 5 kΩ, привет ^an", [], ""),
    ],
)
def test_what_remains_unusual_is_marked(text, places, said):
    found = unusual(text, KNOWN)
    assert [text[one.start : one.end] for one in found] == places
    assert all(said in one.sentence for one in found)
    assert str(marked(text, found, [])).count("<mark ") == len(places)


def test_the_review_marks_it_at_its_place_with_a_sentence(desk, client):
    revision = factories.submitted(desk, text="Hi Grace, ask @AmseInetzHilfe <b>again</b>.")
    client.force_login(desk.rita)
    page = client.get(reverse("review", args=[revision.draft_id])).content.decode()
    sentence = "“AmseInetzHilfe” looks like “AmselnetzHilfe”, but is written with other letters."
    assert f'<mark title="{sentence}">AmseInetzHilfe</mark> &lt;b&gt;again&lt;/b&gt;.' in page
    assert f"<span>{sentence}</span>" in page
    plain = factories.submitted(
        desk,
        factories.a_ticket(desk, "@AmselnetzHilfe hello"),
        text="Hi Grace, ask @AmselnetzHilfe again.",
    )
    assert (
        "Unusual letters"
        not in client.get(reverse("review", args=[plain.draft_id])).content.decode()
    )


def test_words_of_customers_are_taken_in_and_shown_with_nothing_hidden(desk, client):
    name = factories.XUser(id=7009, handle="grace2", name="Gra\u202ece\u200b", followers=1)
    ticket = factories.arrive(
        desk, factories.post("@AmselnetzHilfe pay at \u202emoc.liam", by=name), users=(name,)
    )[0]
    client.force_login(desk.aylin)
    for page in (client.get(f"/tickets/{ticket.number}/"), client.get("/inbox/", follow=True)):
        shown = page.content.decode()
        assert "pay at ⟨U+202E⟩moc.liam" in shown
        assert "\u202e" not in shown
    assert ticket.customer.name == "Grace"
    assert ticket.last_mention.newest.text == "@AmselnetzHilfe pay at \u202emoc.liam"
