"""Which answers are kept, which are requested again, and what does not count as an answer."""

import json
from unittest import mock

from django.core import signals
from django.core.cache.backends.base import BaseCache
from django.test.utils import override_settings
from fresh import NOT_FOUND, Clock, Fresh, ok, said

from perennial.reading.log import Refused, Unavailable, answers, client


class NoCache(BaseCache):
    """A cache that is out of reach."""

    def __init__(self, _location, parameters):
        super().__init__(parameters)

    def get(self, *_args, **_kwargs):
        raise OSError("no cache")

    set = get


class AnswersTest(Fresh):
    def test_an_answer_is_fresh_for_its_max_age_and_then_asked_for_with_its_etag(self):
        first, second = said(value=1), said(value=2)
        age = {"cache-control": "public, max-age=10, stale-while-revalidate=60"}
        self.tell(ok(first, etag='W/"a"', **age), (304, {"etag": 'W/"a"', **age}, b""), ok(second, etag='W/"b"', **age))
        self.assertEqual(answers.read("/v1/x"), first)
        self.clock.now += 9.9
        self.assertEqual(answers.read("/v1/x"), first)
        self.assertEqual([request.get("if-none-match") for request in self.server.requests], [None])
        self.clock.now += 0.1
        self.assertEqual(answers.read("/v1/x"), first)
        self.clock.now += 9.9
        self.assertEqual(answers.read("/v1/x"), first)
        self.clock.now += 0.1
        self.assertEqual(answers.read("/v1/x"), second)
        tags = [request.get("if-none-match") for request in self.server.requests]
        self.assertEqual(tags, [None, 'W/"a"', 'W/"a"'])

    def test_whatever_comes_instead_of_an_answer_is_no_answer_and_never_replaces_one(self):
        self.tell(ok(said(value=1)))
        known = answers.read("/v1/x")
        bad = [
            (200, {}, b"<html>"),
            (200, {}, b"{}"),
            (200, {}, b"[1]"),
            (200, {}, b'{"position": '),
            (200, {}, b"\xff\xfe"),
            (200, {}, b""),
            (200, {}, b"[" * 100_000),
            (404, {}, b"<html>"),
            (404, {}, b'{"detail": "Not Found"}'),
            (308, {"location": "/v1/x"}, b""),
            (304, {}, b""),  # without a cached answer
            (401, {}, b"{}"),
            (429, {"retry-after": "1"}, b"{}"),
            (500, {}, b"{}"),
            (503, {"retry-after": "1"}, b"{}"),
            None,
        ]
        for reply in bad:
            self.clock.now += 3600
            self.tell(reply)
            with self.subTest(reply=reply), self.assertRaises(Unavailable):
                answers.read("/v1/y")
            self.assertEqual(self.requests() - (reply == bad[0]), 1)
            self.assertEqual(answers.read("/v1/x", stale=True), known)
            self.assertEqual(self.requests(), 0)  # the breaker is open
        with self.assertRaises(Unavailable):
            answers.read("/v1/x")

    def test_a_request_that_is_wrong_is_no_outage_and_nothing_found_is_an_answer(self):
        wrong = (400, {}, json.dumps({"detail": "Cannot use window"}).encode())
        self.tell(wrong, NOT_FOUND, ok(said()))
        with self.assertRaisesRegex(Refused, "Cannot use window"):
            answers.read("/v1/x")
        self.assertEqual([answers.read("/v1/y"), answers.read("/v1/y")], [None, None])
        self.assertEqual(answers.read("/v1/z"), said())
        self.assertEqual(self.requests(), 3)

    def test_no_name_gets_into_the_cache(self):
        user = {"id": 42, "username": "ana", "display_name": "Ana", "avatar_url": None}
        self.tell(ok(said(user=user, entries=[{"rank": 1, "user": user, "count": 2}])))
        kept = said(user={"id": 42}, entries=[{"rank": 1, "user": {"id": 42}, "count": 2}])
        self.assertEqual([answers.read("/v1/x"), answers.read("/v1/x")], [kept, kept])

    def test_a_cache_that_is_out_costs_requests_and_no_error(self):
        self.tell(ok(said()), ok(said()))
        with override_settings(CACHES={"default": {"BACKEND": f"{__name__}.NoCache"}}):
            self.assertEqual([answers.read("/v1/x"), answers.read("/v1/x")], [said(), said()])
        self.assertEqual(self.requests(), 2)

    def test_all_requests_of_a_page_share_one_second(self):
        clock, given = Clock(), []

        def slow(_url, _headers, seconds):
            given.append(round(seconds, 3))
            clock.now += 0.4
            return client.Reply(200, json.dumps(said()).encode())

        spending = answers.budget.spending
        self.enter(mock.patch.object(answers.client, "get", slow))
        self.enter(mock.patch.object(answers.budget, "spending", lambda: spending(clock)))
        signals.request_started.send(sender=None)
        self.addCleanup(signals.request_finished.send, sender=None)
        for path in ("/1", "/2", "/3"):
            answers.read(path)
        with self.assertRaisesRegex(Unavailable, "used up"):
            answers.read("/4")
        self.assertEqual(given, [1, 0.6, 0.2])
        signals.request_started.send(sender=None)
        answers.read("/4")
        self.assertEqual(given[3:], [1])
