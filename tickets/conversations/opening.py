"""Where a conversation opens: at the post that is answered, what stands before it folded.

The posts of the customer that nobody has answered stay, and so do colleagues' notes. Nothing is
fetched and nothing is lost: the fold is part of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tickets.conversations.posts import Fold, InternalNote, Post

Drawn = Post | InternalNote | Fold
NEAR = 3  # entries just before the post that is answered
UNANSWERED = 10  # of the customer's own posts since our last reply, the newest
LEAST = 4  # so few posts are not worth a fold


@dataclass(frozen=True)
class Opened:
    """A conversation as it opens: what is folded, of how many posts, and what stands below."""

    earlier: Sequence[Drawn]
    count: int
    shown: Sequence[Drawn]


def at_target(posts: Sequence[Drawn]) -> Opened:
    """Return the conversation opened at the post that is answered; at its end where none is."""
    target = next(
        (place for place, one in enumerate(posts) if isinstance(one, Post) and one.is_target),
        len(posts) - 1,
    )
    stay = staying(posts, target)
    earlier = [one for place, one in enumerate(posts) if place not in stay]
    count = sum(one.count if isinstance(one, Fold) else 1 for one in earlier)
    if count < LEAST:
        return Opened([], 0, posts)
    return Opened(earlier, count, [one for place, one in enumerate(posts) if place in stay])


def staying(posts: Sequence[Drawn], target: int) -> set[int]:
    """Return the places of what is never folded, seen from the place of the target."""
    ours = [place for place in range(target) if posts[place].kind == "own"]
    asked = [
        place
        for place in range(ours[-1] + 1 if ours else 0, max(target, 0))
        if posts[place].kind == "post"
    ]
    notes = {place for place, one in enumerate(posts) if one.kind == "note"}
    return notes | set(asked[-UNANSWERED:]) | set(range(max(0, target - NEAR), len(posts)))
