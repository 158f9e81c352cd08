"""What the database takes as a text of a reply, line by line.

Who writes it when, in which form, and which pictures stay.
"""

import json

import pytest
from django.utils import timezone

from tests.approvals.stories import off, second, sent
from tests.approvals.test_attachments import canonical

pytestmark = [pytest.mark.campaign, pytest.mark.table]

STAMP = "approvals_revision_stamp: "
KEPT = "approvals_attachment_kept"
TEXT = """INSERT INTO approvals_revision (id, draft_id, number, payload, user_id, person_id,
          is_correction, context_version, channel, at)
          SELECT 9009, {draft}, 0, said.payload, {who}, {lena.person}, {correction},
            {context_version},
          '', '2001-01-01'
          FROM (VALUES ('PAYLOAD')) said (payload)"""
PICTURE = """INSERT INTO approvals_attachment (id, draft_id, image, kind, width, height, alt,
             is_attached, user_id)
             VALUES ({number}, {draft}, '{bytes}', 'image/png', 1, 1, '', true, {user})"""
IN_STATE = "UPDATE approvals_draft SET status = '{}' WHERE id = {{draft}}"


@pytest.fixture
def texts(story):
    """Aylin's reply has two pictures, Bastian's one of these two and a third."""
    for number, draft, content in (
        (7001, "{draft}", "a"),
        (7002, "{draft}", "b"),
        (7003, "{other_draft}", "b"),
        (7004, "{other_draft}", "c"),
    ):
        story.write(PICTURE.format(number=number, draft=draft, bytes=content, user="{aylin.user}"))
    for name, number in (("a", 7001), ("b", 7002), ("c", 7004)):
        story.words[name] = story.gives(
            f"SELECT sha256 FROM approvals_attachment WHERE id = {number}"
        )
    return story


def picture(story, name, alt="A lamp.", kind="image/png"):
    """A picture as a text names it."""
    return {"alt": alt, "kind": kind, "sha256": story.words.get(name, name)}


def text(story, *, again=False, who="aylin", context_version=1, correction=False, **fields):
    """The statement that submits this text for the draft."""
    payload = (
        story.revision.payload
        if again
        else canonical(
            json.loads(story.revision.payload) | {"text": "Something else. ^an"} | fields
        )
    )
    quoted = payload.replace("'", "''").replace("{", "{{").replace("}", "}}")
    return (
        TEXT.replace("{who}", f"{{{who}.user}}")
        .replace("{context_version}", str(context_version))
        .replace("{correction}", str(correction))
        .replace("PAYLOAD", quoted)
    )


def wording_cases(story):
    """(fields of the text, what is wrong with it)."""
    return {
        "as it should be": ({}, None),
        "with a picture": ({"attachments": [picture(story, "a")]}, None),
        "no list of pictures": ({"attachments": {}}, "shape"),
        "another key": ({"more": 1}, "shape"),
        "another draft": ({"draft": story.words["other_draft"]}, "draft"),
        "another network": ({"network": "y"}, "network"),
        "another surface": ({"surface": "private"}, "surface"),
        "another account": ({"account": "902"}, "account"),
        "another post": ({"target": "4242"}, "target"),
        "others' initials": ({"initials": "rs"}, "initials"),
        "no signature": ({"text": "Something else."}, "signature"),
        "nothing but a signature": ({"text": " \n ^an"}, "signature"),
        "an open field": ({"text": "Hi {customer}. ^an"}, "open_field"),
        "an open field in a description": (
            {"attachments": [picture(story, "a", alt="A {lamp}")]},
            "open_field",
        ),
        "no description": ({"attachments": [picture(story, "a", alt=" ")]}, "picture"),
        "a picture that is nowhere": ({"attachments": [picture(story, "0" * 64)]}, "picture"),
        "another draft's picture": ({"attachments": [picture(story, "c")]}, "picture"),
        "a picture of another kind": (
            {"attachments": [picture(story, "a", kind="image/jpeg")]},
            "picture",
        ),
    }


SENTENCES = {
    "shape": "not the canonical form of a text",
    "draft": "the text of another draft",
    "network": "another network than the account's",
    "surface": "a surface that nobody answers on",
    "account": "another account than the ticket's",
    "target": "another post than the draft's",
    "initials": "other initials than the author's",
    "signature": "words without their signature",
    "open_field": "a field that nobody filled in",
    "picture": "a picture that is not there, or has no description",
}


def test_a_text_says_what_its_draft_says_and_the_guard_refuses_each_fault(texts):
    cases = wording_cases(texts)
    found = {what: texts.says(text(texts, **fields)) for what, (fields, _fault) in cases.items()}
    assert found == {
        what: STAMP + SENTENCES[fault] if fault else "" for what, (_fields, fault) in cases.items()
    }
    for change, fault in (
        ("UPDATE people_person SET initials = NULL WHERE id = {aylin.person}", "initials"),
        (
            "UPDATE approvals_draft "
            "SET target_id = (SELECT target_id FROM approvals_draft WHERE id = {other_draft}) "
            "WHERE id = {draft}",
            "target",
        ),
    ):
        assert texts.says(text(texts), change) == STAMP + SENTENCES[fault]
    assert (
        texts.says(text(texts, text="Hal\u2800lo. ^an"))
        == "approvals_revision_readable: a character that nobody can see"
    )


def test_a_text_is_taken_while_its_draft_is_open_and_nothing_is_on_its_way(texts):
    found = {
        state: texts.says(text(texts), IN_STATE.format(state))
        for state in (
            "writing",
            "in_review",
            "changes_requested",
            "approved",
            "posted",
            "rejected",
            "withdrawn",
        )
    }
    assert {state for state, said in found.items() if not said} == {
        "writing",
        "in_review",
        "changes_requested",
        "approved",
    }
    assert set(found.values()) == {"", STAMP + "this draft is closed"}
    found = {
        status: texts.says(text(texts), sent(status))
        for status in ("due", "void", "refused", "in_flight", "uncertain", "for_a_person", "posted")
    }
    assert {status for status, said in found.items() if not said} == {"due", "void", "refused"}
    assert set(found.values()) == {"", STAMP + "a reply of this draft is on its way"}
    assert (
        texts.says(text(texts), isolation="REPEATABLE READ") == STAMP + "only under read committed"
    )


def test_only_the_author_submits_and_others_correct(texts):
    assert (
        texts.says(text(texts, who="bastian")) == STAMP + "only the author submits; others correct"
    )
    assert texts.says(text(texts, who="rita", correction=True)) == ""
    assert texts.says(text(texts), off("aylin")) == STAMP + "the writer is not active"
    person, number, at = texts.gives(
        text(texts, who="rita", correction=True) + " RETURNING person_id, number, at"
    )
    assert (person, number) == (texts.words["rita"].person, 3)
    assert abs((timezone.now() - at).total_seconds()) < 600


def test_the_same_text_again_by_its_writer_is_refused_while_it_stands(texts):
    """(the change, the text, whether it is taken)."""
    cases = {
        "in review": ("", {}, False),
        "approved": (IN_STATE.format("approved"), {}, False),
        "after changes were requested": (IN_STATE.format("changes_requested"), {}, True),
        "on a newer context_version": ("", {"context_version": 2}, True),
        "as somebody else's": ("", {"who": "rita", "correction": True}, True),
        "of a sign-in that is off": (
            f"{second('aylin', active=False)}; "
            "UPDATE approvals_revision SET user_id = 9001 "
            "WHERE id = {words}",
            {},
            True,
        ),
    }
    found = {
        what: texts.says(text(texts, again=True, **more), change)
        for what, (change, more, _taken) in cases.items()
    }
    assert found == {
        what: "" if taken else STAMP + "the same text again"
        for what, (_change, _more, taken) in cases.items()
    }


def naming(name, words):
    """The change after which these words name this picture."""
    return (
        f"UPDATE approvals_revision SET payload = jsonb_set(payload::jsonb, '{{{{attachments}}}}', "
        f"jsonb_build_array(jsonb_build_object('sha256', '{{{name}}}')))::text WHERE id = {words}"
    )


def test_a_picture_is_never_changed(texts):
    changes = {
        "draft_id": "{other_draft}",
        "image": "'z'",
        "kind": "'image/jpeg'",
        "width": "2",
        "height": "2",
        "user_id": "{bastian.user}",
    }
    for column, value in changes.items():
        said = texts.says(f"UPDATE approvals_attachment SET {column} = {value} WHERE id = 7001")
        assert said == f"{KEPT}: a picture is never changed", column


def test_a_picture_that_no_text_of_its_draft_names_is_deleted_and_its_description_changes(texts):
    assert (
        texts.gives("UPDATE approvals_attachment SET alt = 'A lamp.' WHERE id = 7001 RETURNING alt")
        == "A lamp."
    )
    change = f"{naming('a', '{words}')}; {naming('b', '{other}')}"
    assert (
        texts.says("DELETE FROM approvals_attachment WHERE id = 7001", change)
        == f"{KEPT}: a submitted text names this picture"
    )
    assert (
        texts.gives("DELETE FROM approvals_attachment WHERE id = 7002 RETURNING id", change) == 7002
    )
