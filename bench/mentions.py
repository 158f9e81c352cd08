"""5,000 mentions waiting at once on the simulated X: what it ever showed is in tickets or behind a visible gap, none twice, the web answers.

Prints mentions per second through our own code beside a bare psycopg2 insert of the same rows by 100. `python -m bench.mentions [--count 5000]`
"""

import argparse
import threading
import time
import urllib.request

from bench.servers import median, stack

SERVICE = 2400000001


def main() -> None:
    """Both parts: through the whole stack, and the code alone beside the bare insert."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    count = parser.parse_args().count
    with stack() as one:
        one.x.control("limits", on=False)
        storm(one, count)
        ours, bare = code(one, count), insert(one, count)
        print(f"taking in: {count / ours:,.0f} mentions/s; bare psycopg2 by 100: {count / bare:,.0f} mentions/s; ratio {bare / ours:.2f}")


def storm(one, count: int) -> None:
    """The whole line: polling worker, cap of 800, gap, and the web asked all the while."""
    from tickets.models import Gap, Mention

    time.sleep(3)
    answers: list[float] = []
    stop = threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            began = time.perf_counter()
            with urllib.request.urlopen(f"{one.url}/sign-in/", timeout=30) as answer:
                assert answer.status == 200
            answers.append(time.perf_counter() - began)
            time.sleep(0.02)

    asking = threading.Thread(target=keep_asking)
    asking.start()
    one.x.control("clock", ahead_seconds=900)
    ids = set(one.x.control("storm", account="AmselnetzHilfe", count=count, authors=200)["ids"])
    began = time.monotonic()
    shown = set(sorted(ids)[-800:])
    while time.monotonic() - began < 120 and len(set(Mention.objects.filter(x_key__in=ids).values_list("x_key", flat=True)) & shown) < len(shown):
        time.sleep(0.1)
    spent = time.monotonic() - began
    time.sleep(3)
    stop.set()
    asking.join()
    taken = list(Mention.objects.filter(x_key__in=ids).values_list("x_key", flat=True))
    gaps = [(gap.after_id, gap.before_id) for gap in Gap.objects.all()]
    lost = [one_id for one_id in ids - set(taken) if not any(after < one_id < before for after, before in gaps)]
    print(f"{count} waiting at once: {len(taken)} taken in within {spent:.1f} s, {len(taken) - len(set(taken))} twice, {len(ids) - len(taken)} behind "
          f"{len(gaps)} visible gap(s), {len(lost)} neither; the web answered {len(answers)} times meanwhile, median {median(answers) * 1000:.0f} ms, "
          f"slowest {max(answers) * 1000:.0f} ms")
    assert not lost
    assert len(taken) == len(set(taken))


def code(one, count: int) -> float:
    """Seconds for `take_in`, page by page of 100, every post by somebody else."""
    from tickets.ingestion import take_in
    from tickets.models import ConnectedAccount
    from xapi.payloads import Page, XPost, XUser, id_at, made_at

    account = ConnectedAccount.objects.select_related("department").get(x_id=SERVICE)
    first = id_at(made_at(2**60))
    spent = 0.0
    for start in range(0, count, 100):
        users = {n: XUser(id=n, handle=f"u{n}", name=f"Name {n}") for n in range(5_000_000 + start, 5_000_100 + start)}
        posts = [XPost(id=first + n, version_ids=(first + n,), author_id=n, text=f"@AmselnetzHilfe bench number {n}", created_at=made_at(first + n),
                       conversation_id=first + n, named=("amselnetzhilfe",)) for n in users]
        began = time.perf_counter()
        take_in(Page(posts=posts, users=users), account)
        spent += time.perf_counter() - began
    return spent


def insert(one, count: int) -> float:
    """Seconds for the same rows (customer, ticket, ground, mention, version) by `execute_values`, a commit for every 100."""
    import psycopg2
    from psycopg2.extras import execute_values

    from tickets.models import ConnectedAccount

    account = ConnectedAccount.objects.get(x_id=SERVICE)
    line = psycopg2.connect(one.app_dsn)
    spent = 0.0
    for start in range(0, count, 100):
        numbers = range(6_000_000 + start, 6_000_100 + start)
        began = time.perf_counter()
        with line, line.cursor() as cursor:
            made = execute_values(cursor, "INSERT INTO tickets_customer (x_id, handle, name, avatar_url, followers, protected, tags) VALUES %s RETURNING id",
                                  [(n, f"u{n}", f"Name {n}", "", 0, False, []) for n in numbers], page_size=100, fetch=True,
                                  template="(%s, %s, %s, %s, %s, %s, %s::varchar[])")
            customers = [row[0] for row in made]
            tickets = [row[0] for row in execute_values(
                cursor, """INSERT INTO tickets_ticket (customer_id, account_id, department_id, conversation_id, status, priority, tags, language, ground, due_at,
                           last_inbound_at, resolved_reason) VALUES %s RETURNING id""",
                [(customer, account.pk, account.department_id, n, "new", "normal", [], "", 1) for customer, n in zip(customers, numbers, strict=True)],
                template="(%s, %s, %s, %s, %s, %s, %s::varchar[], %s, %s, now(), now(), '')", page_size=100, fetch=True)]
            execute_values(cursor, "INSERT INTO tickets_groundmove (ticket_id, number, cause) VALUES %s", [(one_id, 1, "customer_wrote") for one_id in tickets])
            mentions = [row[0] for row in execute_values(
                cursor, """INSERT INTO tickets_mention (x_key, account_id, customer_id, ticket_id, conversation_id, names_us, quotes_us, reply_settings, status, fate,
                           written_at) VALUES %s RETURNING id""",
                [(n, account.pk, customer, ticket, n, True, False, "everyone", "live", "ticket")
                 for n, customer, ticket in zip(numbers, customers, tickets, strict=True)],
                template="(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, now())", page_size=100, fetch=True)]
            execute_values(cursor, "INSERT INTO tickets_postversion (mention_id, x_id, text, links, media, language, written_at) VALUES %s",
                           [(mention, n, f"@AmselnetzHilfe bench number {n}") for mention, n in zip(mentions, numbers, strict=True)],
                           template="(%s, %s, %s, '[]', '[]', '', now())", page_size=100)
        spent += time.perf_counter() - began
    line.close()
    return spent


if __name__ == "__main__":
    main()
