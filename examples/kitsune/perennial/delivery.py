"""Delivers the outbox to Perennial, one message at a time. Several processes may do so at once."""

import json
import random
import re
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from perennial.facts import instant
from perennial.models import OutboxItem, OutboxMessage
from perennial.webhook import post

ITEMS_MAX = 1000
BACKOFF_SECONDS_MAX = 300

# Items of these types may share a message although their timestamps differ, because no number depends on them. The message
# has the oldest timestamp, so that names in a contribution never look newer than they are and a later user.updated wins.
TIMESTAMP_FREE = {"contribution.created", "content.deleted"}

# Temporary answers: the same message may succeed later.
PASSING = {0, 408, 425, 429}


@dataclass
class Outcome:
    """The outcome of one message: done, or to be sent later."""

    settled: bool
    retry_after: float = 0


class DeliveryStopped(Exception):
    """Perennial rejects every message for a reason that a person has to fix. Nothing was set aside."""


def backoff_seconds(failures):
    """1, 2, 4 … seconds, at most five minutes, shortened at random by up to half, so that processes do not retry together."""
    longest = getattr(settings, "PERENNIAL_BACKOFF_SECONDS_MAX", BACKOFF_SECONDS_MAX)
    return min(longest, 2 ** min(failures - 1, 20)) * random.uniform(0.5, 1)


def form_message(items_max=ITEMS_MAX):
    """Puts the oldest items without a message that may share one into a message. Returns whether there were any."""
    with transaction.atomic():
        loose = OutboxItem.objects.filter(OutboxItem.WAITING, message=None).order_by("pk")
        first = loose.select_for_update(skip_locked=True).first()
        if first is None:
            return False
        alike = loose.filter(type=first.type)
        if first.type not in TIMESTAMP_FREE:
            alike = alike.filter(timestamp=first.timestamp)
        items = alike.select_for_update(skip_locked=True)[:items_max]
        _group([item.pk for item in items])
    return True


def _group(item_ids):
    message = OutboxMessage.objects.create(due_at=timezone.now())
    OutboxItem.objects.filter(pk__in=item_ids).update(message=message)


def deliver_message():
    """
    Sends the oldest message that is due and stores the outcome. Returns the Outcome, or None when no message is due.

    The row of the message is locked meanwhile, so no other process sends it. If this process dies before the commit, the
    message is sent again with the same webhook-id.
    """
    with transaction.atomic():
        due = OutboxMessage.objects.filter(due_at__lte=timezone.now()).order_by("due_at", "pk")
        message = due.select_for_update(skip_locked=True).first()
        if message is None:
            return None
        items = list(message.items.order_by("pk"))
        answer = post(
            settings.PERENNIAL_URL + "/v1/webhooks",
            settings.PERENNIAL_WEBHOOK_SECRET,
            f"msg_{message.pk.hex}",
            body_of(items),
            getattr(settings, "PERENNIAL_TIMEOUT_SECONDS", 30),
        )
        return _take(answer, message, items)


def body_of(items):
    """The body of a message: the same bytes at every attempt."""
    message = {
        "type": items[0].type,
        "timestamp": instant(min(item.timestamp for item in items)),
        "data": [item.data for item in items],
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()


def _take(answer, message, items):
    if answer.status == 200:
        verdicts = _verdicts(answer, len(items))
        if verdicts is not None:
            _settle(message, items, verdicts)
            return Outcome(settled=True)
        return _try_later(answer, message, "200, but not the answer of a Perennial")
    if 400 <= answer.status < 500 and answer.status != 401:
        refusals = _refusals(answer, items)
        if answer.status == 413 and len(items) == 1:
            refusals = {items[0].pk: "413: larger than a message may be"}
        if refusals:
            _set_aside(message, items, refusals)
            return Outcome(settled=True)
        if answer.status == 413:
            _regroup(message, items[: len(items) // 2], items[len(items) // 2 :])
            return Outcome(settled=True)
        # The message is wrong as a whole, like a timestamp ahead of Perennial's clock. It may succeed later.
        if answer.status == 422:
            return _try_later(answer, message)
    if answer.status >= 500 or answer.status in PASSING:
        return _try_later(answer, message)
    raise DeliveryStopped(f"{settings.PERENNIAL_URL} answered {_said(answer)}")


def _said(answer):
    return f"{answer.status} {answer.body[:1000].decode(errors='replace')}"


def _json(answer):
    try:
        value = json.loads(answer.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _verdicts(answer, count):
    """Perennial's verdict on each item; None when the answer is not from Perennial."""
    results = _json(answer).get("results")
    if not isinstance(results, list) or len(results) != count:
        return None
    return [str(result["status"])[:20] for result in results]


def _settle(message, items, verdicts):
    now = timezone.now()
    for item, verdict in zip(items, verdicts):
        item.delivered_at, item.verdict, item.message = now, verdict, None
    OutboxItem.objects.bulk_update(items, ["delivered_at", "verdict", "message"])
    message.delete()


def _refusals(answer, items):
    """The reason for each rejected item, by its key, from the pointers `/data/INDEX/…` of the problem."""
    refusals = {}
    for error in _json(answer).get("errors", []):
        place = re.match(r"/data/([0-9]+)(?:/|$)", error.get("pointer", ""))
        if place and int(place[1]) < len(items):
            detail = f"{error['pointer']}: {error.get('detail', '')}"
            refusals.setdefault(items[int(place[1])].pk, []).append(detail)
    return {pk: "\n".join(details) for pk, details in refusals.items()}


def _set_aside(message, items, refusals):
    now = timezone.now()
    refused = [item for item in items if item.pk in refusals]
    for item in refused:
        item.refused_at, item.refusal, item.message = now, refusals[item.pk], None
    OutboxItem.objects.bulk_update(refused, ["refused_at", "refusal", "message"])
    _regroup(message, [item for item in items if item.pk not in refusals])


def _regroup(message, *groups):
    """Gives other items another message, because a webhook-id always has the same body."""
    for group in groups:
        if group:
            _group([item.pk for item in group])
    message.delete()


def _try_later(answer, message, error=None):
    message.attempts += 1
    message.last_error = error or _said(answer)
    wait = max(backoff_seconds(message.attempts), answer.retry_after)
    message.due_at = timezone.now() + timedelta(seconds=wait)
    message.save()
    return Outcome(settled=False, retry_after=answer.retry_after)
