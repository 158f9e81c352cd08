"""Every screen of the desk with its states, once.

The accessibility tests and the gallery of pictures go through this list.

`{fresh}` in a path is the number of a new ticket that nobody has answered, `{again}` of
a draft whose words were approved for somebody else since it was submitted
(`said_again`), `{besides}` of a ticket whose posts have more than words
(`shown_besides`).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.pictures import a_picture
from xapi.client import XClient

WORDY = "Calm down, we refund it by Friday! Call 020 7946 0123. /unplug"


SAID_AGAIN = (
    "Hello, the old cable in your street is being replaced. Please leave the box on, it finds its "
    "line again by itself. I write here as soon as I know more."
)


def said_again(running: Any, name: str, words: str = SAID_AGAIN) -> int:
    """Two customers get the same words.

    The second draft, in review since before the first was approved.

    They must be new at this desk: the checks know what was approved within the day.
    """
    drafts = []
    for place in ("one", "two"):
        running.x.says(
            f"{name}_{place}",
            "@AmselnetzHilfe no line in Garden Street, what is wrong?",
            name=f"Robin {place.title()}",
        )
        number = running.ticket_of(f"{name}_{place}")["number"]
        _status, draft = running.call("aylin", f"tickets/{number}/drafts/")
        _status, draft = running.call(
            "aylin",
            f"drafts/{draft['id']}/submit/",
            text=words,
            context_version=draft["context_version"],
        )
        drafts.append(draft)
    first = drafts[0]
    status, answer = running.call(
        "rita",
        f"drafts/{first['id']}/approve/",
        sha256=first["revisions"][-1]["sha256"],
        context_version=first["context_version"],
    )
    assert status == 200, answer
    return int(drafts[1]["id"])


def posts_with_everything(seen):
    """List the posts, by what each has besides its words."""
    video = {
        "type": "video",
        "preview_image_url": seen,
        "alt_text": "The fourth light blinks orange, then all of them go out",
        "duration_ms": 72_000,
    }
    posts = [
        {
            "text": "@AmselnetzHilfe look at this box",
            "media": [
                {"type": "photo", "url": seen, "alt_text": "A router"},
                video,
                {"type": "animated_gif"},
            ],
        },
        {
            "text": "@AmselnetzHilfe what would you do?",
            "poll": {"options": ["Unplug it for half a minute", "Throw it out of the window"]},
            "place": {"full_name": "Kranstedt", "country": "Germany"},
        },
        {
            "text": "@AmselnetzHilfe I wrote it down",
            "article": {"title": "My router and me: a winter’s tale"},
            "card": "card://1",
            "notes": ["1"],
        },
        {"text": "@AmselnetzHilfe words that nobody may read", "withheld": ["DE", "AT"]},
    ]
    return posts


def shown_besides(running: Any, name: str) -> int:
    """A customer shows media, a poll, an article and places, and X withholds one of the posts.

    The ticket's number.
    """
    client = XClient({"bearer_token": "sim-2400000001"}, base_url=running.x.url)
    seen = f"{running.x.url}/media/{client.upload_picture(a_picture('orange', size=(600, 400)))}"
    client.close()
    posts = posts_with_everything(seen)
    first = None
    for fields in posts:
        made = running.x.says(
            name, fields.pop("text"), name="Robin Bildreich", reply_to=first, **fields
        )
        first = first or made["id"]
    return int(running.ticket_of(name)["number"])


DRAWN = """
INSERT INTO tickets_outcome (ticket_id, value, post_id, sampled, by_id)
SELECT ticket.id, 'content', ticket.last_mention_id, true, login.id
FROM tickets_ticket AS ticket, people_user AS login
WHERE ticket.number = %s AND login.username = 'aylin'
RETURNING id"""


def drawn_outcome(running: Any, name: str) -> int:
    """A resolved ticket whose outcome was drawn for the blind sample; the outcome's number."""
    running.x.says(name, "@AmselnetzHilfe works again, thank you!", name="Robin Dankbar")
    number = running.ticket_of(name)["number"]
    status, answer = running.call("aylin", f"tickets/{number}/resolve/", reason="thanks")
    assert status == 200, answer
    return int(running.rows(DRAWN, number)[0][0])


ASKING = """
WITH survey AS (
  INSERT INTO satisfaction_survey
    (department_id, version, question_en, question_de, rate, via, by_id)
  SELECT ticket.department_id, ticket.id, 'Did we solve your matter?',
    'Haben wir Ihr Anliegen gelöst?', 0, 'public_link', login.id
  FROM tickets_ticket AS ticket, people_user AS login
  WHERE ticket.number = %s AND login.username = 'max'
  RETURNING id)
INSERT INTO satisfaction_asking (ticket_id, survey_id, via, key_hash, expires_at)
SELECT ticket.id, survey.id, 'public_link', %s, now() + interval '14 days'
FROM tickets_ticket AS ticket, survey
WHERE ticket.number = %s
RETURNING id"""


def asked_in(running: Any, language: str) -> str:
    """A customer who writes in this language was asked; the key of their link."""
    name, key = f"robin_asked_{language}", f"a-key-of-a-survey--{language}-"
    running.x.says(name, "@AmselnetzHilfe is it the router?", name="Robin Frage", lang=language)
    number = running.ticket_of(name)["number"]
    running.rows(ASKING, number, hashlib.sha256(key.encode()).hexdigest(), number)
    return key


@dataclass(frozen=True)
class Screen:
    """One page as one person sees it.

    `act` brings it into a state and `after` takes it back (the browser's page is their argument).
    """

    name: str
    who: str
    path: str
    act: Callable[[Any], None] | None = None
    after: Callable[[Any], None] | None = None


def pressed(*keys: str) -> Callable[[Any], None]:
    """Press these keys, one after the other."""

    def act(page: Any) -> None:
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(80)

    return act


def opened(selector: str) -> Callable[[Any], None]:
    """Open a menu or a folded part."""

    def act(page: Any) -> None:
        page.locator(selector).locator("visible=true").first.click()
        page.wait_for_timeout(120)

    return act


def chosen(page: Any) -> None:
    """Two tickets chosen."""
    for box in page.locator("input[name=number]").all()[:2]:
        box.check()


def written(page: Any) -> None:
    """A reply with every kind of finding, while saved replies are looked up."""
    page.locator("#reply-text").press_sequentially(WORDY)
    page.locator(".finding[data-severity=blocks]").wait_for(timeout=10000)
    page.locator("#saved-replies li").first.wait_for(timeout=10000)


def emptied(page: Any) -> None:
    """The words are gone again, on the server too."""
    page.locator("#reply-text").fill("")
    page.wait_for_timeout(700)


def pictured(page: Any) -> None:
    """A picture with its description."""
    if not page.locator("[data-picture] img").count():
        page.locator("input[type=file]").set_input_files(
            {
                "name": "light.png",
                "mimeType": "image/png",
                "buffer": a_picture("orange", size=(600, 400)),
            }
        )
    page.locator("[data-picture] textarea").fill(
        "The fourth light at the front of the router is orange."
    )
    page.locator("[data-preview-pictures] img").wait_for(state="attached", timeout=10000)


def unpictured(page: Any) -> None:
    """The picture is taken away again."""
    page.locator("[data-remove]").locator("visible=true").first.click()
    page.locator("[data-picture]").wait_for(state="detached", timeout=10000)


def decidable(*keys: str) -> Callable[[Any], None]:
    """Press decision keys, once they count."""

    def act(page: Any) -> None:
        page.locator("body[data-decidable] [data-review]").wait_for()
        pressed(*keys)(page)

    return act


def two_texts(page: Any) -> None:
    """Show the page as it is when a colleague wrote the same reply meanwhile.

    The words only, nothing is sent.
    """
    page.evaluate("""() => {
        const box = document.querySelector('[data-other]');
        box.querySelector('[data-other-words]').textContent =
            'Meanwhile this reply was saved in another window.';
        box.querySelector('[data-other-text]').textContent =
            'Hello, we look into it and write again today.';
        box.hidden = false;
    }""")


EVERYDAY = [
    Screen("inbox", "lena", "/inbox/"),
    Screen("inbox-nothing-found", "lena", "/inbox/?q=nothing-like-this"),
    Screen("inbox-filters", "lena", "/inbox/", opened(".list__head details > summary")),
    Screen("inbox-filtered-out", "lena", "/inbox/?tab=filtered"),
    Screen("inbox-choosing", "lena", "/inbox/?select=1", chosen),
    Screen("ticket-sending", "lena", "/tickets/10001/"),
    Screen("ticket-in-review", "lena", "/tickets/10002/"),
    Screen("ticket-new", "aylin", "/tickets/{fresh}/"),
    Screen("ticket-menu", "aylin", "/tickets/{fresh}/", opened(".ticket__head .menu > summary")),
    Screen("ticket-resolve", "aylin", "/tickets/{fresh}/", pressed("d")),
    Screen("ticket-written", "aylin", "/tickets/{fresh}/", written, emptied),
    Screen("ticket-picture", "aylin", "/tickets/{fresh}/", pictured, unpictured),
    Screen("ticket-two-texts", "aylin", "/tickets/{fresh}/", two_texts),
    Screen("ticket-besides-words", "lena", "/tickets/{besides}/"),
    Screen("queue", "lena", "/review/"),
    Screen("queue-decided", "lena", "/review/?tab=decided"),
    Screen("queue-empty", "farida", "/review/"),
    Screen("review", "lena", "/review/2/"),
    Screen("review-to-decide", "rita", "/review/1/"),
    Screen("review-new-finding", "rita", "/review/{again}/"),
    Screen("review-changes", "rita", "/review/1/", decidable("c")),
    Screen("outcome-check", "lena", "/review/outcomes/"),
    Screen("outcome-check-none", "farida", "/review/outcomes/"),
    Screen("satisfaction", "lena", "/satisfaction/"),
    Screen("lead", "lena", "/lead/"),
    Screen("outbox", "lena", "/outbox/"),
    Screen("outbox-posted", "lena", "/outbox/?tab=posted"),
    Screen("incidents", "lena", "/incidents/"),
    Screen("guidelines", "lena", "/guidelines/"),
    Screen("saved-replies", "lena", "/saved-replies/"),
    Screen("saved-reply-new", "lena", "/saved-replies/new/"),
    Screen("people", "lena", "/people/"),
    Screen("audit", "lena", "/audit/"),
    Screen("audit-raw", "lena", "/audit/?everything=on&raw=on"),
    Screen("setup", "max", "/setup/"),
    Screen("keep-elsewhere", "max", "/setup/keep-elsewhere/"),
    Screen("evidence", "lena", "/evidence/1/"),
    Screen("health", "lena", "/health/"),
    Screen("incident", "lena", "/incidents/1/"),
    Screen("parts", "lena", "/parts/"),
    Screen("preferences", "lena", "/preferences/"),
    Screen("sign-ins", "lena", "/sign-ins/"),
    Screen("sign-ins-adding", "lena", "/sign-ins/", opened("main details > summary")),
    Screen("notices", "lena", "/notices/"),
    Screen("notice-choices", "lena", "/notices/choices/"),
    Screen("keys", "lena", "/review/", pressed("?")),
    Screen("palette", "lena", "/review/", pressed("Control+k", "o")),
    Screen("menu", "lena", "/review/", opened(".bar__end .menu > summary")),
    Screen("nothing-there", "lena", "/tickets/99999/"),
    Screen("forbidden", "lena", "/people/invite/"),
]
SETTING_UP = [
    Screen("people-administrator", "max", "/people/"),
    Screen("person", "max", "/people/1/"),
    Screen("invite", "max", "/people/invite/"),
    Screen("department-new", "max", "/departments/new/"),
    Screen("department", "max", "/departments/2/"),
    Screen("survey-edit", "max", "/satisfaction/surveys/1/"),
    Screen("satisfaction-administrator", "max", "/satisfaction/"),
    Screen("guideline", "max", "/guidelines/company/"),
    Screen("guideline-edit", "max", "/guidelines/company/edit/"),
    Screen("guideline-check-new", "max", "/guidelines/company/edit/2/new/"),
    Screen("guideline-check", "max", "/guidelines/company/edit/2/1/"),
    Screen("guideline-check-language", "max", "/guidelines/company/edit/5/0/"),
    Screen("guideline-confirm", "max", "/guideline-versions/1/confirm/"),
    Screen("routing", "max", "/routing/"),
    Screen("routing-rule", "max", "/routing/rules/new/"),
    Screen("routing-dry-run", "max", "/routing/dry-run/"),
    Screen("first-steps", "max", "/first-steps/"),
    Screen("account-new", "max", "/accounts/new/"),
    Screen("initials", "max", "/initials/"),
    Screen("company", "max", "/company/"),
]
OUTSIDE = [
    Screen("survey-german", "", "/s/a-key-of-a-survey--de-/"),
    Screen("survey-english", "", "/s/a-key-of-a-survey--en-/"),
    Screen("survey-over", "", "/s/AAAAAAAAAAAAAAAAAAAAAA/"),
    Screen("sign-in", "", "/sign-in/"),
    Screen("forgotten", "", "/sign-in/forgotten/"),
    Screen("initials-public", "", "/initials/"),
]
