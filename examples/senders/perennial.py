#!/usr/bin/env python3
"""
Sends what happens on a site to Perennial. Python 3.9 or newer, standard library only.

    perennial.record({"type": "answer", "user": {"id": 42, "username": "ana"},
                      "occurred_at": "2026-11-22T10:00:00Z", "content": {"type": "questions.answer", "id": 17}})

`record` returns once the fact is on the disk, in a file of the directory PERENNIAL_OUTBOX. `deliver` sends the files to
PERENNIAL_URL, signed with PERENNIAL_WEBHOOK_SECRET, and deletes each after a 200. As a command, this file delivers:

    * * * * * flock -n /var/lib/perennial/lock python3 perennial.py
"""

import base64
import datetime
import email.utils
import hashlib
import hmac
import http.client
import json
import os
import random
import re
import sys
import time
import urllib.parse
import uuid

URL = os.environ.get("PERENNIAL_URL", "http://127.0.0.1:8787")
SECRET = os.environ.get("PERENNIAL_WEBHOOK_SECRET", "")
OUTBOX = os.environ.get("PERENNIAL_OUTBOX", "outbox")

ITEMS_MAX, BYTES_MAX = 1000, 1_000_000
TIMEOUT_SECONDS, PAUSE_SECONDS_MAX, RETRY_AFTER_SECONDS_MAX = 30, 300, 3600


class Stopped(Exception):
    """Perennial refuses every message until a person has changed something, such as the secret. Nothing was deleted."""


def record(*items, type="contribution.created", timestamp=None):
    """Stores items of one type of message. `timestamp` is when they became true, in UTC; by default now."""
    now = datetime.datetime.now(datetime.timezone.utc)
    timestamp = timestamp or now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for item in items:
        name = f"{int(time.time() * 1000):015}-{uuid.uuid4()}.json"
        with open(f"{OUTBOX}/.{name}", "x", encoding="utf-8") as file:
            json.dump({"type": type, "timestamp": timestamp, "item": item}, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        os.rename(f"{OUTBOX}/.{name}", f"{OUTBOX}/{name}")  # The file appears only once it is complete.
    directory = os.open(OUTBOX, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


def deliver():
    """
    Sends the outbox until it is empty, and returns how many items were refused. Waits and retries while Perennial cannot be
    reached. A process that is killed loses nothing: what it sent without deleting is sent again, and counts once.
    """
    refused, items_max = 0, ITEMS_MAX
    while batch := next_batch(items_max):
        status, answer = send(batch)
        if status == 200:
            for result, (name, fact) in zip(answer["results"], batch):
                if result["status"] == "conflict":
                    report(f"Conflict, the first one recorded stands: {json.dumps(fact['item'])}")
                os.unlink(f"{OUTBOX}/{name}")
        elif status == 413 and len(batch) > 1:
            items_max = len(batch) // 2
        elif reasons := refusals(status, answer, len(batch)):
            for index, reason in reasons.items():
                set_aside(batch[index][0], reason)
            refused += len(reasons)
        else:
            raise Stopped(f"{URL} answered {status}, and would do so again: {json.dumps(answer)}")
    return refused


def next_batch(items_max):
    """The oldest facts that may share a message: several contributions, or a single other fact."""
    batch, size = [], 0
    for name in sorted(name for name in os.listdir(OUTBOX) if re.match(r"\d.*\.json$", name)):
        with open(f"{OUTBOX}/{name}", encoding="utf-8") as file:
            text = file.read()
        fact, size = json.loads(text), size + len(text.encode())
        alone = {fact["type"], *(other["type"] for _, other in batch)} != {"contribution.created"}
        if batch and (alone or len(batch) == items_max or size > BYTES_MAX):
            break
        batch.append((name, fact))
    return batch


def send(batch):
    """Posts a message, the same bytes with the same ID each time, until the answer is final."""
    facts = [fact for _, fact in batch]
    oldest = min(fact["timestamp"] for fact in facts)  # Names in it must not look newer than they are.
    message = {"type": facts[0]["type"], "timestamp": oldest, "data": [fact["item"] for fact in facts]}
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    failures = 0
    while True:
        status, text, retry_after = post(body)
        answer = parse(text)
        if status == 200 and len(answer.get("results", [])) != len(batch):
            status = 0  # Not an answer of Perennial, but of something in between.
        if not (status in (0, 408, 429) or status >= 500):
            return status, answer
        failures += 1
        pause = min(2 ** (failures - 1), PAUSE_SECONDS_MAX) * random.uniform(0.5, 1)
        pause = max(pause, retry_after)
        report(f"{URL} answered {status or text}: the next attempt is in {pause:.1f} s")
        time.sleep(pause)


def post(body):
    """Signs with the current time, as Standard Webhooks specifies, and sends. Status 0 means that no answer came."""
    webhook_id, timestamp = f"msg_{hashlib.sha256(body).hexdigest()[:32]}", str(int(time.time()))
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signature = hmac.digest(key, f"{webhook_id}.{timestamp}.".encode() + body, hashlib.sha256)
    headers = {
        "content-type": "application/json",
        "webhook-id": webhook_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(signature).decode(),
    }
    url = urllib.parse.urlsplit(URL)
    connect = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = connect(url.netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", f"{url.path.rstrip('/')}/v1/webhooks", body, headers)
        response = connection.getresponse()
        return response.status, response.read(), seconds_of(response.getheader("retry-after"))
    except (OSError, http.client.HTTPException) as failure:
        return 0, repr(failure), 0
    finally:
        connection.close()


def seconds_of(retry_after):
    """The seconds of a Retry-After, which may be a date: at most an hour."""
    try:
        if re.match(r"\d+$", retry_after or "0"):
            seconds = int(retry_after or 0)
        else:
            seconds = email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time()
    except (TypeError, ValueError):
        return 0
    return min(max(seconds, 0), RETRY_AFTER_SECONDS_MAX)


def parse(text):
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def refusals(status, answer, count):
    """The reasons for refused items, by their places in the message."""
    if status == 413:
        return {0: "larger than a message may be"}
    reasons = {}
    for error in answer.get("errors", []) if status == 422 else []:
        place = re.match(r"/data/(\d+)", error["pointer"])
        if place and int(place[1]) < count:
            reasons.setdefault(int(place[1]), []).append(f"{error['pointer']}: {error['detail']}")
    return {index: "; ".join(each) for index, each in reasons.items()}


def set_aside(name, reason):
    """Moves a refused item to the folder `refused`, for a person. To send it again, move it back."""
    os.makedirs(f"{OUTBOX}/refused", exist_ok=True)
    os.rename(f"{OUTBOX}/{name}", f"{OUTBOX}/refused/{name}")
    report(f"Refused, and moved to {OUTBOX}/refused/{name}: {reason}")


def report(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["record"]:
        record(*map(json.loads, sys.stdin))
    else:
        try:
            sys.exit(1 if deliver() else 0)
        except Stopped as stopped:
            sys.exit(str(stopped))
