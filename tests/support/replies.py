"""Our replies as they stand on the simulated X."""


def replies(x, shown):
    """Our replies to this post, by the witness."""
    return [one for one in x.posted_by_desk() if one["reply_to"] == shown["id"]]
