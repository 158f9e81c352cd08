"""Hold what stands on X against what was approved for it.

The witness is the simulated X's own history; the desk is not asked. Shared by the campaigns in
which replies are written, approved and posted while parts are killed.
"""

from dataclasses import dataclass, field


@dataclass
class Expected:
    """Hold one conversation of the campaign.

    What may be said under this post, and since when; what must not be any more.
    """

    target: int
    account: int
    approved: dict[str, list[float]] = field(default_factory=dict)
    forbidden: dict[str, float] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    moved_at: float | None = None
    gone: bool = False
    done: bool = False
    by_hand: set[int] = field(default_factory=set)


def of_ours(history: list[dict], ours: set[int]) -> list[dict]:
    """Everything our accounts ever said, by the witness.

    `reply_to` is the first version of the post that was answered.
    """
    first: dict[int, int] = {}
    found = []
    for line in history:
        if line["what"] == "post.edited":
            first[line["post"]["id"]] = line["post"]["versions"][0]
        elif line["what"] == "post.created" and line["post"]["author"] in ours:
            found.append(
                {
                    **line["post"],
                    "reply_to": first.get(line["post"]["reply_to"], line["post"]["reply_to"]),
                }
            )
    return found


def bare(text: str) -> str:
    """Without the handles that X put in front."""
    while text.startswith("@"):
        text = text.split(" ", 1)[1]
    return text


def judged(
    posts: list[dict], expected: dict[int, Expected], lease: float
) -> tuple[dict[str, list[str]], int]:
    """Hold all that our accounts said against the log, by the post that it answers.

    Returns what is wrong by its kind, and how many posts have pictures. `lease` in seconds.
    """
    said: dict[int, list[dict]] = {}
    for post in posts:
        said.setdefault(post["reply_to"], []).append(post)
    wrong: dict[str, list[str]] = {
        "twice": [],
        "lost": [],
        "altered": [],
        "unapproved": [],
        "after the context_version moved": [],
        "other pictures": [],
    }
    pictured = 0
    for target, entry in expected.items():
        answers = [post for post in said.pop(target, []) if post["id"] not in entry.by_hand]
        if len(answers) > 1:
            wrong["twice"].append(f"{target}: {len(answers)} replies stand on X")
        for post in answers:
            judge_post(post, target, entry, lease, wrong)
            pictured += bool(post["media"])
        if not answers and not entry.done and not entry.gone:
            wrong["lost"].append(f"{target}: approved and never said")
    wrong["unapproved"] += [f"{target}: a reply that nobody approved" for target in said]
    return wrong, pictured


def judge_post(
    post: dict, target: int, entry: Expected, lease: float, wrong: dict[str, list[str]]
) -> None:
    """Hold one post against what was approved for it; what is wrong is added to `wrong`."""
    at, text = post["at"] / 1000, bare(post["text"])
    if text not in entry.approved:
        wrong["altered"].append(f"{target}: {text!r} was never approved")
    elif min(entry.approved[text]) > at + 0.01:
        wrong["unapproved"].append(f"{target}: posted before it was approved")
    elif text in entry.forbidden and max(entry.approved[text]) < entry.forbidden[text] < at:
        wrong["unapproved"].append(f"{target}: posted after the approval had ended")
    if [one.get("alt_text") for one in post["media"]] != list(entry.pictures.values()):
        wrong["other pictures"].append(
            f"{target}: {post['media']} stand there, {list(entry.pictures.values())} were approved"
        )
    if entry.moved_at and entry.moved_at + lease + 1 < at:
        wrong["after the context_version moved"].append(
            f"{target}: posted {at - entry.moved_at:.1f} s after the customer changed the post"
        )
