"""What the verbs on guidelines and saved replies refuse as input, each with its own code."""

from approvals.drafts import saved_replies
from approvals.guidelines import editing
from approvals.models import (
    GuidelineDraft,
    GuidelineVersion,
    SavedReply,
)
from tests.refusals import refused
from tickets import incidents
from tickets.models import Incident

CHECK = {
    "kind": "forbidden_words",
    "severity": "hint",
    "settings": {"terms": {"en": ["sadly"]}},
}


def refuses_what_is_no_guideline(desk, kept, save, checks):
    """Try words and checks that no guideline may have."""
    for given, wanted in (
        ({"by": desk.lena}, "no_right"),
        ({"saved": kept.saved + 1}, "draft_changed"),
        ({"english": "x" * 40_001}, "text_long"),
        ({"german": "x" * 40_001}, "text_long"),
        ({"english": "## 1 One\n## 1 Two"}, "paragraph_twice"),
    ):
        assert refused(lambda given=given: save(**given)) == wanted
    for given in ([CHECK] * 13, [CHECK | {"kind": "magic"}], [CHECK | {"severity": "deadly"}]):
        assert refused(lambda given=given: checks(given)) == "check_unknown"
        if len(given) == 1:
            paragraphs = [
                {
                    "number": "1",
                    "title_en": "Be kind",
                    "title_de": "",
                    "text_en": "",
                    "text_de": "",
                    "checks": given,
                }
            ]
            assert (
                refused(
                    lambda paragraphs=paragraphs: editing.first_version(
                        None, text_en="## 1 Be kind", text_de="", paragraphs=paragraphs
                    )
                )
                == "check_unknown"
            )


def test_a_guideline_is_written_whole_and_with_known_checks(desk):
    assert refused(lambda: editing.draft_of(None, by=desk.lena)) == "no_right"
    draft = editing.draft_of(None, by=desk.max)

    def save(by=desk.max, saved=None, english="## 1 Be kind", german=""):
        return editing.save_draft(draft, saved=saved, by=by, text_en=english, text_de=german)

    def checks(given, number="1"):
        return editing.save_checks(
            GuidelineDraft.objects.get(), number, given, saved=None, by=desk.max
        )

    kept = save()
    refuses_what_is_no_guideline(desk, kept, save, checks)
    assert refused(lambda: checks([CHECK], number="2")) == "paragraph_gone"
    assert checks([CHECK]).paragraphs[0]["checks"] == [CHECK]
    assert save(saved=GuidelineDraft.objects.get().saved).text_en == "## 1 Be kind"
    assert not GuidelineVersion.objects.exists()


def test_a_guideline_is_published_with_a_text_and_on_the_newest_version(desk):
    def written(**texts):
        draft = editing.draft_of(None, by=desk.max)
        return editing.save_draft(
            draft, saved=None, by=desk.max, **{"text_en": "", "text_de": ""} | texts
        )

    assert refused(lambda: editing.publish(written(), by=desk.max)) == "text_empty"
    assert editing.publish(written(text_de="## 1 Seid freundlich"), by=desk.max).number == 1
    draft = written(text_en="## 1 Be kind", text_de="")
    GuidelineDraft.objects.filter(pk=draft.pk).update(based_on=7)
    assert refused(lambda: editing.publish(draft, by=desk.max)) == "guideline_changed"


def test_a_guideline_that_was_thrown_away_meanwhile_is_not_saved(desk):
    draft = editing.save_draft(
        editing.draft_of(None, by=desk.max),
        saved=None,
        by=desk.max,
        text_en="## 1 Be kind",
        text_de="",
    )
    editing.discard(draft, by=desk.max)
    again = editing.save_draft
    assert (
        refused(lambda: again(draft, saved=None, by=desk.max, text_en="## 1 Be kinder", text_de=""))
        == "draft_changed"
    )


def test_a_saved_reply_has_words_a_language_and_its_own_departments_incident(desk):
    ours = incidents.open_incident(name="Berlin", department=desk.service, by=desk.aylin)
    theirs = incidents.open_incident(name="Bonn", department=desk.business, by=desk.nele)

    def keep(by=desk.lena, **given):
        fields = {
            "department": desk.service,
            "title": "Hello",
            "language": "en",
            "text": "Hello there.",
        } | given
        return saved_replies.keep(None, by=by, **fields)

    for given, wanted in (
        ({"by": desk.rita}, "no_right"),
        ({"title": " "}, "text_empty"),
        ({"text": " "}, "text_empty"),
        ({"text": "x" * 2001}, "text_long"),
        ({"language": "fr"}, "language_unknown"),
        ({"incident": theirs}, "incident_elsewhere"),
    ):
        assert refused(lambda given=given: keep(**given)) == wanted
    kept, _findings = keep(incident=ours)
    incidents.end_incident(ours, by=desk.aylin)
    over = Incident.objects.get(pk=ours.pk)
    assert refused(lambda: keep(incident=over, title="Later")) == "incident_elsewhere"
    assert refused(lambda: saved_replies.retire(kept, by=desk.rita)) == "no_right"
    assert SavedReply.objects.get().retired_at is None


def test_only_a_check_that_blocks_and_not_the_length_keeps_a_reply_from_being_saved(desk):
    def check(severity, kind="forbidden_words", settings=None):
        return {
            "kind": kind,
            "severity": severity,
            "settings": settings or {"terms": {"en": [f"{severity}word"]}},
        }

    paragraphs = [
        {
            "number": "1",
            "title_en": "Words",
            "title_de": "",
            "text_en": "",
            "text_de": "",
            "checks": [check("hint"), check("blocks"), check("blocks", "length", {"most": 40})],
        }
    ]
    editing.first_version(desk.service, text_en="## 1 Words", text_de="", paragraphs=paragraphs)

    def keep(text):
        return saved_replies.keep(
            None, department=desk.service, title="Hello", language="en", text=text, by=desk.lena
        )[1]

    assert [one.severity for one in keep("A hintword.")] == ["hint"]
    assert {one.kind for one in keep("A long text. " * 10)} == {"length"}
    assert refused(lambda: keep("A blocksword.")) == "finding_blocks"
