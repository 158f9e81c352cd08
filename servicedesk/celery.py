"""The Celery application and its one timetable.

Tasks take no arguments: they find their work in tables.
"""

import os

from celery import Celery
from kombu import Queue

from servicedesk.operations import queues

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
# By name: it is imported once Django is set up
app = Celery("servicedesk", amqp="servicedesk.operations.broker:QuickAMQP")
app.steps["worker"].add("servicedesk.operations.alive:WorkerIsAlive")


def timetable() -> dict:
    """Which task is called how often (seconds). Missing or doubled ticks do no harm."""
    from django.conf import settings

    tick = settings.TICK_SECONDS
    return {
        "people.tasks.answer_password_wishes": 5,
        "people.tasks.forget_expired_sessions": 3600,
        "tickets.tasks.poll_mentions": settings.POLL_TICK_SECONDS,
        "tickets.tasks.wake_snoozed": 15,
        "tickets.tasks.read_parked": 300,
        "tickets.tasks.fill_gaps": 20,
        "tickets.tasks.compare_with_x": 900,
        "tickets.tasks.read_profiles": 60,
        "tickets.tasks.notice_silence": 120,
        "tickets.tasks.empty_gone": 300,
        "approvals.tasks.void_what_no_longer_holds": tick,
        "approvals.tasks.call_overdue": 10,
        "posting.tasks.send_due": tick,
        "posting.tasks.look_up_uncertain": tick,
        "posting.tasks.take_down_due": tick,
        "posting.tasks.watch_own_posts": 60,
        "servicedesk.tasks.heartbeat": 5,
        "servicedesk.tasks.anchor": 15,
        "notices.tasks.tell": 5,
        "notices.tasks.write_emails": 5,
        "notices.tasks.remind_to_confirm": 300,
        "notices.tasks.forget_old_notices": 3600,
        **({"servicedesk.tasks.join_simulated_x": 10} if settings.X_IS_SIMULATED else {}),
        **(
            {"servicedesk.tasks.back_up": 300, "servicedesk.tasks.rehearse_restore": 600}
            if settings.BACKUP_DIRECTORY
            else {}
        ),
    }


@app.on_after_configure.connect
def fill_timetable(sender: Celery, **kwargs: object) -> None:
    """Give beat the timetable."""
    sender.conf.beat_schedule = {
        name: {"task": name, "schedule": every, "options": {"expires": max(every, 5)}}
        for name, every in timetable().items()
    }


def configure() -> None:
    """Set what every process of Celery shares."""
    from django.conf import settings

    app.conf.update(
        broker_url=settings.CELERY_BROKER_URL,
        task_queues=[Queue(name, routing_key=name) for name in queues.QUEUES],
        task_default_queue=queues.DEFAULT,
        task_routes=queues.routes(),
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_serializer="json",
        accept_content=["json"],
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        timezone="UTC",
        worker_hijack_root_logger=False,
        # A nudge that finds no broker fails at once: the person who submits must not wait for it.
        broker_transport_options={
            "visibility_timeout": 120,
            "global_keyprefix": settings.LIVE_PREFIX,
            "max_retries": 0,
            "retry_on_timeout": False,
            "health_check_interval": 10,
            "socket_connect_timeout": settings.BROKER_CONNECT_SECONDS,
            "socket_timeout": settings.BROKER_READ_SECONDS,
        },
        # Nobody steers workers over the broker, and what stands in the place of a queue ends none.
        worker_enable_remote_control=False,
        broker_channel_error_retry=True,
        beat_max_loop_interval=1,
        beat_scheduler="servicedesk.operations.alive:Scheduler",
    )
    app.autodiscover_tasks(["people", "tickets", "approvals", "posting", "notices", "servicedesk"])


configure()
