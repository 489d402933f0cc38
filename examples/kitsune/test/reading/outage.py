"""A Perennial that is dead, slow or broken, behind every page of the stand-in."""

import hashlib
import json
import socket
import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace
from unittest import mock

from consumers import patient
from delivering import say
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from kitsune.questions.models import Question
from perennial.reading.log import answers
from perennial.reading.log.breaker import Breaker

SLOW_SECONDS = 5

REPLIES = {
    "500": b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\n{}",
    "429": b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 30\r\ncontent-length: 2\r\n\r\n{}",
    "garbage": b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n\x00<html>\xff\xfe",
    "no HTTP": b"\x00\x01\x02\r\n\r\n",
    "hangs up": b"",
    "slow": None,
}


class Broken:
    """Answers every request in the same way, and counts them."""

    def __init__(self, reply):
        self.reply, self.requests = reply, 0
        self.over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.requests += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        with connection:
            connection.recv(65536)
            if self.reply is None:
                self.over.wait(SLOW_SECONDS)
            else:
                connection.sendall(self.reply)

    def __exit__(self, *_):
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def pages():
    user = User.objects.filter(answers__isnull=False).order_by("-pk").first()
    question = Question.objects.filter(answers__isnull=False).order_by("pk").first()
    return [
        f"/user/{user.pk}/",
        f"/user/{user.pk}/contributed",
        "/api/2/user/",
        "/api/2/user/weekly-solutions",
        f"/questions/{question.pk}",
        "/community/?locale=de",
        "/community/top-contributors/questions?page=2",
        "/community/top-contributors/kb",
        "/community/top-contributors/l10n",
        "/kpi",
        "/kb/locales/de",
    ]


@contextmanager
def clock_stopped():
    """Loads every page at the same instant, so that no contribution leaves a window between two loads."""
    now, at = timezone.now(), time.time()
    with mock.patch.object(timezone, "now", lambda: now), mock.patch.object(time, "time", lambda: at):
        yield


def hour_later():
    """Makes everything in the cache stale. Only the cache gets the later time, because `date.today()` reads the clock too."""
    return mock.patch.object(answers, "time", SimpleNamespace(time=lambda at=time.time() + 3600: at))


@contextmanager
def site(stage, url):
    """The site at a stage, in a process that has just started."""
    breaker = mock.patch.object(answers, "breaker", Breaker(lambda: 0))
    with override_settings(PERENNIAL_STAGE=stage, PERENNIAL_URL=url), breaker:
        yield


def load(addresses):
    """What the pages show, and the time of the slowest one. A page that fails raises here."""
    client, longest, shown = Client(), 0, {}
    for address in addresses:
        began = time.monotonic()
        response = client.get(address)
        longest = max(longest, time.monotonic() - began)
        assert response.status_code == 200, (address, response.status_code)
        shown[address] = json.loads(response.content)
    return shown, longest


@clock_stopped()
def check_outages(worker):
    """No page fails, none makes more than one request, and each shows the live numbers or the last known ones."""
    addresses = pages()
    with site("live", worker.url):
        counted, longest = load(addresses)
    say(f"{len(addresses)} pages, the slowest live in {longest:.2f} s")
    # The broken addresses share the cached answers of the working one.
    with mock.patch.object(answers, "_key", lambda path: hashlib.sha256(path.encode()).hexdigest()):
        cache.clear()
        with site("log", worker.url), patient():
            known, longest = load(addresses)
        assert known != counted  # a third was deleted
        say(f"from the log the slowest took {longest:.2f} s")
        worker.kill()
        check_outage("killed", worker.url, addresses, counted, known)
        for kind, reply in REPLIES.items():
            with Broken(reply) as broken:
                check_outage(kind, broken.url, addresses, counted, known)
                # One for each process that starts.
                assert broken.requests == (4 if kind == "slow" else 3), (kind, broken.requests)


def check_outage(kind, url, addresses, counted, known):
    slowest = {}
    with hour_later():
        for stage, expected in (("compare", counted), ("prefer-log", counted), ("log", known)):
            if stage == "compare" and kind not in ("killed", "slow"):
                continue  # like prefer-log
            with site(stage, url):
                shown, slowest[stage] = load(addresses)
            differs = [(address, expected[address], shown[address]) for address in shown if shown[address] != expected[address]]
            assert not differs, (kind, stage, differs)
    held = mock.patch.object(answers, "_held", lambda _path: None)
    with site("log", url), held:
        load(addresses)  # nothing is known: empty numbers
    say(f"{kind}: " + ", ".join(f"{stage} at most {seconds:.2f} s" for stage, seconds in slowest.items()))
