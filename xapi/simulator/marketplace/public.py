"""The public's view of the simulated X, called Marktplatz.

Read, write as a customer, see the desk's replies arrive.

Looks like another world on purpose, neither like the desk nor like X. Every text is escaped; it
works without JavaScript.
"""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from xapi.simulator.http import Answer, Request
from xapi.simulator.marketplace.staging import Staging
from xapi.simulator.nouns import Post, Refused, User
from xapi.simulator.store import Store
from xapi.simulator.text.entities import named

HERE = Path(__file__).parent.parent / "page"
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
}
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
SHOWN = 60
UPLOADED = re.compile(r"/media/[0-9]+")
# Each is filled once: what stands in a value is never looked at again
FIELD = re.compile(r"\{\{ ([a-z_]+) \}\}")
WORDS = {
    "en": {
        "band": (
            "This is not X. Invented people, a network that lives only on this machine, for "
            "trying out and training."
        ),
        "back": "Back to the desk",
        "view": "the public’s view",
        "you": "You are",
        "new": "Somebody new",
        "choose": "choose a name yourself",
        "write": "What would you like to say?",
        "send": "Call out",
        "as": "as",
        "reply": "Reply",
        "edit": "Edit",
        "delete": "Delete",
        "save": "Save",
        "arrived": "Arrived from the desk",
        "edited": "edited",
        "deleted": "This post was deleted.",
        "all": "Everything",
        "talk": "This conversation",
        "empty": "Nobody has said anything yet. Be the first.",
        "your_name": "Name",
        "handle": "Handle",
        "whose": "whose reply",
        "whole": "Whole conversation",
        "fresh": "New posts have arrived. Show them",
        "staging": "Stage directions",
    },
    "de": {
        "band": (
            "Das ist nicht X. Erfundene Personen, ein Netz, das nur auf diesem Rechner lebt, "
            "zum Ausprobieren und Üben."
        ),
        "back": "Zurück zum Desk",
        "view": "so sieht es die Öffentlichkeit",
        "you": "Sie sind",
        "new": "Jemand anderes",
        "choose": "Name selbst wählen",
        "write": "Was möchten Sie sagen?",
        "send": "Ausrufen",
        "as": "als",
        "reply": "Antworten",
        "edit": "Bearbeiten",
        "delete": "Löschen",
        "save": "Speichern",
        "arrived": "Vom Desk eingetroffen",
        "edited": "bearbeitet",
        "deleted": "Dieser Post wurde gelöscht.",
        "all": "Alles",
        "talk": "Diese Unterhaltung",
        "empty": "Noch hat niemand etwas gesagt. Machen Sie den Anfang.",
        "your_name": "Name",
        "handle": "Handle",
        "whose": "wessen Antwort",
        "whole": "Ganze Unterhaltung",
        "fresh": "Neue Posts sind da. Zeigen",
        "staging": "Regie",
    },
}


class Public:
    """Pages, forms and the stream that wakes open pages."""

    def __init__(
        self,
        store: Store,
        world: dict[str, Any],
        desk_url: str,
        staging: Staging,
        zone: ZoneInfo | None = None,
    ) -> None:
        self.zone = zone
        self.store, self.world, self.desk_url, self.staging = store, world, desk_url, staging
        self.waiting: set[asyncio.Queue] = set()
        store.listeners.append(self.wake)

    def answer(self, request: Request) -> Answer:
        """Answer with a page, a file, or the outcome of a form."""
        if request.path.startswith("/avatar/"):
            return self.avatar(int(request.path.removeprefix("/avatar/").removesuffix(".svg")))
        if request.path.startswith("/media/"):
            return self.picture(int(request.path.removeprefix("/media/")))
        if request.path.startswith("/page/"):
            return file(request.path.removeprefix("/page/"))
        if request.method == "POST":
            return self.posted(request)
        if request.path == "/":
            return self.page(request)
        if request.path.startswith("/post/"):
            return self.page(
                request,
                conversation=self.store.posts[
                    int(request.path.removeprefix("/post/"))
                ].conversation,
            )
        return Answer(b"Not here.", 404, "text/plain")

    def posted(self, request: Request) -> Answer:
        """Write, reply, edit, delete, as the chosen customer; other sites' forms are refused."""
        origin = request.headers.get("origin")
        if origin and origin.split("://")[-1] != request.headers.get("host"):
            raise Refused(403, "This form came from another site.")
        form = request.form()
        if request.path == "/play":
            self.staging.play(form.get("what", ""))
            return Answer(
                b"",
                303,
                "text/plain",
                {"location": f"/?as={quote(form.get('as', ''))}&lang={_lang(form)}"},
            )
        user = self.chosen(form)
        if request.path == "/write":
            reply_to = int(form["reply_to"]) if form.get("reply_to") else None
            post = self.store.create(
                user, form.get("text", "")[:5000], reply_to=reply_to, lang=form.get("lang", "")
            )
        else:
            post = self.store.newest(int(form["id"]))
            if post.author != user.id:
                raise Refused(403, "Only the author may do that.")
            if request.path == "/edit":
                post = self.store.edit(post.id, form.get("text", "")[:5000])
            elif request.path == "/delete":
                self.store.delete(post.id)
        place = f"/post/{post.conversation}" if form.get("conversation") else "/"
        return Answer(
            b"",
            303,
            "text/plain",
            {"location": f"{place}?as={quote(user.username)}&lang={_lang(form)}"},
        )

    def chosen(self, form: dict[str, str]) -> User:
        """Return the customer who writes: one that is known, or a new one with the chosen name.

        Never the company's account.
        """
        handle = form.get("new_handle", "").strip().lstrip("@") or form.get(
            "as", ""
        ).strip().lstrip("@")
        user = self.store.user_named(handle) if handle else None
        if user is None:
            if not handle:
                raise Refused(400, "Choose who you are: a known customer or a new handle.")
            user = self.store.add_user(
                handle,
                name=form.get("new_name", "").strip()[:1000] or handle,
                hue=sum(map(ord, handle)) % 360,
            )
        if user.account:
            raise Refused(403, "The company speaks through its desk, not here.")
        return user

    def page(
        self, request: Request, conversation: int | None = None, note: str = "", status: int = 200
    ) -> Answer:
        """Answer with the whole page."""
        lang = _lang(request.query, request.headers.get("accept-language", ""))
        words = WORDS[lang]
        me = request.query.get("as") or self.first_customer()
        posts = "".join(
            self.post_html(post, me, lang, conversation) for post in self.posts(conversation)
        )
        accounts = " ".join(f"@{one.username}" for one in self.store.users.values() if one.account)
        begun = f"{accounts.split(' ')[0]} " if accounts else ""
        trusted = {
            "people": "".join(self.person_html(one, me, lang) for one in self.people(lang, me)),
            "posts": posts or f'<p class="empty">{words["empty"]}</p>',
            "stage": self.staging.html(lang, me),
        }
        fields = {
            **words,
            "lang": lang,
            "other": "de" if lang == "en" else "en",
            "other_name": "Deutsch" if lang == "en" else "English",
            "me": me,
            "desk_url": self.desk_url or "#",
            "note": note,
            "accounts": accounts,
            "text": request.form().get("text", "") if note else begun,
            "staging": words["staging"],
            "latest": str(len(self.store.lines)),
        }
        made = {name: escape(str(value)) for name, value in fields.items()} | trusted
        page = FIELD.sub(lambda found: made[found.group(1)], (HERE / "page.html").read_text())
        return Answer(page.encode(), status, KINDS[".html"])

    def first_customer(self) -> str:
        """Return the handle of the first invented customer; empty if there is none."""
        handles = (one["handle"] for one in self.world.get("customers", []) if one.get("handle"))
        return next(handles, "")

    def refusal(self, request: Request, sentence: str) -> Answer:
        """Show the page again, with a sentence above the form.

        What was typed still stands in it.
        """
        form = request.form() if request.method == "POST" else {}
        again = Request(
            "GET",
            "/",
            {"as": form.get("as", ""), "lang": _lang(form)},
            request.headers,
            request.body,
        )
        return self.page(again, note=sentence, status=400)

    def people(self, lang: str, me: str) -> list[dict[str, str]]:
        """Who one can be.

        The world's customers, and oneself where one came with a name of one's own.
        """
        known = [
            {
                "handle": one["handle"],
                "name": one["name"],
                "about": one["traits"][lang],
                "hue": str(one.get("avatar_hue", 0)),
            }
            for one in self.world.get("customers", [])
            if one.get("handle")
        ]
        user = self.store.user_named(me) if me else None
        if user and not user.account and all(one["handle"].lower() != me.lower() for one in known):
            known.insert(
                0,
                {
                    "handle": user.username,
                    "name": user.name,
                    "about": user.bio,
                    "hue": str(user.hue),
                },
            )
        return known

    def person_html(self, one: dict[str, str], me: str, lang: str) -> str:
        """One of the people on the left."""
        current = ' aria-current="true"' if one["handle"].lower() == me.lower() else ""
        user = self.store.user_named(one["handle"])
        picture = (
            f'<img src="/avatar/{user.id}.svg" alt="" width="38" height="38">'
            if user
            else '<span class="nobody"></span>'
        )
        return (
            f"<li><a "
            f'href="/?as={quote(one["handle"])}&amp;lang={lang}"{current}>'
            f"{picture}<span><b>{escape(one['name'])}</b>"
            f"<small>{escape(shortened(one['about']))}</small></span></a></li>"
        )

    def posts(self, conversation: int | None) -> list[Post]:
        """Return the newest versions, newest conversations first.

        Each conversation in its order.
        """
        seen: dict[int, Post] = {}
        for post_id in reversed(self.store.order):
            post = self.store.newest(post_id)
            if conversation and post.conversation != conversation:
                continue
            if post.shown_from <= self.store.now():
                seen.setdefault(post.versions[0], post)
            if len(seen) >= SHOWN and not conversation:
                break
        latest: dict[int, int] = {}
        for post in seen.values():
            latest[post.conversation] = max(latest.get(post.conversation, 0), post.id)
        return sorted(seen.values(), key=lambda one: (-latest[one.conversation], one.versions[0]))

    def post_html(self, post: Post, me: str, lang: str, conversation: int | None) -> str:
        """One speech bubble with what can be done to it."""
        words, author = WORDS[lang], self.store.users[post.author]
        side = "reply" if post.reply_to else "root"
        if author.account:
            side = "account"
        if post.deleted:
            return f'<article class="bubble {side} gone"><p>{words["deleted"]}</p></article>'
        at = datetime.fromtimestamp(post.at / 1000, self.zone).strftime("%H:%M")
        edited = f" · {words['edited']}" if len(post.versions) > 1 else ""
        text = words_html(post.text) + pictures_html(post) + besides_html(post)
        arrived = f'<p class="arrived">{words["arrived"]}</p>' if author.account else ""
        hidden = hidden_html({"as": me, "lang": lang, "conversation": str(conversation or "")})
        can = answer_html(post, me, words, hidden)
        if author.username.lower() == me.lower():
            can += own_html(post, words, hidden)
        if not conversation and not post.reply_to:
            can += f'<a href="/post/{post.id}?as={quote(me)}&amp;lang={lang}">{words["whole"]}</a>'
        return (
            f'<article class="bubble {side}" id="p{post.id}" '
            f'data-author="{escape(author.username)}">'
            f'<img src="/avatar/{author.id}.svg" alt="" width="40" height="40">'
            f'<div class="words"><header><b>{escape(author.name)}</b> '
            f"<small>@{escape(author.username)}, {at}{edited}</small></header>"
            f'<p lang="{escape(post.lang or "und")}">{text}</p></div>'
            f"{arrived}<footer>{can}</footer></article>"
        )

    def avatar(self, user_id: int) -> Answer:
        """Answer with a drawn face in the user's own colour."""
        user = self.store.users[user_id]
        hue = user.hue or user.id % 360
        if user.account:
            body = (
                '<circle cx="20" cy="20" r="20" fill="#263c62"/><path d="M9 24c3-9 12-12 '
                '19-8l4-1-3 4c0 8-8 12-14 10-3-1-5-3-6-5z" fill="#fff"/>'
                '<circle cx="25" cy="18" r="1.4" fill="#263c62"/>'
            )
        else:
            body = (
                f'<circle cx="20" cy="20" r="20" fill="hsl({hue} 55% 76%)"/><path d="M6 '
                f'40c0-10 6-14 14-14s14 4 14 14z" fill="hsl({hue} 45% 38%)"/>'
                f'<circle cx="20" cy="17" r="8" fill="hsl({(hue * 7) % 40 + 18} 55% '
                f'72%)"/><path d="M11 16c0-8 18-8 18 0-3-4-15-4-18 0z" '
                f'fill="hsl({(hue * 3) % 50} 35% 22%)"/>'
            )
        picture = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><clipPath '
            f'id="c"><circle cx="20" cy="20" r="20"/></clipPath><g '
            f'clip-path="url(#c)">{body}</g></svg>'
        )
        return Answer(picture.encode(), 200, KINDS[".svg"], {"cache-control": "max-age=3600"})

    def picture(self, upload_id: int) -> Answer:
        """Answer with an uploaded picture; anything else is handed over as a file."""
        upload = self.store.uploads[upload_id]
        kind = upload.kind if upload.kind in PICTURES else "application/octet-stream"
        return Answer(base64.b64decode(upload.data), 200, kind, {"cache-control": "max-age=3600"})

    def wake(self, line: dict) -> None:
        """Tell every open page that something happened."""
        for queue in self.waiting:
            queue.put_nowait(line["what"])

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for queue in self.waiting:
            queue.put_nowait(None)

    async def stream(self) -> AsyncIterator[str]:
        """Yield what wakes an open page; a comment every ten seconds keeps the line open."""
        queue: asyncio.Queue = asyncio.Queue()
        self.waiting.add(queue)
        try:
            yield ": open\n\n"
            while True:
                try:
                    what = await asyncio.wait_for(queue.get(), 10)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if what is None:
                    return
                yield f"data: {json.dumps(what)}\n\n"
        finally:
            self.waiting.discard(queue)


def hidden_html(fields: dict[str, str]) -> str:
    """Fields of a form that nobody sees."""
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )


def answer_html(post: Post, me: str, words: dict[str, str], hidden: str) -> str:
    """Return the form in which one answers a post."""
    return (
        f'<details><summary>{words["reply"]}</summary><form method="post" action="/write">'
        f'{hidden}<input type="hidden" name="reply_to" value="{post.id}">'
        f'<textarea name="text" rows="3" aria-label="{words["reply"]}"></textarea>'
        f"<button>{words['reply']} {words['as']} {escape(me)}</button></form></details>"
    )


def own_html(post: Post, words: dict[str, str], hidden: str) -> str:
    """Return the forms in which one edits and deletes a post of one's own."""
    number = f'<input type="hidden" name="id" value="{post.id}">'
    return (
        f'<details><summary>{words["edit"]}</summary><form method="post" action="/edit">'
        f'{hidden}{number}<textarea name="text" rows="3" aria-label="{words["edit"]}">'
        f"{escape(post.text)}</textarea><button>{words['save']}</button></form></details>"
        f'<form method="post" action="/delete">{hidden}{number}'
        f'<button class="quiet">{words["delete"]}</button></form>'
    )


def words_html(text: str) -> str:
    """Return the words of a post: cut at its handles first, each piece escaped once.

    Handles marked, lines broken.
    """
    text, made, last = text.replace("\x00", "\ufffd"), "", 0
    for one in named(text):
        made += f"{lines_html(text[last : one.start])}<mark>{lines_html(one.text)}</mark>"
        last = one.end
    return made + lines_html(text[last:])


def lines_html(words: str) -> str:
    """Words, escaped, with their lines broken."""
    return "<br>".join(escape(line) for line in words.split("\n"))


def pictures_html(post: Post) -> str:
    """Return the pictures that were uploaded here, below the words."""
    found = [
        (urlsplit(str(one.get("url", ""))).path, escape(str(one.get("alt_text", ""))))
        for one in post.media
    ]
    shown = "".join(
        f'<img src="{path}" alt="{alt}" title="{alt}">'
        for path, alt in found
        if UPLOADED.fullmatch(path)
    )
    return f'</p><p class="pictures">{shown}' if shown else ""


def besides_html(post: Post) -> str:
    """Show what else the post has.

    Films without a picture, a poll's options, an article, a place.
    """
    lines = [f"▶ {one.get('alt_text', '')}" for one in post.media if one.get("type") != "photo"]
    lines += [f"○ {one}" for one in post.poll.get("options", [])]
    lines += [f"¶ {post.article.get('title', '')}"] if post.article else []
    lines += [f"⌖ {post.place.get('full_name', '')}"] if post.place else []
    shown = "<br>".join(escape(one) for one in lines)
    return f'</p><p class="besides">{shown}' if shown else ""


def shortened(about: str) -> str:
    """At most about eighty characters, cut at a word."""
    return about if len(about) <= 80 else about[:80].rsplit(" ", 1)[0] + " …"


def file(name: str) -> Answer:
    """Answer with a style sheet or script of the page."""
    path = HERE / name
    if path.parent != HERE or not path.is_file():
        return Answer(b"Not here.", 404, "text/plain")
    return Answer(
        path.read_bytes(),
        200,
        KINDS.get(path.suffix, "text/plain"),
        {"cache-control": "max-age=60"},
    )


def _lang(values: dict[str, str], accepted: str = "") -> str:
    chosen = values.get("lang", "")
    if chosen in WORDS:
        return chosen
    return "de" if accepted.lower().startswith("de") else "en"
