"""The scripted customers: each a list of turns with conditions on the desk's answer.

No text is generated.
"""

import asyncio
import contextlib
import difflib
import heapq
import itertools
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from xapi.simulator.nouns import Post, Refused, User
from xapi.simulator.store import Store
from xapi.simulator.text.entities import behind_handles

SIGNATURE = re.compile(r"\^([a-z]{2,4})\s*$")
GERMAN = re.compile(r"\b(?:der|die|das|und|ist|nicht|Sie|wir|ich|bitte|Ihr|Ihre)\b")


@dataclass
class Talk:
    """One conversation that a scripted customer began."""

    customer: dict[str, Any]
    account: User
    user: User
    first: str
    post: Post
    answered: bool = False
    over: bool = False
    used: dict[int, int] = field(default_factory=dict)
    last_own: int = 0


class Script:
    """Runs the customers of a world against the store; `pace` divides every waiting time."""

    def __init__(self, store: Store, world: dict[str, Any], seed: int = 7) -> None:
        self.store, self.world, self.chance = store, world, random.Random(seed)
        self.running, self.wave_began = False, False
        self.pace = float(world.get("pace", {}).get("default", 1.0))
        self.agenda: list[tuple[float, int, Callable[[], Any]]] = []
        self.count = itertools.count()
        self.talks: dict[int, Talk] = {}
        self.last_first: dict[str, str] = {}
        self.answers: list[tuple[float, str]] = []
        self.clock = 0.0
        store.listeners.append(self.noticed)

    async def run(self) -> None:
        """Let time pass, ten times a second."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(0.1)
            now = loop.time()
            if self.running:
                self.pass_time((now - last) * self.pace)
            last = now

    def pass_time(self, seconds: float) -> None:
        """Do everything that falls due within the next `seconds` of the world's time."""
        until = self.clock + seconds
        while self.agenda and self.agenda[0][0] <= until:
            at, _place, act = heapq.heappop(self.agenda)
            self.clock = max(self.clock, at)
            with contextlib.suppress(Refused, KeyError):
                act()
        self.clock = until

    def after(self, span: list[float], act: Callable[[], Any]) -> None:
        """Put an act on the agenda, between span[0] and span[1] seconds from now."""
        heapq.heappush(
            self.agenda, (self.clock + self.chance.uniform(*span), next(self.count), act)
        )

    def steer(self, *, running: bool | None = None, pace: float | None = None) -> None:
        """Start or stop, set the pace."""
        if pace is not None:
            limits = self.world.get("pace", {})
            self.pace = min(max(float(pace), limits.get("min", 0.1)), limits.get("max", 20))
        if running is not None:
            if running and not self.running and not self.agenda:
                self.plan_start()
            self.running = running

    def plan_start(self) -> None:
        """Who writes in which of the first minutes."""
        for entry in self.world.get("pace", {}).get("first_minutes", []):
            at = [entry["minute"] * 60, entry["minute"] * 60 + 20]
            self.after(
                at,
                self.start_wave
                if entry["customer"] == "wave"
                else partial(self.begin, entry["customer"]),
            )

    def begin(self, key: str, first: str = "") -> Post:
        """Return a customer starts a new conversation, with another first post than the last time.

        Plans the next one.
        """
        customer = next(one for one in self.world["customers"] if one["key"] == key)
        account = self.account(customer["account"])
        choices = [one for one in customer["first_posts"] if one["id"] != self.last_first.get(key)]
        chosen = next((one for one in choices if one["id"] == first), None) or self.chance.choice(
            choices
        )
        self.last_first[key] = chosen["id"]
        user = self.somebody(customer)
        post = self.store.create(
            user, chosen["text"].replace("{account}", f"@{account.username}"), lang=chosen["lang"]
        )
        talk = Talk(customer, account, user, chosen["id"], post)
        self.talks[post.conversation] = talk
        self.plan_silence(talk)
        edit = customer.get("edits_first_post")
        if edit and self.chance.random() < edit.get("chance", 1):
            added = edit["append"].get(chosen["lang"]) or next(iter(edit["append"].values()))
            self.after(
                edit["after_seconds"],
                lambda: self.store.edit(post.id, self.store.newest(post.id).text + added),
            )
        if self.running:
            self.after([480, 1200], lambda: self.begin(key))
        return post

    def somebody(self, one: dict[str, Any]) -> User:
        """Return the user of this customer or third person, made at first sight."""
        return self.store.user_named(one["handle"]) or self.store.add_user(
            one["handle"],
            name=one["name"],
            followers=one.get("followers") or 0,
            bio=one.get("bio", ""),
            hue=one.get("avatar_hue", sum(map(ord, one["handle"])) % 360),
        )

    def account(self, key: str) -> User:
        """Return the company's account of this key."""
        one = next(one for one in self.world["accounts"] if one["key"] == key)
        user = self.store.user_named(one["handle"])
        if user is None:
            user = self.store.add_user(
                one["handle"], name=one["name"], account=True, bio=one["bio"]["en"], hue=214
            )
        return user

    def noticed(self, line: dict) -> None:
        """Plan the reaction to an answer of the desk."""
        if line["what"] != "post.created":
            return
        post = self.store.posts[line["post"]["id"]]
        talk = self.talks.get(post.conversation)
        if (
            talk is None
            or post.author != talk.account.id
            or not self.store.users[post.author].account
        ):
            return
        talk.answered = True
        kind = self.kind_of(post.text)
        self.answers.append((self.clock, behind_handles(post.text)))
        self.react(talk, [kind, "any"], post)

    def kind_of(self, text: str) -> str:
        """Which kind of answer this is; the first that fits in the world's order."""
        kinds = self.world.get("answer_kinds", {})
        body = SIGNATURE.sub("", behind_handles(text))
        for kind in kinds.get("order", []):
            rule = kinds.get(kind, {})
            if kind == "template":
                since = self.clock - rule.get("within_minutes", 60) * 60
                if any(
                    at >= since
                    and difflib.SequenceMatcher(None, body, SIGNATURE.sub("", other)).ratio()
                    >= rule["similarity_at_least"]
                    for at, other in self.answers
                ):
                    return "template"
            elif (rule.get("has_question_mark") and "?" in body) or any(
                _has_word(body, word) for word in rule.get("words", [])
            ):
                return kind
        return "any"

    def react(self, talk: Talk, kinds: list[str], answer: Post | None) -> None:
        """Return the first reaction that fits and is not used up."""
        if talk.over:
            return
        for kind in kinds:
            for place, reaction in enumerate(talk.customer["reactions"]):
                if reaction["on"] == kind and self.fits(talk, place, reaction):
                    talk.used[place] = talk.used.get(place, 0) + 1
                    if self.chance.random() < reaction.get("chance", 1):
                        self.after(
                            reaction["after_seconds"],
                            partial(self.act, talk, reaction, answer),
                        )
                    return

    def fits(self, talk: Talk, place: int, reaction: dict[str, Any]) -> bool:
        """Whether the reaction belongs to this first post and is not used up."""
        most = 1 if reaction.get("once") else reaction.get("limit", 99)
        return talk.used.get(place, 0) < most and talk.first in reaction.get("for", [talk.first])

    def plan_silence(self, talk: Talk) -> None:
        """Do what happens if nobody answers."""
        for reaction in talk.customer["reactions"]:
            if reaction["on"] == "unanswered" and talk.first in reaction.get("for", [talk.first]):

                def act(one: dict = reaction) -> None:
                    if (
                        not talk.answered
                        and not talk.over
                        and self.chance.random() < one.get("chance", 1)
                    ):
                        self.act(talk, one, None)

                self.after(reaction["after_seconds"], act)

    def act(self, talk: Talk, reaction: dict[str, Any], answer: Post | None) -> None:
        """Do what the reaction says."""
        if talk.over:
            return
        target = answer.id if answer and not answer.deleted else talk.last_own or talk.post.id
        if reaction["do"] == "reply":
            talk.last_own = self.store.create(
                talk.user, self.words(talk, reaction, answer), reply_to=target
            ).id
        elif reaction["do"] == "bring_in":
            third = next(
                one for one in self.world["third_persons"] if one["handle"] == reaction["third"]
            )
            talk.last_own = self.store.create(
                talk.user, self.words(talk, reaction, answer), reply_to=talk.post.id
            ).id
            self.after([30, 90], lambda: self.bring_in(talk, third))
        elif reaction["do"] == "delete_first_post":
            self.store.delete(talk.post.id)
        elif reaction["do"] == "edit_own_reply" and talk.last_own:
            self.store.edit(talk.last_own, self.words(talk, reaction, answer))
        talk.over = reaction.get("then") == "gone"
        if follow := reaction.get("follow"):
            self.after(follow["after_seconds"], lambda: self.act(talk, follow, answer))

    def bring_in(self, talk: Talk, third: dict[str, Any]) -> None:
        """Let a third person join with one of their posts."""
        self.store.create(
            self.somebody(third),
            self.filled(self.chance.choice(third["posts"]), talk, None),
            reply_to=talk.post.id,
            lang=third["lang"],
        )

    def words(self, talk: Talk, reaction: dict[str, Any], answer: Post | None) -> str:
        """One of the reaction's texts; where asked, in the language of the answer."""
        texts = reaction["texts"]
        if reaction.get("same_language_as_answer") and answer:
            wanted = "de" if GERMAN.search(answer.text) else "en"
            texts = [one for one in texts if one["lang"] == wanted] or texts
        return self.filled(self.chance.choice(texts)["text"], talk, answer)

    def filled(self, text: str, talk: Talk, answer: Post | None) -> str:
        """Return the text with its placeholders filled."""
        signed = SIGNATURE.search(answer.text) if answer else None
        return (
            text.replace("{account}", f"@{talk.account.username}")
            .replace("{customer}", f"@{talk.user.username}")
            .replace("{initials}", signed.group(1) if signed else "desk")
        )

    def start_wave(self) -> None:
        """Start the wave of posts about an outage, once."""
        wave = self.world.get("wave")
        if not wave or self.wave_began:
            return
        self.wave_began = True
        self.running = True
        for phase in wave["phases"]:
            begin, end = phase["minutes"]
            for _ in range(int((end - begin) * phase["posts_per_minute"])):
                self.after([begin * 60, end * 60], partial(self.wave_post, phase["key"]))

    def wave_post(self, phase: str) -> None:
        """One of the many."""
        wave = self.world["wave"]
        template = self.chance.choice(
            [one for one in wave["templates"] if one["phase"] == phase] or wave["templates"]
        )
        who = self.chance.choice(
            [one for one in wave["participants"] if one["lang"] == template["lang"]]
            or wave["participants"]
        )
        account = self.account("service")
        named = self.chance.random() < wave["names_account"][phase]
        text = template["text"].replace(
            "{account}",
            f"@{account.username}"
            if named
            else wave["handle_slot_without_mention"][template["lang"]],
        )
        for slot, choices in wave["slots"].items():
            values = choices.get("any") or choices.get(template["lang"]) or [""]
            while "{" + slot + "}" in text:
                text = text.replace("{" + slot + "}", self.chance.choice(values), 1)
        customer = next(one for one in self.world["customers"] if one["key"] == "wave")
        user = self.somebody(who)
        post = self.store.create(user, re.sub(r"\s+", " ", text), lang=template["lang"])
        self.talks[post.conversation] = Talk(customer, account, user, template["id"], post)


def _has_word(text: str, word: str) -> bool:
    tail = r"\w*" if word.endswith("*") else ""
    return (
        re.search(rf"(?<!\w){re.escape(word.rstrip('*'))}{tail}(?!\w)", text, re.IGNORECASE)
        is not None
    )
