"""Lines of the log as JSON, one object a line, where `DESK_LOG_FORMAT` asks for it."""

import json
import logging
from datetime import UTC, datetime

FORMATS = ("plain", "json")


class Json(logging.Formatter):
    """`at` (UTC), `level`, `logger`, `process`, `message`, and `trace` where something failed."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; a line break within the message stays within its string."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configuration(kind: str) -> dict:
    """Return Django's `LOGGING`: everything to standard error, in this form."""
    plain = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    # These write tokens and signatures into their DEBUG lines.
    loggers: dict[str, dict] = {
        name: {"level": "WARNING"}
        for name in ("tweepy", "urllib3", "oauthlib", "requests_oauthlib", "axes")
    }
    if kind == "json":  # uvicorn brings a form of its own; addresses of pages may hold a key
        loggers["uvicorn"] = {"level": "INFO", "handlers": [], "propagate": True}
        loggers["uvicorn.access"] = {"handlers": [], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": plain, "json": {"()": "servicedesk.operations.log_lines.Json"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": kind}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": loggers,
    }
