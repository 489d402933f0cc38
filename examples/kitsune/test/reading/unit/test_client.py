"""One request, and when one may be made."""

import socket
import unittest
from unittest import mock

from fresh import Clock

from perennial.reading.log import Unavailable, client
from perennial.reading.log.breaker import Breaker


class SlowSocket:
    """Every operation takes some seconds of the clock; the answer comes a byte at a time."""

    def __init__(self, clock, seconds, body):
        self.clock, self.seconds, self.timeouts, self.left = clock, seconds, [], list(body)
        self.created = 0
        self.closed = False

    def __call__(self, *_kind):
        self.created += 1
        return self

    def _take(self):
        if self.seconds > self.timeouts[-1]:
            self.clock.now += self.timeouts[-1]
            raise socket.timeout("timed out")
        self.clock.now += self.seconds

    def settimeout(self, seconds):
        self.timeouts.append(seconds)

    def connect(self, _address):
        self._take()

    def sendall(self, _data):
        self._take()

    def recv_into(self, buffer):
        self._take()
        if not self.left:
            return 0
        buffer[0] = self.left.pop(0)
        return 1

    def close(self):
        self.closed = True


class ClientTest(unittest.TestCase):
    def fetch(self, seconds_each, body=b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"):
        clock = Clock()
        slow = SlowSocket(clock, seconds_each, body)
        started = clock.now
        with mock.patch.object(client.socket, "socket", slow):
            try:
                outcome = client.get("http://127.0.0.1:9/v1/status", {}, 1, clock)
            except Unavailable as failure:
                outcome = failure
        return outcome, slow, clock.now - started

    def test_a_server_that_sends_a_byte_now_and_then_is_given_up_after_a_second_in_all(self):
        outcome, slow, took = self.fetch(seconds_each=0.3)
        self.assertIsInstance(outcome, Unavailable)
        self.assertAlmostEqual(took, 1)
        self.assertEqual([round(each, 3) for each in slow.timeouts], [1, 0.7, 0.4, 0.1])
        self.assertEqual((slow.created, slow.closed), (1, True))

    def test_a_server_that_does_not_take_the_connection_is_tried_once_for_a_second(self):
        outcome, slow, took = self.fetch(seconds_each=5)
        self.assertIsInstance(outcome, Unavailable)
        self.assertEqual((took, slow.timeouts, slow.created, slow.closed), (1, [1], 1, True))

    def test_an_answer_in_time_is_read_whole(self):
        outcome, slow, _took = self.fetch(seconds_each=0.001)
        self.assertEqual((outcome.status, outcome.body, slow.created, slow.closed), (200, b"{}", 1, True))

    def test_an_answer_without_an_end_is_not_read_to_it(self):
        with mock.patch.object(client, "BODY_BYTES_MAX", 1):
            outcome, _slow, _took = self.fetch(seconds_each=0)
        self.assertIn("more than 1 bytes", str(outcome))


class BreakerTest(unittest.TestCase):
    def test_after_a_failure_one_caller_at_a_time_tries_and_pauses_double_up_to_a_minute(self):
        clock = Clock()
        breaker = Breaker(clock)
        self.assertTrue(breaker.allows())
        breaker.failed()
        pauses = []
        for _ in range(6):
            began = clock.now
            while not breaker.allows():
                clock.now += 1
            pauses.append(clock.now - began)
            self.assertFalse(breaker.allows())  # another caller, while the first tries
            breaker.failed()
        self.assertEqual(pauses, [5, 10, 20, 40, 60, 60])
        clock.now += 60
        self.assertTrue(breaker.allows())
        breaker.succeeded()
        self.assertEqual([breaker.allows(), breaker.allows()], [True, True])

    def test_several_failures_at_once_are_one_and_retry_after_is_kept(self):
        clock = Clock()
        breaker = Breaker(clock)
        for _ in range(8):
            breaker.failed()
        clock.now += 5
        self.assertTrue(breaker.allows())
        breaker.succeeded()
        breaker.failed(retry_after=30)
        clock.now += 29
        self.assertFalse(breaker.allows())
        clock.now += 1
        self.assertTrue(breaker.allows())
