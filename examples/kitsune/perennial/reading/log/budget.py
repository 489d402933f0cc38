"""The time that one page may spend on Perennial: a second in total, however many numbers the page shows."""

from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from django.core.signals import request_finished, request_started
from django.dispatch import receiver

SECONDS = 1

# None outside requests, for example in a task, where each call has a second of its own.
_left = ContextVar("perennial_seconds_left", default=None)


@receiver(request_started)
def _start(**_):
    _left.set(SECONDS)


@receiver(request_finished)
def _finish(**_):
    _left.set(None)


@contextmanager
def spending(clock=monotonic):
    """Yields the seconds that a call may take, and deducts what it took from the page's budget."""
    left = _left.get()
    started = clock()
    try:
        yield SECONDS if left is None else left
    finally:
        if left is not None:
            _left.set(max(0, left - (clock() - started)))
