"""A post with our keys that did not come through the desk.

The lead hears of it once, health and metrics say so, and it ends when the lead's side
has said that it is known.
"""

import pytest
from django.db import DatabaseError, connection, transaction

from notices import dispatch, notice_email
from notices.kinds import Way
from notices.messages import sentences
from notices.models import Notice
from people.models import User
from posting.own_posts import timeline
from servicedesk.operations import monitoring
from tickets.conversations import external_posts
from tickets.models import KnownPost, OwnPost

HEALTH = "Posts past the desk"


def tell():
    """Make the notices of what happened.

    The chain's links are written at commit, which a test never reaches.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    dispatch.tell()


def told():
    """Who was told of a post past the desk, sorted."""
    notices = Notice.objects.filter(kind="outside").select_related("user")
    return sorted(one.user.username for one in notices)


def health():
    """The line of the health page."""
    return next(one for one in monitoring.signs() if one.name == HEALTH)


def metric():
    """The figure for an alarm."""
    return {name: value for name, _help, value in monitoring.gauges()}["posts_past_the_desk"]


@pytest.fixture
def shop(desk, x):
    """Somebody posted with our keys, and the desk read the timeline; the post on X."""
    tell()
    post = x.control("posts", username="AmselnetzHilfe", text="Our shop in Cologne opens today.")
    timeline.watch()
    tell()
    return post


@pytest.mark.campaign
def test_lena_hears_once_of_a_post_that_nobody_approved_and_says_that_it_is_known(
    desk, shop, client, settings, mailoutbox
):
    settings.EMAIL_HOST = "mail.example.com"
    assert told() == ["lena", "samuel"]  # lead and deputy; not Henrik, who leads another department
    notice = Notice.objects.get(user=desk.lena)
    assert set(notice.ways) == {Way.DESK, Way.EMAIL, Way.DESKTOP}
    [(_notice, said)] = sentences([notice])
    assert said == "A post on @AmselnetzHilfe did not come through the desk. Find out who wrote it."
    notice_email.send_due()
    mine = next(one for one in mailoutbox if one.to == [desk.lena.email])
    assert mine.subject == said
    assert "Cologne" not in mine.body
    assert (health().well, metric()) == (False, 1)
    assert "@AmselnetzHilfe" in health().says
    client.force_login(desk.lena)
    page = client.get(notice.path).content.decode()
    assert "Our shop in Cologne opens today." in page
    own = OwnPost.objects.get(external_id=shop["id"])
    page = client.post("/outbox/known/", {"posts": [own.pk]}, follow=True).content.decode()
    assert "Marked as known by <bdi>Lena" in page
    assert (health().well, metric()) == (True, 0)
    assert not Notice.objects.filter(kind="outside", seen_at=None).exists()


def test_another_sweep_tells_nothing_again_and_a_second_post_is_told_once_more(desk, shop, x):
    for _sweep in range(3):
        timeline.watch()
        tell()
    assert len(told()) == 2
    x.control("posts", username="AmselnetzHilfe", text="Open until eight.")
    timeline.watch()
    tell()
    assert len(told()) == 4
    assert metric() == 2


def test_of_two_departments_each_hears_of_its_own_account_alone(desk, x):
    tell()
    x.control("posts", username="AmselnetzBiz", text="Business as usual.")
    timeline.watch()
    tell()
    assert told() == ["henrik"]
    assert desk.business_account.department.parent == desk.account.department


def test_where_a_department_has_no_lead_of_its_own_the_lead_above_hears_of_it(desk, x):
    User.objects.filter(pk=desk.henrik.pk).update(is_active=False)
    tell()
    x.control("posts", username="AmselnetzBiz", text="Business as usual.")
    timeline.watch()
    tell()
    assert told() == ["lena", "samuel"]


def test_what_somebody_has_marked_before_the_desk_told_of_it_is_told_to_nobody(desk, x):
    tell()
    x.control("posts", username="AmselnetzHilfe", text="Marked at once.")
    timeline.watch()
    external_posts.mark_known([OwnPost.objects.get()], by=desk.samuel)
    tell()
    assert told() == []


def test_who_wants_no_such_notice_gets_none(desk, x):
    User.objects.filter(pk=desk.lena.pk).update(notices={"outside": []})
    tell()
    x.control("posts", username="AmselnetzHilfe", text="Quietly.")
    timeline.watch()
    tell()
    assert "lena" not in told()
    assert "samuel" in told()


@pytest.mark.parametrize("who", ["aylin", "rita", "nele"])
def test_who_is_not_of_the_leads_side_cannot_call_it_known(desk, shop, client, who):
    client.force_login(getattr(desk, who))
    own = OwnPost.objects.get()
    answer = client.post("/outbox/known/", {"posts": [own.pk]})
    assert answer.status_code in {403, 404}
    assert "Mark as known" not in client.get("/outbox/?tab=without").content.decode()
    assert not KnownPost.objects.exists()


@pytest.mark.campaign
def test_marking_twice_is_one_mark_and_all_of_a_page_are_marked_at_once(desk, shop, x, client):
    x.control("posts", username="AmselnetzHilfe", text="And another.")
    timeline.watch()
    client.force_login(desk.lena)
    ids = list(OwnPost.objects.values_list("pk", flat=True))
    page = client.get("/outbox/?tab=without").content.decode()
    assert "Mark all shown here as known" in page
    for _twice in range(2):
        client.post("/outbox/known/", {"posts": ids})
    assert KnownPost.objects.count() == 2
    assert {one.by for one in KnownPost.objects.all()} == {desk.lena}


@pytest.mark.parametrize("typed", [["x"], [], ["99999999999999999999"], ["0"]])
def test_what_names_no_post_is_refused(desk, shop, client, typed):
    client.force_login(desk.lena)
    assert client.post("/outbox/known/", {"posts": typed}).status_code in {400, 404}


def test_the_database_keeps_the_mark_as_it_was_made(desk, shop):
    external_posts.mark_known([OwnPost.objects.get()], by=desk.lena)
    for change in (
        lambda: KnownPost.objects.update(by=desk.samuel),
        lambda: KnownPost.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()
