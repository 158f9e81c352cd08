"""Which queue each task waits in, so that what is slow delays nothing but its own kind.

Five queues: `publish` for what goes to X, `ingest` for what is read from there, `mail` for
e-mails, `backup` for what takes minutes and needs PostgreSQL's programs, `default` for the rest. A
worker that names none takes all of them.
"""

PUBLISH = "publish"
INGEST = "ingest"
MAIL = "mail"
BACKUP = "backup"
DEFAULT = "default"
QUEUES = (PUBLISH, INGEST, MAIL, BACKUP, DEFAULT)

# Every task of the desk: a test misses one that has no queue.
ROUTES = {
    "posting.tasks.send_due": PUBLISH,
    "posting.tasks.look_up_uncertain": PUBLISH,
    "posting.tasks.take_down_due": PUBLISH,
    "posting.tasks.watch_own_posts": INGEST,
    "tickets.tasks.poll_mentions": INGEST,
    "tickets.tasks.read_parked": INGEST,
    "tickets.tasks.fill_gaps": INGEST,
    "tickets.tasks.compare_with_x": INGEST,
    "tickets.tasks.read_profiles": INGEST,
    "servicedesk.tasks.join_simulated_x": INGEST,
    "people.tasks.answer_password_wishes": MAIL,
    "notices.tasks.write_emails": MAIL,
    "notices.tasks.tell": DEFAULT,
    "notices.tasks.remind_to_confirm": DEFAULT,
    "notices.tasks.forget_old_notices": DEFAULT,
    "people.tasks.forget_expired_sessions": DEFAULT,
    "tickets.tasks.wake_snoozed": DEFAULT,
    "tickets.tasks.notice_silence": DEFAULT,
    "tickets.tasks.empty_gone": DEFAULT,
    "approvals.tasks.void_what_no_longer_holds": DEFAULT,
    "approvals.tasks.call_overdue": DEFAULT,
    "servicedesk.tasks.back_up": BACKUP,
    "servicedesk.tasks.rehearse_restore": BACKUP,
    "servicedesk.tasks.heartbeat": DEFAULT,
    "servicedesk.tasks.anchor": DEFAULT,
}


def routes() -> dict[str, dict[str, str]]:
    """Return the same in Celery's form."""
    return {task: {"queue": queue} for task, queue in ROUTES.items()}
