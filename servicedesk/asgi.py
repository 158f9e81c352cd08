"""One process, one port.

Streams under `/events/` and the two probes run as ASGI, every page as WSGI in a pool of
persistent threads.

Pages as plain ASGI were three times slower and kept no database connections.
"""

import os
import threading

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
get_asgi_application()  # sets Django up

from approvals.checks.language import prose  # noqa: E402 - Django must be set up first
from approvals.checks.promises import number_words  # noqa: E402 - likewise
from servicedesk.live.streams import application as streams  # noqa: E402 - likewise
from servicedesk.operations import probes  # noqa: E402 - likewise
from servicedesk.wsgi import application as wsgi_application  # noqa: E402 - likewise


def warm_up() -> None:
    """Prepare what the first letter that somebody types would else wait for."""
    prose.identifier()
    number_words.compile_all()


threading.Thread(target=warm_up, daemon=True).start()
pages = WSGIMiddleware(wsgi_application, workers=8)  # type: ignore[arg-type]


async def application(scope, receive, send):
    """Hand each request to the side that serves it."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    elif scope["type"] == "http":
        await side_of(scope["path"])(scope, receive, send)


def side_of(path: str):
    """Streams, probes, or everything else: the pages."""
    if path.startswith("/events/"):
        return streams
    return probes.application if path in probes.PATHS else pages
