"""What the example promises, step by step, on one community."""

import json
import pathlib
import random
import time
from collections import Counter

from cluster import HANG_SECONDS
from community import Community
from compare import compare, compare_profiles, same
from delivering import manage, say
from django.contrib.auth.models import User
from django.utils import timezone
from script import play
from trouble import (
    contend,
    deliver_from_a_scheduler,
    deliver_through_two_kills,
    keep_one_webhook_id,
    refuse_and_resend,
    roll_back,
)
from worker import SECRET

from kitsune.wiki.models import Document
from perennial.facts import instant
from perennial.models import OutboxItem
from perennial.webhook import post

EXPORT = pathlib.Path(__file__).resolve().parents[1] / "export/all.sql"
HISTORY_ACTS = 250
LINES_PER_MESSAGE = 500


def send_export(worker, lines):
    """Sends exported lines as signed webhooks; returns each contribution with its verdict."""

    def send(message):
        body = json.dumps(message, ensure_ascii=False).encode()
        deadline = time.monotonic() + HANG_SECONDS
        while True:
            answer = post(
                worker.url + "/v1/webhooks", SECRET, f"msg_{random.random()}", body, HANG_SECONDS
            )
            if answer.status != 503 or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        assert answer.status == 200, answer
        return json.loads(answer.body)["results"]

    items = [json.loads(line) for line in lines]
    users = [item for item in items if "timestamp" in item]
    contributions = [item for item in items if "timestamp" not in item]
    for first in range(0, len(users), LINES_PER_MESSAGE):
        group = users[first : first + LINES_PER_MESSAGE]
        send({**group[0], "data": [user["data"] for user in group]})
    judged = []
    for first in range(0, len(contributions), LINES_PER_MESSAGE):
        group = contributions[first : first + LINES_PER_MESSAGE]
        results = send({"type": "contribution.created", "timestamp": instant(timezone.now()), "data": group})
        judged += [(item, result["status"]) for item, result in zip(group, results)]
    return judged


def check_export_again(community, judged):
    """A contribution that was sent live and is exported too is a duplicate, or a conflict for a reason that README.md names."""
    explained = Counter()
    for item, status in judged:
        first = community.ledger.get((item["type"], item["content"]["id"]))
        if item["content"]["type"] == "community.deletedcontribution":
            first = community.ledger[item["type"], f"deleted {item['content']['id']}"]
        moved = first.product != item.get("product", "") or first.own != item.get("self", False)
        reason = "product or asker changed" if moved else ""
        if item["type"] == "solution" and not moved:
            reason = "time of a solution"
        explained[status, reason] += 1
        assert status != "conflict" or reason, (item, first)
        assert status != "duplicate" or not moved, (item, first)
    assert sum(count for (status, _), count in explained.items() if status == "recorded") == 1, explained
    say(f"exported again: {dict(explained)}")


def history(community):
    """A site that has run for a while when the example is installed."""
    community.person("ana", name='Ana "\\" Ö')
    community.person("bo", name="\U0001f98a" * 254, fxa_avatar="https://example.org/bo.png")
    community.person("cy", name="C\ty", fxa_avatar="http://example.org/not-https.png")
    for index in range(15):
        community.person(f"person{index}")
    original = community.document(products=community.products)
    community.document("de", parent=original)
    community.document(products=community.products[1:2])
    community.document("fr")
    for _ in range(HISTORY_ACTS):
        community.act()


def live_then_deleted(community):
    """An answer that was sent live and deleted before the first export: its trace must not be exported as another one."""
    question = community.ask(community.people[3], at=timezone.now())
    answer = community.answer(community.people[4], question, at=timezone.now())
    question.set_solution(answer)
    question.unsolve()
    community.delete(answer.delete)
    revision = community.revise(community.people[4], Document.objects.first(), at=timezone.now())
    community.delete(revision.delete)
    community.delete(question.delete)


def check_script(expected, worker):
    """The numbers written down by hand, before random acts add to them."""
    code, output = manage("perennial_deliver", "--until-empty")
    assert code == 0, output
    position = worker.position()
    for user, counts in expected.items():
        shown = worker.read(f"/v1/users/{user}?at_least={position}")
        shown = shown and shown["lifetime"]
        assert same(shown, counts), f"{User.objects.get(pk=user)}: {shown}, expected {counts}"
    compare_profiles(worker)
    say(f"{len(expected)} people of the script have the numbers written in it")


def community_now(community):
    people = [user.pk for user in community.people]
    return community.standing(), people, community.gone, community.inactive()


def prove(seed, live, fresh, cluster, stack):
    """`live` has the hooks' messages, `fresh` only the export; both must agree with what is counted here."""
    community = Community(random.Random(seed))
    history(community)
    OutboxItem.objects.all().delete()
    installed = timezone.now()
    say(f"seed {seed}: {len(community.ledger)} contributions, then the example is installed")

    community.forget_the_past()
    live.start()
    live_then_deleted(community)
    judged = send_export(live, cluster.export(EXPORT, live_since=installed.isoformat()))
    exported = timezone.now()
    assert manage("perennial_deliver", "--until-empty")[0] == 0
    assert {status for _, status in judged} == {"recorded"}
    checked = compare(live, *community_now(community))
    say(f"the export of the past agrees: {len(judged)} contributions, {checked} answers")

    check_script(play(community), live)
    roll_back(community)
    contend(community)
    deliver_through_two_kills(community, live, stack)
    refuse_and_resend(community)
    deliver_from_a_scheduler(community)
    keep_one_webhook_id(community)
    again = cluster.export(EXPORT, live_since=installed.isoformat(), first_export=exported.isoformat())
    check_export_again(community, send_export(live, again))
    checked = compare(live, *community_now(community))
    say(f"live: {len(community.standing())} of {len(community.ledger)} stand, {checked} answers agree")

    fresh.backfill(cluster.export(EXPORT))
    fresh.start()
    community.forget_the_past()
    checked = compare(fresh, *community_now(community))
    say(f"a fresh Worker, backfilled from the export alone: {checked} answers agree")
