"""What a post has besides words, by the kinds that the desk keeps and shows.

An adapter gives each thing as an object with its `kind` (a medium with its `type`); of what it does
not know it gives the name.
"""

PHOTO = "photo"
VIDEO = "video"
GIF = "animated_gif"
OTHER = "other"
MEDIA = frozenset({PHOTO, VIDEO, GIF})
POLL = "poll"
ARTICLE = "article"
PLACE = "place"
CARD = "card"
NOTE = "note"
WITHHELD = "withheld"
