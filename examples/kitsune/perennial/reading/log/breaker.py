"""Stops requests to a service that does not answer."""

import threading
import time

PAUSE_SECONDS = 5
PAUSE_SECONDS_MAX = 60


class Breaker:
    """
    After a failure nobody may call for a pause; then one caller may try while the others go without. Each attempt that
    fails doubles the pause, up to a minute. Every process has its own, so it works when the cache does not.
    """

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._open = False
        self._pause = PAUSE_SECONDS
        self._until = 0

    def allows(self):
        """Whether the caller may send a request now. If so, it must report the outcome with `succeeded` or `failed`."""
        with self._lock:
            if not self._open:
                return True
            if self._clock() < self._until:
                return False
            self._pause = min(2 * self._pause, PAUSE_SECONDS_MAX)
            self._until = self._clock() + self._pause
            return True

    def succeeded(self):
        with self._lock:
            self._open = False

    def failed(self, retry_after=0):
        with self._lock:
            now = self._clock()
            if not self._open:
                self._open, self._pause, self._until = True, PAUSE_SECONDS, now + PAUSE_SECONDS
            self._until = max(self._until, now + retry_after)
