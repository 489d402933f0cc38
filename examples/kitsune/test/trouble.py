"""Everything that can go wrong between a site and Perennial."""

from concurrent.futures import ThreadPoolExecutor

from delivering import manage, say, start_delivery, stop, until, waiting
from django.db import connection, models, transaction
from django.db.models import Count
from django.test.utils import override_settings
from stub import Stub
from worker import SECRET

from kitsune.questions.models import Answer, Question
from kitsune.wiki.models import Document
from perennial.models import OutboxItem, OutboxMessage
from perennial.outbox import record
from perennial.tasks import deliver

LIVE_ACTS = 600


def roll_back(community):
    """Content and outbox are committed together or not at all."""
    before = OutboxItem.objects.count()
    with transaction.atomic():
        question = Question.objects.create(creator=community.people[0], title="?")
        assert OutboxItem.objects.count() == before + 1
        transaction.set_rollback(True)
    assert OutboxItem.objects.count() == before and not Question.objects.filter(pk=question.pk).exists()
    try:
        models.Model.save(Question(creator=community.people[0], title="?"))
        raise AssertionError("Saved outside a transaction")
    except transaction.TransactionManagementError:
        assert OutboxItem.objects.count() == before


def contend(community):
    """Two threads mark and unmark a question and its answer at once: the change committed last has the latest timestamp."""
    question = community.ask(community.present()[0])
    answer = community.answer(community.present()[1], question)

    def flicker(model, pk):
        for turn in range(41):
            row = model.objects.only("is_spam", "marked_as_spam").get(pk=pk)
            row.is_spam = turn % 2 == 0
            row.save(update_fields=["is_spam"])
        if model is Question:
            model.objects.get(pk=pk).unmark_spam()
        connection.close()

    with ThreadPoolExecutor() as pool:
        flickering = [pool.submit(flicker, type(row), row.pk) for row in (question, answer)]
    for each in flickering:
        each.result()


def deliver_through_two_kills(community, worker, stack):
    """Content is created and deleted while the Worker is killed twice and a delivery process once; nothing may be lost."""

    def delivered():
        return OutboxItem.objects.filter(delivered_at__isnull=False).count()

    def failing():
        return OutboxMessage.objects.filter(attempts__gt=0).exists()

    deliveries = [start_delivery(batch=3), start_delivery(batch=2)]
    stack.callback(stop, deliveries)
    until(lambda: delivered() > 30, "the first items are delivered")
    for _ in range(LIVE_ACTS // 3):
        community.act()
    worker.kill()
    say(f"killed the Worker while the site went on: {delivered()} delivered, {waiting()} waiting")
    for _ in range(LIVE_ACTS // 3):
        community.act()
    before = delivered()
    until(failing, "a delivery notices")
    assert waiting() > 100, waiting()

    worker.start()
    until(lambda: delivered() > before + 30, "the backlog moves")
    worker.kill()
    deliveries[0].kill()
    say(f"killed the Worker and a delivery: {delivered()} delivered, {waiting()} waiting")
    for _ in range(LIVE_ACTS // 3):
        community.act()
    until(failing, "the other delivery notices")

    worker.start()
    deliveries.append(start_delivery(batch=1000))
    until(lambda: waiting() == 0, "everything is delivered")
    stop(deliveries)
    assert not OutboxMessage.objects.exists()
    assert not OutboxItem.objects.filter(refused_at__isnull=False).exists()
    verdicts = dict(OutboxItem.objects.values_list("verdict").annotate(count=Count("pk")))
    say(f"all delivered: {verdicts}")


def deliver_from_a_scheduler(community):
    """A run ends when its time is over or Perennial accepts nothing; a later run delivers the rest."""
    for _ in range(3):
        community.ask(community.present()[0])
    with Stub(SECRET, [(503, {}, b"")]) as stub, override_settings(PERENNIAL_URL=stub.url):
        assert deliver(seconds=0) == 0 and not stub.requests
        assert deliver() == 0 and len(stub.requests) == 1 and waiting() == 3
    until(lambda: deliver() == 1, "the message is due again")
    assert deliver() == 0 and waiting() == 0
    say("called by a scheduler: 503 ended a run, a later one delivered")


def refuse_and_resend(community):
    """A 4xx sets aside the items that its pointers name; a wrong secret sets nothing aside; a message that is too large is halved."""
    good = community.present()[0]
    bad = community.ask(good, locale="en_US")
    community.ask(good)
    code, output = manage("perennial_deliver", "--until-empty", PERENNIAL_WEBHOOK_SECRET="whsec_d3Jvbmc=")
    assert code == 1 and "answered 401" in output, output
    assert waiting() == 2 and not OutboxItem.objects.filter(refused_at__isnull=False).exists()

    assert manage("perennial_deliver", "--until-empty")[0] == 0
    (refused,) = OutboxItem.objects.filter(refused_at__isnull=False)
    assert "/data/0/locale" in refused.refusal and refused.data["content"]["id"] == bad.pk
    assert "1 refused" in manage("perennial_outbox")[1]
    refused.data["locale"] = bad.locale = "en-US"
    refused.save()
    bad.save()
    code, output = manage("perennial_outbox", "--resend", "all")
    assert code == 0 and "1 will be sent again" in output and "1 waiting" in output
    community.ledger["question", bad.pk] = community.ledger["question", bad.pk]._replace(locale="en-US")

    with transaction.atomic():
        fat = {"id": 10**9, "avatar_url": "https://example.org/" + "a" * 2000}
        record("user.updated", [fat] * 900)
    assert manage("perennial_deliver", "--until-empty")[0] == 0
    assert OutboxItem.objects.filter(type="user.updated", verdict="unchanged").count() >= 898
    refused.refresh_from_db()
    assert refused.verdict == "recorded" and waiting() == 0
    assert "deleted" in manage("perennial_outbox", "--forget", "0")[1]
    assert not OutboxItem.objects.exists()
    say("401 stopped, 422 set one aside and it was sent again, 413 halved")


def keep_one_webhook_id(community):
    """Whatever the answer, the same bytes are sent again, not before `Retry-After`, until they are accepted."""
    community.vote(*community.present()[:1], helpful=False, answer=Answer.objects.first())
    community.revise(community.present()[1], Document.objects.first())
    busy = (503, {"retry-after": "3"}, b"")
    away = (302, {"location": "http://127.0.0.1:1/"}, b"")
    with Stub(SECRET, [busy, None, (500, {}, b"?"), (429, {}, b""), (200, {}, b"<html>")]) as stub:
        assert manage("perennial_deliver", "--until-empty", PERENNIAL_URL=stub.url)[0] == 0
        times, ids, bodies = zip(*stub.requests)
        assert len(ids) == 6 and len(set(ids)) == 1 and len(set(bodies)) == 1, ids
        assert times[1] - times[0] >= 3
        community.revise(community.present()[1], Document.objects.first())
        stub.answers = [away]
        code, output = manage("perennial_deliver", "--until-empty", PERENNIAL_URL=stub.url)
        assert code == 1 and "answered 302" in output and waiting() == 1
    # The Worker never got what the stub accepted; the export contains it.
    assert manage("perennial_deliver", "--until-empty")[0] == 0
    say("one webhook-id through 503, a torn answer, 500, 429 and a 200 that was none")
