"""What the tests share: a clock, replies, and a process that has just started."""

import json
import unittest
from unittest import mock

from django.core.cache import cache
from django.test.utils import override_settings
from stub import Told

from perennial.reading.log import answers
from perennial.reading.log.breaker import Breaker


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


def said(**more):
    return {"position": 1, **more}


def ok(value, **headers):
    return 200, headers, json.dumps(value).encode()


NOT_FOUND = (404, {}, json.dumps({"type": "/problems/not-found", "status": 404}).encode())
COMPLETE = said(coverage={"answer": {"complete": True}})
INCOMPLETE = said(coverage={"answer": {"complete": False}})


class Fresh(unittest.TestCase):
    """A server, an empty cache, a closed breaker, and a clock for both."""

    def setUp(self):
        cache.clear()
        self.clock = Clock()
        self.server = self.enter(Told())
        self.enter(override_settings(PERENNIAL_URL=self.server.url))
        self.enter(mock.patch.object(answers, "breaker", Breaker(self.clock)))
        self.enter(mock.patch.object(answers.time, "time", self.clock))
        self.logged = self.enter(self.assertLogs("perennial.reading", "INFO")).output
        answers.logger.info("so that there is a line")

    def enter(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def tell(self, *replies):
        self.server.replies = list(replies)

    def requests(self):
        """How many requests came since the last call."""
        count = len(self.server.requests)
        self.server.requests.clear()
        return count
