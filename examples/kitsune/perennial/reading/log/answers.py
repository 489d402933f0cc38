"""Answers of Perennial, kept in Django's cache. Fresh ones need no request; older ones are revalidated by their ETag."""

import hashlib
import json
import logging
import time

from django.conf import settings
from django.core.cache import caches

from perennial.reading.log import budget, client
from perennial.reading.log.breaker import Breaker
from perennial.reading.log.client import Refused, Unavailable

logger = logging.getLogger("perennial.reading")

# How long an answer is shown when Perennial says nothing, as for a user it does not know.
FRESH_SECONDS = 10

# How long an old answer is shown when there is no newer one.
KEEP_SECONDS = 7 * 86400

# With less time left than this, a page opens no connection.
SECONDS_MIN = 0.05

breaker = Breaker()


def read(path, stale=False, fresh_seconds=None):
    """
    The JSON at a path of Perennial, or None where it says that there is no such thing. Raises Unavailable or Refused; with
    `stale` it gives the last known answer instead, if there is one. At most one request is made.
    """
    held = _held(path)
    if held and time.time() < held["fresh_until"]:
        return held["answer"]
    try:
        return _ask(path, held, fresh_seconds)
    except (Unavailable, Refused):
        if stale and held:
            return held["answer"]
        raise


def keep(path, answer, fresh_seconds=FRESH_SECONDS, etag=None):
    """Stores an answer that was part of another one, so that reading it makes no request."""
    _store(path, {"answer": answer, "etag": etag, "fresh_until": time.time() + fresh_seconds})


def _ask(path, held, fresh_seconds):
    with budget.spending() as seconds:
        if seconds < SECONDS_MIN:
            raise Unavailable("the page has used up its second")
        if not breaker.allows():
            raise Unavailable("not asked, because it has just failed")
        try:
            reply = client.get(settings.PERENNIAL_URL.rstrip("/") + path, _headers(held), seconds)
            answer = held["answer"] if held and reply.status == 304 else _parse(reply)
        except Unavailable as failure:
            breaker.failed(failure.retry_after)
            logger.warning("Perennial gave no answer to %s: %s", path, failure)
            raise
        except Refused:
            breaker.succeeded()
            raise
    breaker.succeeded()
    keep(path, answer, fresh_seconds or reply.max_age or FRESH_SECONDS, reply.etag)
    return answer


def _headers(held):
    headers = {"accept": "application/json", "connection": "close"}
    if held and held["etag"]:
        headers["if-none-match"] = held["etag"]
    return headers


def _parse(reply):
    """The JSON of a reply. An answer without a position is not from Perennial."""
    try:
        said = json.loads(reply.body, object_hook=_without_names)
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict):
        if reply.status == 200 and isinstance(said.get("position"), int):
            return said
        if reply.status == 404 and said.get("type") == "/problems/not-found":
            return None
        if reply.status in (400, 422) and "detail" in said:
            raise Refused(f"{reply.status} {said['detail']}")
    raise Unavailable(f"{reply.status} {reply.body[:200]!r}", reply.retry_after)


def _without_names(value):
    """Names come from the site's own tables, so that no name outlives an erasure in the site's cache."""
    return {"id": value["id"]} if "id" in value and "username" in value else value


def _key(path):
    """A cache key for a path of any length, different for each PERENNIAL_URL."""
    return "perennial:" + hashlib.sha256((settings.PERENNIAL_URL + path).encode()).hexdigest()


def _cache():
    return caches[getattr(settings, "PERENNIAL_CACHE", "default")]


def _held(path):
    try:
        return _cache().get(_key(path))
    except Exception as failure:  # a cache that is down must not make the page fail
        logger.warning("Cannot read from the cache: %r", failure)
        return None


def _store(path, entry):
    try:
        _cache().set(_key(path), entry, KEEP_SECONDS)
    except Exception as failure:
        logger.warning("Cannot write to the cache: %r", failure)
